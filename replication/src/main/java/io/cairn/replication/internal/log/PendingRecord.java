package io.cairn.replication.internal.log;

import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A record that has its place in the log and waits to be written.
sealed interface PendingRecord {
    long file();

    long offset();

    /// Bytes of its payload.
    int payloadBytes();

    /// What it takes of memory until it is done.
    default int heldBytes() {
        return payloadBytes();
    }

    record ExtentRecord(long offset, int kind, Extent extent, PlacedPayload payload, int payloadBytes) implements PendingRecord {
        @Override
        public long file() {
            return extent.file();
        }
    }

    record EntryRecord(long file, long offset, int payloadBytes, Batch.Sealed batch, @Nullable Bulk bulk, long index,
            long sequence,
            long stamp, CompletableFuture<Applied> done) implements PendingRecord {
        /// A large batch travels beside the log, but waits in memory too.
        @Override
        public int heldBytes() {
            return bulk == null ? payloadBytes : batch.length();
        }
    }
}
