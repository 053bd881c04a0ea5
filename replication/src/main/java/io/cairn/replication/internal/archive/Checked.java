package io.cairn.replication.internal.archive;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import java.util.zip.CRC32C;

/// What all manifests have in common, little-endian.
///
///     offset  bytes  field
///          0      8  magic
///          8      4  version
///         12         what the manifest says
///        end      4  crc32c of all before
final class Checked {
    static final int HEAD_BYTES = 12;

    private Checked() {}

    static ByteBuffer begin(long magic, int version, int bodyBytes) {
        return ByteBuffer.allocate(HEAD_BYTES + bodyBytes + 4).order(ByteOrder.LITTLE_ENDIAN).putLong(magic).putInt(version);
    }

    static byte[] seal(ByteBuffer manifest) {
        if (manifest.remaining() != 4)
            throw new IllegalStateException("a manifest is " + (manifest.remaining() - 4) + " bytes shorter than planned");
        var bytes = new byte[manifest.capacity()];
        manifest.get(0, bytes);
        manifest.putInt(crc32c(bytes, bytes.length - 4));
        manifest.get(0, bytes);
        return bytes;
    }

    /// `IllegalArgumentException` says what is wrong.
    static <T> T read(byte[] bytes, long magic, int version, Function<ByteBuffer, T> body) {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEAD_BYTES + 4 || in.getInt(bytes.length - 4) != crc32c(bytes, bytes.length - 4))
            throw new IllegalArgumentException("the manifest does not match its crc32c");
        if (in.getLong() != magic)
            throw new IllegalArgumentException("it is another kind of blob");
        int found = in.getInt();
        if (found != version)
            throw new IllegalArgumentException("manifest of version " + found + "; this program knows version " + version);
        in.limit(bytes.length - 4);
        try {
            var value = body.apply(in);
            if (in.hasRemaining())
                throw new IllegalArgumentException("the manifest has " + in.remaining() + " bytes behind its end");
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the manifest ends too early", e);
        }
    }

    private static int crc32c(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
