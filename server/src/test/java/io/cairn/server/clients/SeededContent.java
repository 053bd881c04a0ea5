package io.cairn.server.clients;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Bytes that follow from a seed and their position alone, so that any run of a content too large to keep can be made again: eight
/// bytes at a time, mixed as by SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
record SeededContent(long seed) {
    /// The bytes from `position` on.
    void fill(byte[] into, int length, long position) {
        var words = ByteBuffer.allocate(length + 2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int skip = (int) (position % Long.BYTES);
        for (long word = position / Long.BYTES; words.position() < skip + length; word++)
            words.putLong(mixed(word));
        words.get(skip, into, 0, length);
    }

    private long mixed(long word) {
        long z = seed + word * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /// A run of it, to be sent.
    InputStream stream(long first, long length) {
        return new InputStream() {
            private long at = first;

            @Override
            public int read() {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int count) {
                int some = (int) Math.min(count, first + length - at);
                if (some <= 0)
                    return count == 0 ? 0 : -1;
                var bytes = new byte[some];
                fill(bytes, some, at);
                System.arraycopy(bytes, 0, into, offset, some);
                at += some;
                return some;
            }
        };
    }
}
