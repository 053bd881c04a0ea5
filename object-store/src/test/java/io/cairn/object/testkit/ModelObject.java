package io.cairn.object.testkit;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectVersion;
import io.cairn.object.Part;
import io.cairn.object.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An object and its bytes.
///
/// @param home the bucket that keeps it
/// @param uploadId of the multipart upload that made it; empty when it was written at once or copied
/// @param parts numbered from 1; none when it was written at once
record ModelObject(ModelBucket home, long stamp, ObjectInfo info, byte[] bytes, String uploadId, List<Part> parts)
        implements
            ModelVersion,
            StoredObject {
    /// Odd, so that pieces end where nobody expects it.
    private static final int PIECE_BYTES = 65_537;

    @Override
    public String versionId() {
        return info.versionId();
    }

    @Override
    public ObjectVersion listed(boolean latest) {
        return new ObjectVersion.Stored(info, latest);
    }

    ModelObject withTags(Map<String, String> tags) {
        return new ModelObject(home, stamp, new ObjectInfo(info.key(), info.sizeBytes(), info.etag(), info.lastModified(),
                info.metadata(), info.checksum(), info.partCount(), info.versionId(), tags), bytes, uploadId, parts);
    }

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
        if (parts.isEmpty())
            return number == 1 ? new Run(0, bytes.length) : null;
        if (number < 1 || number > parts.size())
            return null;
        long offset = parts.subList(0, number - 1).stream().mapToLong(Part::sizeBytes).sum();
        return new Run(offset, parts.get(number - 1).sizeBytes());
    }

    @Override
    public List<Part> parts(int afterNumber, int max) {
        return parts.stream().skip(afterNumber).limit(max).toList();
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
