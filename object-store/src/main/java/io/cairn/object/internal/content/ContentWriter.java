package io.cairn.object.internal.content;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.internal.checksum.Digester;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentWriter;
import io.cairn.replication.ReplicatedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes an object's bytes as they come: digests them, holds up to 256 KiB in memory, and puts more into extent files of 64 MiB each.
/// Not thread-safe.
public final class ContentWriter implements AutoCloseable {
    private static final int KIND_OBJECT = 1;
    private static final int FIRST_BUFFER_BYTES = 4096;

    private final ReplicatedLog log;
    private final Digester md5 = Digester.md5();
    private final @Nullable ChecksumAlgorithm algorithm;
    private final @Nullable Digester digester;
    private final List<Extent> extents = new ArrayList<>(0);
    private byte[] buffer = new byte[0];
    private @Nullable ExtentWriter extent;
    private long size;
    private boolean ended;

    public ContentWriter(ReplicatedLog log, @Nullable ChecksumAlgorithm algorithm) {
        this.log = log;
        this.algorithm = algorithm;
        // The MD5 is taken anyway.
        this.digester = algorithm == null || algorithm == ChecksumAlgorithm.MD5 ? null : Digester.of(algorithm);
    }

    public void write(ByteBuffer bytes) {
        if (ended)
            throw new IllegalStateException("this upload has ended");
        if (bytes.remaining() > MultipartUpload.MAX_PART_BYTES - size)
            throw new ObjectRefusedException(Reason.ENTITY_TOO_LARGE,
                    "at most %d bytes are taken at once; use a multipart upload for more"
                            .formatted(MultipartUpload.MAX_PART_BYTES));
        long before = size;
        int count = bytes.remaining();
        size += count;
        if (size <= Extent.MAX_IN_LOG_BYTES) {
            hold(bytes, (int) before);
            digest(ByteBuffer.wrap(buffer, (int) before, count)); // digests want arrays, and would copy
            return;
        }
        digest(bytes.duplicate());
        if (before <= Extent.MAX_IN_LOG_BYTES) {
            spill(ByteBuffer.wrap(buffer, 0, (int) before));
            buffer = new byte[0];
        }
        spill(bytes);
    }

    private void digest(ByteBuffer bytes) {
        if (digester != null)
            digester.update(bytes.duplicate());
        md5.update(bytes);
    }

    private void hold(ByteBuffer bytes, int at) {
        int needed = at + bytes.remaining();
        if (needed > buffer.length)
            buffer = Arrays.copyOf(buffer, Math.min(Extent.MAX_IN_LOG_BYTES,
                    Math.max(needed, at == 0 ? needed : Math.max(FIRST_BUFFER_BYTES, buffer.length * 2))));
        bytes.get(buffer, at, bytes.remaining());
    }

    private void spill(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            var out = extent;
            if (out == null)
                extent = out = log.newExtent(KIND_OBJECT);
            int count = Math.min(bytes.remaining(), Extent.MAX_BYTES - out.length());
            out.write(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            if (out.length() == Extent.MAX_BYTES)
                endExtent(out);
        }
    }

    private void endExtent(ExtentWriter out) {
        extents.add(out.finish());
        extent = null;
    }

    /// Checks what came and makes what is large durable. [ObjectRefusedException] with the reason when it is not as expected; nothing is kept then.
    public Received finish(Expected expected) {
        if (ended)
            throw new IllegalStateException("this upload has ended");
        try {
            var received = check(expected);
            ended = true;
            return received;
        } finally {
            if (!ended)
                close();
        }
    }

    private Received check(Expected expected) {
        if (expected.bytes() >= 0 && expected.bytes() != size)
            throw new ObjectRefusedException(Reason.INCOMPLETE_BODY,
                    "%d bytes were announced, %d came".formatted(expected.bytes(), size));
        var hash = md5.value();
        if (expected.md5() != null && !Arrays.equals(expected.md5(), hash))
            throw new ObjectRefusedException(Reason.BAD_DIGEST, "the MD5 that was sent is %s, that of the bytes is %s"
                    .formatted(HexFormat.of().formatHex(expected.md5()), HexFormat.of().formatHex(hash)));
        Checksum checksum = null;
        if (algorithm != null) {
            checksum = new Checksum(algorithm, ChecksumType.FULL_OBJECT, digester == null ? hash : digester.value(), 0);
            if (expected.checksum() != null && !Arrays.equals(expected.checksum(), checksum.value()))
                throw new ObjectRefusedException(Reason.BAD_CHECKSUM,
                        "the %s that was sent is not that of the bytes, %s".formatted(algorithm, checksum.text()));
        }
        if (size <= Extent.MAX_IN_LOG_BYTES)
            return new Received(size, hash, checksum, ByteBuffer.wrap(buffer, 0, (int) size), List.of());
        var out = extent;
        if (out != null)
            endExtent(out);
        return new Received(size, hash, checksum, null, List.copyOf(extents));
    }

    /// Lets go of everything unless [#finish] has succeeded.
    @Override
    public void close() {
        if (ended)
            return;
        ended = true;
        var out = extent;
        if (out != null)
            out.close();
        extents.forEach(log::discard);
        extents.clear();
    }
}
