package io.cairn.object.internal.content;

import io.cairn.object.Checksum;
import io.cairn.object.internal.row.Content;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes that came and passed every check, not yet named by any row.
///
/// @param small all of them when they are few enough to ride in the row or in the log; else null
/// @param extents durable, when they are more
public record Received(long sizeBytes, byte[] md5, @Nullable Checksum checksum, @Nullable ByteBuffer small,
        List<Extent> extents) {
    private static final int KIND_OBJECT = 1;

    /// Puts small bytes beside the log, names all extents in `batch`, and says where the bytes are.
    public Content place(ReplicatedLog log, Batch batch) {
        if (small == null) {
            extents.forEach(batch::addExtent);
            return new Content.Extents(extents);
        }
        if (small.remaining() <= Content.MAX_INLINE_BYTES) {
            var bytes = new byte[small.remaining()];
            small.get(small.position(), bytes);
            return new Content.Inline(bytes);
        }
        var extent = log.append(KIND_OBJECT, small);
        batch.addExtent(extent);
        return new Content.Extents(List.of(extent));
    }

    /// Gives the bytes back when no row will name them.
    public void discard(ReplicatedLog log) {
        extents.forEach(log::discard);
    }
}
