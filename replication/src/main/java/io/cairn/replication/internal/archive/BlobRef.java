package io.cairn.replication.internal.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A blob as a manifest names it: within its timeline, with what it must hold.
///
///     bytes
///         2  length of the name
///            name, ASCII
///         8  bytes of the blob
///         4  crc32c of the blob
public record BlobRef(String name, long bytes, int crc32c) {
    int encodedBytes() {
        return 2 + name.length() + 12;
    }

    void encode(ByteBuffer into) {
        into.putShort((short) name.length()).put(name.getBytes(StandardCharsets.US_ASCII)).putLong(bytes).putInt(crc32c);
    }

    static BlobRef decode(ByteBuffer from) {
        return new BlobRef(text(from), from.getLong(), from.getInt());
    }

    static String text(ByteBuffer from) {
        var bytes = new byte[Short.toUnsignedInt(from.getShort())];
        from.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
