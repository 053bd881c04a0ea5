package io.cairn.object.internal.engine;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.internal.content.SmallContents;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.LatchTable;
import io.cairn.replication.LatchTable.Latch;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/// What all buckets of a store use: the log, the latches, and the one way to change something.
record Shared(ReplicatedLog log, LatchTable latches, References references, SmallContents small, SecureRandom random,
        long minPartBytes) {
    Shared(ReplicatedLog log, long minPartBytes) {
        this(log, new LatchTable(), new References(log), new SmallContents(), new SecureRandom(), minPartBytes);
    }

    Store store() {
        return log.store();
    }

    /// A change that was evaluated: what to propose, and the answer once its stamp is known.
    record Change<T>(Batch batch, Function<Long, T> answer) {}

    /// Takes the latches of `keys`, evaluates, proposes, holds the latches until it is applied. `evaluate` may throw a refusal, or answer with an
    /// empty batch when nothing is to change.
    <T> CompletableFuture<T> change(byte[][] keys, Supplier<Change<T>> evaluate) {
        return latches.acquire(keys).thenCompose(latch -> evaluated(latch, evaluate))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translated(failure)));
    }

    private <T> CompletableFuture<T> evaluated(Latch latch, Supplier<Change<T>> evaluate) {
        try {
            var change = evaluate.get();
            if (change.batch.isEmpty()) {
                references.abandoned();
                latch.close();
                return CompletableFuture.completedFuture(change.answer.apply(0L));
            }
            var proposed = order(change.batch);
            references.ordered(proposed.done());
            return proposed.done().handle((_, failure) -> {
                latch.close();
                if (failure != null)
                    throw new CompletionException(failure);
                return change.answer.apply(proposed.stamp());
            });
        } catch (Throwable e) {
            references.abandoned();
            latch.close();
            return CompletableFuture.failedFuture(e);
        }
    }

    /// Extents in the log that a refused batch named are given back, so that they do not keep their file.
    private Proposed order(Batch batch) {
        try {
            return log.propose(batch);
        } catch (RuntimeException e) {
            for (var extent : batch.added())
                if (extent.home() == Extent.Home.LOG)
                    log.discard(extent);
            throw e;
        }
    }

    Proposed propose(Batch batch) {
        try {
            return log.propose(batch);
        } catch (OverloadedException e) {
            throw new ObjectRefusedException(Reason.OVERLOADED, String.valueOf(e.getMessage()));
        }
    }

    static Throwable translated(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof OverloadedException
                ? new ObjectRefusedException(Reason.OVERLOADED, String.valueOf(cause.getMessage()))
                : cause;
    }

    static <T> T await(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (translated(e) instanceof RuntimeException cause)
                throw cause;
            throw e;
        }
    }
}
