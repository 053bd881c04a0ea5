package io.cairn.object.internal.checksum;

import io.cairn.object.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/// What a multipart object is given from the digests of its parts, in their order (Amazon S3 user guide, "Checking object
/// integrity", sections on ETags and composite checksums).
public final class PartDigests {
    /// The ETag of an object written at once.
    public static String etag(byte[] md5) {
        return HexFormat.of().formatHex(md5);
    }

    /// The ETag of a multipart object: MD5 over the parts' MD5s, `-`, their count.
    public static String etag(List<byte[]> md5s) {
        return etag(over(Digester.md5(), md5s)) + "-" + md5s.size();
    }

    /// A composite checksum: the same algorithm over the parts' values.
    public static byte[] composite(ChecksumAlgorithm algorithm, List<byte[]> values) {
        return over(Digester.of(algorithm), values);
    }

    private static byte[] over(Digester digester, List<byte[]> values) {
        for (var value : values)
            digester.update(ByteBuffer.wrap(value));
        return digester.value();
    }

    private PartDigests() {}
}
