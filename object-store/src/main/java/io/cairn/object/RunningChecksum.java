package io.cairn.object;

import io.cairn.object.internal.checksum.Digester;
import java.nio.ByteBuffer;

/// The full-object checksum of bytes that come in pieces. Not thread-safe.
public final class RunningChecksum {
    private final ChecksumAlgorithm algorithm;
    private final Digester digester;

    public RunningChecksum(ChecksumAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.digester = Digester.of(algorithm);
    }

    /// Takes the remaining bytes and leaves the position at the limit.
    public void update(ByteBuffer bytes) {
        digester.update(bytes);
    }

    /// Of all bytes so far; called once, at the end.
    public Checksum end() {
        return new Checksum(algorithm, ChecksumType.FULL_OBJECT, digester.value(), 0);
    }
}
