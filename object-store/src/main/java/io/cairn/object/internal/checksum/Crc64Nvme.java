package io.cairn.object.internal.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// CRC-64/NVME (NVM Express NVM command set 1.0, section 5.2.1.3.4; Rocksoft parameters: width 64, polynomial
/// `ad93d23594c93659`, reflected in and out, initial value and final xor all ones; "123456789" gives `ae8b14860a799888`).
///
/// Slicing by 16 (Kounavis and Berry, "A systematic approach to building high performance software-based CRC generators", 2005):
/// sixteen bytes cost sixteen independent table reads. `TABLE[k << 8 | b]` is the remainder of byte `b` followed by `k` zero bytes.
/// The tables take 32 KiB. Of long pieces [Crc64Fold] leaves little to the tables.
final class Crc64Nvme implements Digester {
    /// The polynomial, lowest power in the highest bit.
    static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
    private static final int SLICES = 16;
    private static final int SCRATCH_BYTES = 4096;
    /// Shorter pieces are done before a fold would have begun to pay.
    static final int FOLD_MIN_BYTES = 8 << 10;
    private static final long[] TABLE = table();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long crc = -1;
    private @Nullable Crc64Fold fold;

    @Override
    public void update(ByteBuffer bytes) {
        while (bytes.remaining() >= FOLD_MIN_BYTES)
            fold(bytes);
        if (bytes.hasArray()) {
            crc = update(crc, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
            return;
        }
        // A copy runs thirty times as fast as the checksum: one loop over arrays serves direct buffers as well.
        var scratch = new byte[Math.min(bytes.remaining(), SCRATCH_BYTES)];
        while (bytes.hasRemaining()) {
            int length = Math.min(scratch.length, bytes.remaining());
            bytes.get(scratch, 0, length);
            crc = update(crc, scratch, 0, length);
        }
    }

    private void fold(ByteBuffer bytes) {
        var by = fold;
        if (by == null)
            fold = by = new Crc64Fold();
        int left = by.fold(crc, bytes, Math.min(bytes.remaining(), Crc64Fold.MAX_BYTES));
        crc = update(0, by.work, left, Crc64Fold.DEGREE);
    }

    @Override
    public byte[] value() {
        return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
    }

    private static long update(long start, byte[] bytes, int offset, int length) {
        final long[] t = TABLE;
        long crc = start;
        int at = offset;
        int end = offset + length;
        for (; at <= end - SLICES; at += SLICES) {
            long a = crc ^ (long) LONG.get(bytes, at);
            long b = (long) LONG.get(bytes, at + 8);
            crc = t[(15 << 8) + ((int) a & 0xff)] ^ t[(14 << 8) + ((int) (a >>> 8) & 0xff)]
                    ^ t[(13 << 8) + ((int) (a >>> 16) & 0xff)] ^ t[(12 << 8) + ((int) (a >>> 24) & 0xff)]
                    ^ t[(11 << 8) + ((int) (a >>> 32) & 0xff)] ^ t[(10 << 8) + ((int) (a >>> 40) & 0xff)]
                    ^ t[(9 << 8) + ((int) (a >>> 48) & 0xff)] ^ t[(8 << 8) + ((int) (a >>> 56) & 0xff)]
                    ^ t[(7 << 8) + ((int) b & 0xff)] ^ t[(6 << 8) + ((int) (b >>> 8) & 0xff)]
                    ^ t[(5 << 8) + ((int) (b >>> 16) & 0xff)] ^ t[(4 << 8) + ((int) (b >>> 24) & 0xff)]
                    ^ t[(3 << 8) + ((int) (b >>> 32) & 0xff)] ^ t[(2 << 8) + ((int) (b >>> 40) & 0xff)]
                    ^ t[(1 << 8) + ((int) (b >>> 48) & 0xff)] ^ t[(int) (b >>> 56) & 0xff];
        }
        for (; at < end; at++)
            crc = t[(int) (crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
        return crc;
    }

    private static long[] table() {
        var table = new long[SLICES << 8];
        for (int b = 0; b < 256; b++) {
            long crc = b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
            table[b] = crc;
        }
        for (int at = 256; at < table.length; at++)
            table[at] = table[(int) table[at - 256] & 0xff] ^ (table[at - 256] >>> 8);
        return table;
    }
}
