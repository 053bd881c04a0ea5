package io.cairn.object.internal.engine;

import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.Batch;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row that names a content, as a walk over all rows saw it: how to find it again under the latches that keep it as it is.
sealed interface RowName {
    /// What must be latched, so that nobody else changes the row or how many rows name its content.
    List<byte[]> latches();

    /// What the row names now; null when it is gone, or no longer kept by those latches. Under them.
    @Nullable
    Content content(Shared shared);

    /// Lets it name the same bytes elsewhere; nothing else in it changes. After [#content] under the same latches.
    void put(Shared shared, Batch batch, Content content);

    /// A version: wherever it stands, it is that of its stamp.
    ///
    /// @param key in the space of newest versions
    record OfVersion(ByteBuffer key, long stamp) implements RowName {
        private byte[] bytes() {
            return ObjectKeys.bytes(key);
        }

        @Override
        public List<byte[]> latches() {
            return List.of(bytes());
        }

        private @Nullable ObjectRow newest(Shared shared) {
            var row = shared.store().get(ObjectSpace.CURRENT, bytes());
            if (row == null)
                return null;
            var newest = ObjectRow.decode(row);
            return newest.stamp() == stamp ? newest : null;
        }

        private @Nullable ObjectRow older(Shared shared) {
            var row = shared.store().get(ObjectSpace.VERSIONS, ObjectKeys.version(bytes(), stamp));
            return row != null && VersionRow.decode(row) instanceof ObjectRow object ? object : null;
        }

        @Override
        public @Nullable Content content(Shared shared) {
            var newest = newest(shared);
            var row = newest != null ? newest : older(shared);
            return row == null ? null : row.content();
        }

        @Override
        public void put(Shared shared, Batch batch, Content content) {
            var newest = newest(shared);
            if (newest != null) {
                batch.put(ObjectSpace.CURRENT, bytes(), newest.withContent(content).encode());
                return;
            }
            var older = older(shared);
            if (older != null)
                batch.put(ObjectSpace.VERSIONS, ObjectKeys.version(bytes(), stamp), older.withContent(content).encode());
        }
    }

    /// A part: of an unfinished upload, or of one that is completed, which all the versions keep that name it.
    record OfPart(long upload, int number, Holder holder) implements RowName {
        @Override
        public List<byte[]> latches() {
            return holder.latches();
        }

        private @Nullable PartRow row(Shared shared) {
            var row = shared.store().get(ObjectSpace.PARTS, ObjectKeys.part(upload, number));
            return row == null ? null : PartRow.decode(row);
        }

        @Override
        public @Nullable Content content(Shared shared) {
            var row = holder.holds(shared, upload) ? row(shared) : null;
            return row == null ? null : row.content();
        }

        @Override
        public void put(Shared shared, Batch batch, Content content) {
            var row = row(shared);
            if (row != null)
                batch.put(ObjectSpace.PARTS, ObjectKeys.part(upload, number), row.withContent(content).encode());
        }
    }

    /// Whose latches keep the parts of an upload.
    sealed interface Holder {
        List<byte[]> latches();

        /// Under them: whether they do.
        boolean holds(Shared shared, long upload);

        /// @param row in the space of uploads
        record Unfinished(byte[] row) implements Holder {
            @Override
            public List<byte[]> latches() {
                return List.of(row);
            }

            @Override
            public boolean holds(Shared shared, long upload) {
                return shared.store().get(ObjectSpace.UPLOADS, row) != null;
            }
        }

        record Versions(List<OfVersion> all) implements Holder {
            @Override
            public List<byte[]> latches() {
                return all.stream().map(version -> version.bytes()).toList();
            }

            @Override
            public boolean holds(Shared shared, long upload) {
                var parts = new Content.Parts(upload);
                return shared.references().rows(parts) == all.size()
                        && all.stream().allMatch(version -> parts.equals(version.content(shared)));
            }
        }
    }
}
