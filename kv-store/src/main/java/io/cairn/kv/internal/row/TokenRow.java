package io.cairn.kv.internal.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// That a transaction was carried out under a token. Key: the token in UTF-8. Value: u64 milliseconds since 1970 when it is forgotten,
/// then what the request was, hashed. So that those to be forgotten are found without looking at others, each has a row without a value beside it:
/// 0xFF, which is in no UTF-8, those milliseconds, the token.
///
/// @param requestHash 32 bytes
public record TokenRow(long expiresMillis, byte[] requestHash) {
    public static byte[] key(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }

    private static final byte DUE = (byte) 0xFF;
    private static final int DUE_BYTES = 1 + 8;

    public static byte[] dueKey(byte[] key, long expiresMillis) {
        return ByteBuffer.allocate(DUE_BYTES + key.length).put(DUE).putLong(expiresMillis).put(key).array();
    }

    /// What all that are due from then on stand behind.
    public static byte[] dueFrom(long millis) {
        return dueKey(new byte[0], millis);
    }

    public static boolean isDueKey(byte[] key) {
        return key.length >= DUE_BYTES && key[0] == DUE;
    }

    /// The key of the token that is due.
    public static byte[] ofDueKey(byte[] dueKey) {
        return Arrays.copyOfRange(dueKey, DUE_BYTES, dueKey.length);
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
