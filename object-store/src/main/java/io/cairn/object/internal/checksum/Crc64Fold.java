package io.cairn.object.internal.checksum;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Takes most bytes out of a long message without changing its CRC-64/NVME: what is left is 1,740 bytes, whatever the length.
///
/// `1 + x^95 + x^133 + x^142 + x^568 + x^761 + x^1460 + x^1740` is a multiple of the CRC's polynomial, and so is that with every exponent
/// times eight or sixty-four (squaring is linear over GF(2)). Adding multiples leaves the remainder as it is, so each byte, from the first on,
/// can be moved: it is added (xor) to the bytes 280, 979, ... and 1,740 places behind it, or eight times as far. The processor does that for 32
/// or 64 bytes at a time, which the JVM's compiler finds by itself, where tables take a few bytes at a time one after another (Kadatch, Jenkins,
/// Russell, "Chorba: A novel CRC32 implementation", 2024, do so for 32 bits). The long way goes first: its words lie at multiples of eight, which is three
/// times as fast. The multiple was searched among those of weight 8 and degree below 2,600 (Wagner, "A generalized birthday problem",
/// 2002); `CrcProperties` holds it against the polynomial.
///
/// Not thread-safe; holds 78 KiB.
final class Crc64Fold {
    static final int DEGREE = 1740;
    /// The exponents below the degree.
    static final int[] TERMS = {0, 95, 133, 142, 568, 761, 1460};
    /// What one fold takes at most.
    static final int MAX_BYTES = 64 << 10;

    /// From here on the long way pays.
    private static final int LONG_MIN_BYTES = 32 << 10;
    private static final int ZEROS = 8 * DEGREE;
    /// The bytes to fold lie behind as many zeros as the degree says, so that the first ones need no code of their own.
    final byte[] work = new byte[ZEROS + MAX_BYTES];

    /// Folds the next `length` bytes of a message.
    ///
    /// @param crc of what came before, not inverted
    /// @param length more than [#DEGREE], and [#MAX_BYTES] at most
    /// @return where in [#work] the [#DEGREE] bytes begin that are left: their CRC, begun at zero, is that of the message so far
    int fold(long crc, ByteBuffer bytes, int length) {
        bytes.get(work, ZEROS, length);
        for (int i = 0; i < Long.BYTES; i++)
            work[ZEROS + i] ^= (byte) (crc >>> (i << 3));
        int from = ZEROS;
        int end = ZEROS + length;
        if (length >= LONG_MIN_BYTES) {
            moveFar(work, from, end - 8 * DEGREE);
            addLast(from, end, 8);
            from = end - 8 * DEGREE;
            Arrays.fill(work, from - DEGREE, from, (byte) 0);
        }
        move(work, from, end - DEGREE);
        addLast(from, end, 1);
        return end - DEGREE;
    }

    /// Each byte gets what all those before it add to it, which are final when it is their turn.
    private static void move(byte[] v, int from, int to) {
        for (int i = from; i < to; i++)
            v[i] = (byte) (v[i] ^ v[i - 280] ^ v[i - 979] ^ v[i - 1172] ^ v[i - 1598] ^ v[i - 1607] ^ v[i - 1645] ^ v[i - 1740]);
    }

    /// The same, eight times as far.
    private static void moveFar(byte[] v, int from, int to) {
        for (int i = from; i < to; i++)
            v[i] = (byte) (v[i] ^ v[i - 2240] ^ v[i - 7832] ^ v[i - 9376] ^ v[i - 12_784] ^ v[i - 12_856] ^ v[i - 13_160]
                    ^ v[i - 13_920]);
    }

    private void addLast(int from, int end, int times) {
        int moved = end - times * DEGREE;
        for (int term : TERMS) {
            int distance = times * (DEGREE - term);
            int first = Math.max(from, moved - distance);
            add(work, first, first + distance, moved - first);
        }
    }

    /// Adds the bytes that were moved last to those that stay.
    private static void add(byte[] v, int from, int to, int count) {
        for (int i = 0; i < count; i++)
            v[to + i] ^= v[from + i];
    }
}
