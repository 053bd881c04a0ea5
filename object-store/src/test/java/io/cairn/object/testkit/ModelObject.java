package io.cairn.object.testkit;

import io.cairn.object.ObjectInfo;
import io.cairn.object.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An object and its bytes.
///
/// @param uploadId of the multipart upload that made it; empty when it was written at once
/// @param partBytes sizes of its parts; one when it was written at once
record ModelObject(ObjectInfo info, byte[] bytes, String uploadId, List<Integer> partBytes) implements StoredObject {
    /// Odd, so that pieces end where nobody expects it.
    private static final int PIECE_BYTES = 65_537;

    @Override
    public Pieces pieces(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, (long) bytes.length);
        var rest = ByteBuffer.wrap(bytes, (int) offset, (int) length);
        return () -> next(rest);
    }

    private static @Nullable Piece next(ByteBuffer rest) {
        if (!rest.hasRemaining())
            return null;
        var piece = rest.slice(rest.position(), Math.min(PIECE_BYTES, rest.remaining())).asReadOnlyBuffer();
        rest.position(rest.position() + piece.remaining());
        return new Piece.Bytes(piece);
    }

    @Override
    public @Nullable Run part(int number) {
        if (number < 1 || number > partBytes.size())
            return null;
        int offset = partBytes.subList(0, number - 1).stream().mapToInt(Integer::intValue).sum();
        return new Run(offset, partBytes.get(number - 1));
    }

    @Override
    public InputStream stream(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, (long) bytes.length);
        return new ByteArrayInputStream(bytes, (int) offset, (int) length);
    }

    @Override
    public byte[] readAllBytes() {
        return bytes.clone();
    }

    @Override
    public void close() {}
}
