package io.cairn.replication;

import java.nio.ByteBuffer;

/// Unsigned integers in 1 to 10 bytes, seven bits each, low bits first, as RocksDB and Protocol Buffers write them.
public final class Varint {
    public static final int MAX_BYTES = 10;

    private Varint() {}

    public static void put(ByteBuffer into, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            into.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        into.put((byte) rest);
    }

    /// Writes into an array and returns the index behind the last byte.
    public static int put(byte[] into, int at, long value) {
        int i = at;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            into[i++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[i++] = (byte) rest;
        return i;
    }

    /// Throws `IllegalArgumentException` for more than ten bytes and `BufferUnderflowException` for too few.
    public static long get(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = from.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0)
                return value;
        }
        throw new IllegalArgumentException("varint of more than 10 bytes");
    }

    public static int length(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
