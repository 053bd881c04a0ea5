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
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one way to change something: enter the gate, which a change of tables closes; take the latches of the keys; read, evaluate, propose one
/// batch; hold the latches until it is applied.
record Writes(ReplicatedLog log, LatchTable latches, Gate gate, InstantSource clock) {
    Writes(ReplicatedLog log, InstantSource clock) {
        this(log, new LatchTable(), new Gate(), clock);
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
        return latched(new byte[][]{row}, () -> {
            var before = read(row);
            var after = evaluation.after(before);
            var rows = new RowWriter(new Batch(after == null ? 256 : after.encoded().length + 256));
            rows.write(table, row, before, after, expired);
            return new Change<>(rows, new WriteResult(before, after));
        });
    }

    @Nullable
    Item read(byte[] row) {
        var value = store().get(KvSpace.DATA, row);
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

    /// Takes the latches of `keys`, evaluates, proposes, and completes when it is durable and applied.
    <T> CompletableFuture<T> latched(byte[][] keys, Supplier<Change<T>> evaluate) {
        return latches.acquire(keys).thenCompose(latch -> evaluated(latch, evaluate))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translated(failure)));
    }

    private <T> CompletableFuture<T> evaluated(Latch latch, Supplier<Change<T>> evaluate) {
        try {
            var change = evaluate.get();
            if (change.rows.batch().isEmpty()) {
                latch.close();
                return CompletableFuture.completedFuture(change.answer);
            }
            return log.propose(change.rows.batch()).done().handle((_, failure) -> {
                if (failure == null)
                    change.rows.applied();
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

    /// Proposes what nothing else can be in the way of, and waits.
    void commit(Batch batch) {
        try {
            log.propose(batch).done().join();
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
}
