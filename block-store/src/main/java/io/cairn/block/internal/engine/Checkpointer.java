package io.cairn.block.internal.engine;

import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.CounterRow;
import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.StoreFailedException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what has changed of the block maps into rows, in one batch that also removes the notes that said so and gives up the bytes that nothing names
/// any more. Writes go on meanwhile: the lock is held for the cut alone.
final class Checkpointer {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long PAUSE_AFTER_FAILURE_NANOS = 500_000_000;
    private static final int MAX_FAILURES = 10;
    private final BlockMaps maps;
    private final Journal journal;
    private final ReplicatedLog log;
    private final Consumer<Throwable> onFailure;
    private volatile int durable;
    /// Stamp behind the last note that was removed; what an earlier opening left is removed by the first.
    private long notesFrom;
    /// Whether the one under way has begun to change the maps: from there on there is no way back.
    private boolean changing;
    /// Why what was changed or cut last is not on disk.
    private volatile @Nullable Throwable failure;

    /// @param onFailure told why there are no more checkpoints
    Checkpointer(BlockMaps maps, Journal journal, ReplicatedLog log, Consumer<Throwable> onFailure) {
        this.maps = maps;
        this.journal = journal;
        this.log = log;
        this.onFailure = onFailure;
    }

    /// Whether one has failed behind its first change of the maps, or its cut.
    boolean hasFailed() {
        return failure != null;
    }

    /// One of what there is, as [#run(Supplier, Consumer)] makes one with a change.
    long run() {
        return run(() -> () -> {
            // no change
        }, _ -> {
            // no other rows
        });
    }

    /// One at a time. Blocks until it is on disk. Gives how many bytes the batch had. Once one has failed behind its first change or its cut there are no more
    /// ([StoreFailedException]): the next would write what this one has changed in part, and remove the notes of what it has not written.
    ///
    /// @param prepare does all that may fail, and changes nothing; gives what changes the maps, in one step with the cut
    /// @param more rows that belong to that
    synchronized long run(Supplier<Runnable> prepare, Consumer<Batch> more) {
        if (failure != null)
            throw new StoreFailedException(
                    "a checkpoint of the block maps has failed before; the log has all of it: open the store again", failure);
        Taken taken;
        try {
            taken = whenAdmitted(prepare);
            if (!taken.cut.isEmpty())
                return write(taken, more);
        } catch (Throwable e) {
            if (changing) {
                failure = e;
                onFailure.accept(e); // others run here, so not under the lock of the maps
            }
            throw e;
        } finally {
            changing = false;
        }
        taken.proposed.join(); // a store that nobody uses writes nothing
        return 0;
    }

    private long write(Taken taken, Consumer<Batch> more) {
        var rows = new TreeMap<Long, byte[]>();
        taken.cut.forEachRow(rows::put);
        long bytes = propose(() -> batch(taken, rows, more));
        durable = taken.cut.number();
        notesFrom = Math.max(notesFrom, taken.stamp + 1);
        return bytes;
    }

    /// Not under the lock of the maps: a large batch is first written to a file of its own. Notes of what has happened since the cut may go before it or behind it,
    /// for it removes none of them. Nothing of the cut is lost, so as long as the log takes nothing, or the disk has no room for such a file, it is asked
    /// again.
    private long propose(Supplier<Batch> batches) {
        for (int failures = 0;;) {
            long pause = PAUSE_NANOS;
            try {
                var batch = batches.get();
                var done = log.propose(batch).done();
                done.join();
                return batch.bytes();
            } catch (OverloadedException e) {
                LOG.debug("a checkpoint waits for the log: {}", e.getMessage());
            } catch (StoreFailedException e) {
                if (log.failed().isDone() || ++failures == MAX_FAILURES)
                    throw e;
                LOG.warn("a checkpoint of the block maps could not be written, and is tried again: {}", e.getMessage());
                pause = PAUSE_AFTER_FAILURE_NANOS;
            }
            LockSupport.parkNanos(pause);
        }
    }

    /// Number of the last cut that is durable.
    int durable() {
        return durable;
    }

    private record Taken(CompletableFuture<Applied> proposed, BlockMaps.Cut cut, long stamp) {}

    private Batch batch(Taken taken, Map<Long, byte[]> rows, Consumer<Batch> more) {
        var cut = taken.cut;
        var batch = new Batch(1024 + rows.values().stream().mapToInt(row -> row.length + 32).sum());
        rows.forEach((id, row) -> batch.put(BlockSpace.NODE, nodeKey(id), row));
        for (long id : cut.dead())
            batch.delete(BlockSpace.NODE, nodeKey(id));
        cut.versions().forEach((id, row) -> batch.put(BlockSpace.VERSION, versionKey(id), row));
        for (int id : cut.removed())
            batch.delete(BlockSpace.VERSION, versionKey(id));
        batch.put(BlockSpace.META, CounterRow.key(), new CounterRow(cut.nextNode(), cut.nextVersion()).encode());
        // From where the last one ended: ranges that all begin at the first note lie over one another, and what RocksDB makes of n of those has n * n parts.
        if (taken.stamp >= notesFrom)
            batch.deleteRange(BlockSpace.NOTE, nodeKey(notesFrom), nodeKey(taken.stamp + 1));
        cut.dropped().forEach((address, bytes) -> batch.dropPieces(Extent.at(address, 0).home(), Extent.fileAt(address), bytes));
        more.accept(batch);
        return batch;
    }

    private Taken whenAdmitted(Supplier<Runnable> prepare) {
        while (true) {
            maps.lock().lock();
            try {
                // All that the maps have is in notes before the checkpoint: it shows nothing that a crash would otherwise have lost in part.
                var proposed = journal.propose();
                var change = prepare.get();
                changing = true;
                change.run();
                return new Taken(proposed, maps.cut(), journal.cut());
            } catch (OverloadedException e) {
                if (changing)
                    throw e; // not once more over what it has changed
                LOG.debug("a checkpoint waits for the log: {}", e.getMessage());
            } finally {
                maps.lock().unlock();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    static byte[] nodeKey(long id) {
        return ByteBuffer.allocate(8).putLong(id).array();
    }

    static byte[] versionKey(int id) {
        return ByteBuffer.allocate(4).putInt(id).array();
    }
}
