package io.cairn.server.s3;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.RunningChecksum;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Checks a part against a checksum of another algorithm than its multipart upload keeps: an upload begun without naming one keeps
/// CRC64NVME, whatever its parts then come with.
///
/// @param checksum null when there is nothing to check
record SideChecksum(@Nullable RunningChecksum checksum) {
    static final SideChecksum NONE = new SideChecksum(null);

    static SideChecksum of(ChecksumAlgorithm algorithm) {
        return new SideChecksum(new RunningChecksum(algorithm));
    }

    boolean isNone() { return checksum == null; }

    void update(ByteBuffer bytes) {
        if (checksum != null)
            checksum.update(bytes.duplicate());
    }

    /// [Reason#BAD_CHECKSUM] when the bytes have another one; a null asks nothing.
    void require(byte @Nullable [] expected) {
        if (checksum != null && expected != null && !MessageDigest.isEqual(expected, checksum.end().value()))
            throw new ObjectRefusedException(Reason.BAD_CHECKSUM, "The checksum you specified did not match what we received");
    }
}
