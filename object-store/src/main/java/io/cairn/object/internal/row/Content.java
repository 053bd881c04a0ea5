package io.cairn.object.internal.row;

import io.cairn.replication.Extent;
import java.util.List;

/// Where an object's bytes are.
public sealed interface Content {
    /// Up to this many bytes stand in the row itself.
    int MAX_INLINE_BYTES = 1024;

    /// In the row.
    record Inline(byte[] bytes) implements Content {}

    /// In extents, one after the other.
    record Extents(List<Extent> extents) implements Content {
        public Extents {
            extents = List.copyOf(extents);
        }
    }

    /// In the parts of a multipart upload, by part number.
    record Parts(long upload) implements Content {}
}
