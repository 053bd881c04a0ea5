package io.cairn.object.testkit;

import com.dynatrace.hash4j.hashing.Hashing;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// Checksums by definition, over whole bytes; slow and plainly right.
final class ModelDigests {
    private static final long CRC64_NVME = 0x9a6c9329ac4bc9b5L;
    private static final long[] CRC64_OF_BYTE = new long[256];

    static {
        for (int b = 0; b < 256; b++) {
            long crc = b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ CRC64_NVME : crc >>> 1;
            CRC64_OF_BYTE[b] = crc;
        }
    }

    static byte[] of(ChecksumAlgorithm algorithm, byte[] bytes) {
        return switch (algorithm) {
            case CRC32 -> crc32(new CRC32(), bytes);
            case CRC32C -> crc32(new CRC32C(), bytes);
            case CRC64NVME -> crc64(bytes);
            case SHA1 -> hash("SHA-1", bytes);
            case SHA256 -> hash("SHA-256", bytes);
            case SHA512 -> hash("SHA-512", bytes);
            case MD5 -> md5(bytes);
            // There is no second implementation to compare with: DigesterTest holds the library to published values.
            case XXHASH64 -> ByteBuffer.allocate(8).putLong(Hashing.xxh64().hashBytesToLong(bytes)).array();
            case XXHASH3 -> ByteBuffer.allocate(8).putLong(Hashing.xxh3_64().hashBytesToLong(bytes)).array();
            case XXHASH128 -> {
                var value = Hashing.xxh3_128().hashBytesTo128Bits(bytes);
                yield ByteBuffer.allocate(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits())
                        .array();
            }
        };
    }

    static io.cairn.object.@Nullable Checksum fullObject(@Nullable ChecksumAlgorithm algorithm, byte[] bytes) {
        return algorithm == null
                ? null
                : new io.cairn.object.Checksum(algorithm, ChecksumType.FULL_OBJECT, of(algorithm, bytes), 0);
    }

    static byte[] md5(byte[] bytes) {
        return hash("MD5", bytes);
    }

    static byte[] concatenated(List<byte[]> runs) {
        var all = new ByteArrayOutputStream();
        runs.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] crc32(Checksum crc, byte[] bytes) {
        crc.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }

    private static byte[] crc64(byte[] bytes) {
        long crc = -1;
        for (byte b : bytes)
            crc = CRC64_OF_BYTE[(int) (crc ^ b) & 0xff] ^ (crc >>> 8);
        return ByteBuffer.allocate(8).putLong(~crc).array();
    }

    private static byte[] hash(String name, byte[] bytes) {
        try {
            return MessageDigest.getInstance(name).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private ModelDigests() {}
}
