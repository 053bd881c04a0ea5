package io.cairn.server.s3;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// Checks a part against a checksum of another algorithm than its multipart upload keeps: an upload begun without naming one keeps
/// CRC64NVME, whatever its parts then come with.
sealed interface SideChecksum {
    void update(ByteBuffer bytes);

    /// [Reason#BAD_CHECKSUM] when the bytes have another one; a null asks nothing.
    void require(byte @Nullable [] expected);

    default boolean isNone() { return this instanceof None; }

    static SideChecksum of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new Crc(new CRC32());
            case CRC32C -> new Crc(new CRC32C());
            case SHA1 -> new Hash(hash("SHA-1"));
            case SHA256 -> new Hash(hash("SHA-256"));
            case CRC64NVME -> throw new IllegalArgumentException("the store keeps CRC64NVME itself");
        };
    }

    private static MessageDigest hash(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + name, e);
        }
    }

    private static void requireEqual(byte @Nullable [] expected, byte[] actual) {
        if (expected != null && !MessageDigest.isEqual(expected, actual))
            throw new ObjectRefusedException(Reason.BAD_CHECKSUM, "The checksum you specified did not match what we received");
    }

    /// Nothing to check.
    record None() implements SideChecksum {
        @Override
        public void update(ByteBuffer bytes) {}

        @Override
        public void require(byte @Nullable [] expected) {}
    }

    /// A CRC of 32 bits.
    record Crc(Checksum crc) implements SideChecksum {
        @Override
        public void update(ByteBuffer bytes) {
            crc.update(bytes);
        }

        @Override
        public void require(byte @Nullable [] expected) {
            requireEqual(expected, ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
        }
    }

    /// A hash.
    record Hash(MessageDigest hash) implements SideChecksum {
        @Override
        public void update(ByteBuffer bytes) {
            hash.update(bytes);
        }

        @Override
        public void require(byte @Nullable [] expected) {
            requireEqual(expected, hash.digest());
        }
    }
}
