package io.cairn.replication;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Walks applied entries in order. Not thread-safe. While open, it keeps the files that it has yet to read.
public interface LogReader extends AutoCloseable {
    /// The next applied part, or null when all that is applied now was read: ask again later.
    @Nullable
    Entry next();

    @Override
    void close();

    /// One applied batch.
    ///
    /// @param requestId as proposed
    /// @param operations in order
    record Entry(long index, long epoch, long sequence, long stamp, UUID requestId, List<Operation> operations) {}

    /// What a batch does. `space` is the [Space]'s ordinal.
    sealed interface Operation {
        record Put(int space, byte[] key, byte[] value) implements Operation {}

        record Delete(int space, byte[] key) implements Operation {}

        record DeleteRange(int space, byte[] from, byte[] to) implements Operation {}

        record Note(byte[] bytes) implements Operation {}

        /// @param divided whether it is given up in pieces
        record AddExtent(Extent extent, boolean divided) implements Operation {}

        record DropExtent(Extent extent) implements Operation {}

        /// So many bytes of divided extents in a file.
        record DropPieces(Extent.Home home, long file, int bytes) implements Operation {}
    }
}
