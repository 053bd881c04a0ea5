package io.cairn.object.testkit;

import io.cairn.object.*;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Collects bytes, checks them and hands them on. Stores, as [#commit] ends, by calling `store` with what came.
final class ModelUpload<T> implements Upload<T> {
    /// Bytes that passed every check.
    record Received(byte[] bytes, byte[] md5, @Nullable Checksum checksum) {
        String etag() {
            return HexFormat.of().formatHex(md5);
        }
    }

    private final @Nullable ChecksumAlgorithm algorithm;
    private final Function<Received, T> store;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    ModelUpload(@Nullable ChecksumAlgorithm algorithm, Function<Received, T> store) {
        this.algorithm = algorithm;
        this.store = store;
    }

    @Override
    public void write(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        received.writeBytes(copy);
    }

    @Override
    public CompletableFuture<T> commit(Expected expected) {
        try {
            return CompletableFuture.completedFuture(store.apply(checked(expected)));
        } catch (ObjectRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Received checked(Expected expected) {
        var bytes = received.toByteArray();
        if (expected.bytes() >= 0 && expected.bytes() != bytes.length)
            throw new ObjectRefusedException(Reason.INCOMPLETE_BODY, bytes.length + " bytes, not " + expected.bytes());
        var md5 = ModelDigests.md5(bytes);
        if (expected.md5() != null && !Arrays.equals(expected.md5(), md5))
            throw new ObjectRefusedException(Reason.BAD_DIGEST, "the MD5 of the bytes is another");
        if (algorithm == null)
            return new Received(bytes, md5, null);
        var value = ModelDigests.of(algorithm, bytes);
        if (expected.checksum() != null && !Arrays.equals(expected.checksum(), value))
            throw new ObjectRefusedException(Reason.BAD_CHECKSUM, "the " + algorithm + " of the bytes is another");
        return new Received(bytes, md5, new Checksum(algorithm, ChecksumType.FULL_OBJECT, value, 0));
    }

    @Override
    public void close() {}
}
