package io.cairn.kv.internal.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// That a transaction was carried out under a token. Key: the token in UTF-8. Value: u64 milliseconds since 1970 when it is forgotten,
/// then what the request was, hashed.
///
/// @param requestHash 32 bytes
public record TokenRow(long expiresMillis, byte[] requestHash) {
    public static byte[] key(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }

    public byte[] encode() {
        return ByteBuffer.allocate(8 + requestHash.length).putLong(expiresMillis).put(requestHash).array();
    }

    public static TokenRow decode(byte[] row) {
        var buffer = ByteBuffer.wrap(row);
        long expires = buffer.getLong();
        var hash = new byte[buffer.remaining()];
        buffer.get(hash);
        return new TokenRow(expires, hash);
    }
}
