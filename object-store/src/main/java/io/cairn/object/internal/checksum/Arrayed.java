package io.cairn.object.internal.checksum;

import java.nio.ByteBuffer;

/// Hands bytes to what only takes arrays: those of a buffer that has one as they are, others in small copies.
final class Arrayed {
    private static final int COPY_BYTES = 8 << 10;

    interface Sink { void put(byte[] array, int offset, int length); }

    private Arrayed() {}

    /// Leaves the position of `bytes` at its limit.
    static void each(ByteBuffer bytes, Sink sink) {
        if (bytes.hasArray()) {
            sink.put(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
            return;
        }
        var copy = new byte[Math.min(COPY_BYTES, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int count = Math.min(copy.length, bytes.remaining());
            bytes.get(copy, 0, count);
            sink.put(copy, 0, count);
        }
    }
}
