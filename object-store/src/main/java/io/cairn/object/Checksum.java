package io.cairn.object;

import io.cairn.object.internal.checksum.Digester;
import java.util.Arrays;
import java.util.Base64;

/// A checksum's value, big-endian as on the wire.
///
/// @param partCount parts that a composite value was made of; 0 for a full-object value
public record Checksum(ChecksumAlgorithm algorithm, ChecksumType type, byte[] value, int partCount) {
    public Checksum {
        if (value.length != algorithm.bytes())
            throw new IllegalArgumentException("%s has %d bytes, not %d".formatted(algorithm, algorithm.bytes(), value.length));
    }

    /// The full-object checksum of bytes in memory.
    public static Checksum of(ChecksumAlgorithm algorithm, byte[] bytes) {
        return new Checksum(algorithm, ChecksumType.FULL_OBJECT, Digester.value(Digester.of(algorithm), bytes), 0);
    }

    /// As S3 writes it: base64, and `-N` after a composite value of N parts.
    public String text() {
        var base64 = Base64.getEncoder().encodeToString(value);
        return type == ChecksumType.COMPOSITE ? base64 + "-" + partCount : base64;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checksum that && algorithm == that.algorithm && type == that.type && partCount == that.partCount
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return algorithm + " " + text();
    }
}
