package io.cairn.object.internal.checksum;

import io.cairn.object.ChecksumAlgorithm;
import java.nio.ByteBuffer;

/// Arithmetic on CRCs as polynomials over GF(2), after zlib's `crc32_combine`: the CRC of `a` followed by `b` is
/// `crc(a) * x^(8 * length(b)) + crc(b)` modulo the polynomial. It holds because initial value and final xor of all three are
/// equal. Polynomials stand reflected: the highest bit of the width is `x^0`.
public final class Crc {
    private final int width;
    private final long polynomial;

    private Crc(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
    }

    /// The checksum of two runs of bytes one after the other, from theirs and the length of the second, in O(log `lengthB`).
    ///
    /// @param algorithm one that supports [io.cairn.object.ChecksumType#FULL_OBJECT], else `IllegalArgumentException`
    public static byte[] combine(ChecksumAlgorithm algorithm, byte[] a, byte[] b, long lengthB) {
        if (lengthB < 0)
            throw new IllegalArgumentException("a length of " + lengthB + " bytes");
        var crc = switch (algorithm) {
            case CRC32 -> new Crc(32, 0xedb88320L);
            case CRC32C -> new Crc(32, 0x82f63b78L);
            case CRC64NVME -> new Crc(64, Crc64Nvme.POLYNOMIAL);
            case SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128 ->
                throw new IllegalArgumentException(algorithm + " cannot be combined from parts");
        };
        return crc.bytes(crc.times(crc.xToThe8(lengthB), crc.number(a)) ^ crc.number(b));
    }

    private long one() {
        return 1L << (width - 1);
    }

    private long times(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long bit = one(); bit != 0; bit >>>= 1) {
            if ((a & bit) != 0)
                product ^= shifted;
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
        }
        return product;
    }

    /// `x^(8 * count)`, by squaring.
    private long xToThe8(long count) {
        long power = one();
        long square = one() >>> 8;
        for (long left = count; left != 0; left >>>= 1) {
            if ((left & 1) != 0)
                power = times(square, power);
            square = times(square, square);
        }
        return power;
    }

    private long number(byte[] value) {
        var buffer = ByteBuffer.wrap(value);
        return width == 64 ? buffer.getLong() : Integer.toUnsignedLong(buffer.getInt());
    }

    private byte[] bytes(long value) {
        var buffer = ByteBuffer.allocate(width / 8);
        return width == 64 ? buffer.putLong(value).array() : buffer.putInt((int) value).array();
    }
}
