package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.WriteResult;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.Gate;
import io.cairn.replication.LatchTable;
import io.cairn.replication.LatchTable.Latch;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one way to change something: enter the gate, which a change of tables closes; take the latches of the keys; read, evaluate, propose one
/// batch; hold the latches until it is applied. Never waits for the disk on the thread of the caller, nor on that of the log: what must be
/// read from there is read by a few threads of its own.
///
/// @param recent what was written or read last, so that it need not be read
/// @param readers runs what reads from the disk; refuses when too much waits
record Writes(ReplicatedLog log, LatchTable latches, Gate gate, InstantSource clock, RecentItems recent,
        ExecutorService readers) implements AutoCloseable {
    private static final int READERS = 8;
    private static final int MAX_WAITING = 4096;
    private static final Duration IDLE = Duration.ofSeconds(10);

    Writes(ReplicatedLog log, InstantSource clock) {
        this(log, new LatchTable(), new Gate(), clock, new RecentItems(), newReaders());
    }

    private static ExecutorService newReaders() {
        var pool = new ThreadPoolExecutor(READERS, READERS, IDLE.toMillis(), TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING), Thread.ofPlatform().daemon().name("cairn-kv-read-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    Store store() {
        return log.store();
    }

    /// What becomes of an item. May refuse.
    interface Evaluation {
        /// @return null for no item
        @Nullable
        Item after(@Nullable Item before);
    }

    /// Changes one item. The caller is [#inside].
    ///
    /// @param row key of its row
    /// @param expired whether it is removed because it has expired
    CompletableFuture<WriteResult> change(TableLayout table, byte[] row, Evaluation evaluation, boolean expired) {
        return latches.acquire(row).thenCompose(latch -> {
            RecentItems.@Nullable Entry known;
            try {
                known = known(row);
            } catch (RuntimeException | Error e) {
                latch.close();
                throw e;
            }
            return known != null
                    ? evaluated(latch, () -> changed(table, row, known.item(), evaluation, expired))
                    : whereItMayBlock(latch, () -> changed(table, row, read(row), evaluation, expired));
        }).exceptionallyCompose(failure -> CompletableFuture.failedFuture(translated(failure)));
    }

    private static Change<WriteResult> changed(TableLayout table, byte[] row, @Nullable Item before, Evaluation evaluation,
            boolean expired) {
        var after = evaluation.after(before);
        var rows = new RowWriter(new Batch(after == null ? 256 : after.encoded().length + 256));
        rows.write(table, row, before, after, expired);
        return new Change<>(rows, new WriteResult(before, after));
    }

    /// What memory knows of a row under its latch; null when only the disk could tell.
    private RecentItems.@Nullable Entry known(byte[] row) {
        var entry = recent.find(row);
        if (entry != null)
            return entry;
        var peek = store().peek(KvSpace.DATA, row);
        return peek.known() ? new RecentItems.Entry(row, decoded(peek.value())) : null;
    }

    /// What is applied; with or without the latch of the row. May block.
    @Nullable
    Item read(byte[] row) {
        var entry = recent.find(row);
        if (entry != null)
            return entry.item();
        int before = recent.beforeReading(row);
        var item = decoded(store().get(KvSpace.DATA, row));
        recent.read(row, item, before);
        return item;
    }

    /// The same if memory has it. Null when there is none, or only the disk could tell.
    @Nullable
    Item readIfInMemory(byte[] row) {
        var entry = recent.find(row);
        if (entry != null)
            return entry.item();
        int before = recent.beforeReading(row);
        var peek = store().peek(KvSpace.DATA, row);
        if (!peek.known())
            return null;
        var item = decoded(peek.value());
        recent.read(row, item, before);
        return item;
    }

    private static @Nullable Item decoded(byte @Nullable [] value) {
        return value == null ? null : Item.ofEncoded(value);
    }

    /// Runs `commit` while no table is changed. What it throws fails the future. Never within another: a closing gate would wait for both.
    <T> CompletableFuture<T> inside(Supplier<CompletableFuture<T>> commit) {
        return gate.enter(() -> {
            try {
                return commit.get();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(translated(e));
            }
        });
    }

    /// What to propose, and the answer once that is applied; an empty batch changes nothing.
    record Change<T>(RowWriter rows, T answer) {}

    /// Takes the latches of `keys`, evaluates, proposes, and completes when it is durable and applied. `evaluate` may read: on the thread of the
    /// caller if nobody holds the latches.
    <T> CompletableFuture<T> latched(byte[][] keys, Supplier<Change<T>> evaluate) {
        var acquired = latches.acquire(keys);
        boolean atOnce = acquired.isDone();
        return acquired.thenCompose(latch -> atOnce ? evaluated(latch, evaluate) : whereItMayBlock(latch, evaluate))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translated(failure)));
    }

    private <T> CompletableFuture<T> whereItMayBlock(Latch latch, Supplier<Change<T>> evaluate) {
        var done = new CompletableFuture<T>();
        try {
            readers.execute(() -> {
                var _ = evaluated(latch, evaluate).whenComplete((answer, failure) -> {
                    if (failure == null)
                        done.complete(answer);
                    else
                        done.completeExceptionally(failure);
                });
            });
        } catch (RejectedExecutionException e) {
            latch.close();
            throw new KvRefusedException(Reason.OVERLOADED, "Too many writes wait for the disk; try again later");
        }
        return done;
    }

    private <T> CompletableFuture<T> evaluated(Latch latch, Supplier<Change<T>> evaluate) {
        try {
            var change = evaluate.get();
            if (change.rows.batch().isEmpty()) {
                latch.close();
                return CompletableFuture.completedFuture(change.answer);
            }
            return proposed(change.rows).handle((_, failure) -> {
                if (failure == null)
                    change.rows.applied(recent);
                else
                    change.rows.failed(recent);
                latch.close();
                if (failure != null)
                    throw new CompletionException(failure);
                return change.answer;
            });
        } catch (Throwable e) {
            latch.close();
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<?> proposed(RowWriter rows) {
        rows.changing(recent);
        try {
            return log.propose(rows.batch()).done();
        } catch (Throwable e) {
            rows.failed(recent);
            throw e;
        }
    }

    /// Proposes what nothing else can be in the way of, and waits. Returns its stamp.
    long commit(Batch batch) {
        try {
            var proposed = log.propose(batch);
            proposed.done().join();
            return proposed.stamp();
        } catch (CompletionException e) {
            throw translated(e) instanceof RuntimeException cause ? cause : e;
        } catch (OverloadedException e) {
            throw new KvRefusedException(Reason.OVERLOADED, String.valueOf(e.getMessage()));
        }
    }

    static Throwable translated(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof OverloadedException
                ? new KvRefusedException(Reason.OVERLOADED, String.valueOf(cause.getMessage()))
                : cause;
    }

    /// Once nothing is inside any more.
    @Override
    public void close() {
        readers.shutdown();
    }
}
