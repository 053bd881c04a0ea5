package io.cairn.replication;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets any number of commits into a bucket or table at once, or one action that must be alone. Commits that come while it is
/// under way wait for it. Any thread.
public final class Gate {
    private int inside;
    private @Nullable CompletableFuture<@Nullable Void> closing;
    private @Nullable CompletableFuture<@Nullable Void> empty;

    /// Runs `commit` inside.
    public <T> CompletableFuture<T> enter(Supplier<CompletableFuture<T>> commit) {
        CompletableFuture<@Nullable Void> wait;
        synchronized (this) {
            wait = closing;
            if (wait == null)
                inside++;
        }
        if (wait != null)
            return wait.thenCompose(_ -> enter(commit));
        CompletableFuture<T> done;
        try {
            done = commit.get();
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        }
        return done.whenComplete((_, _) -> leave());
    }

    private void leave() {
        CompletableFuture<@Nullable Void> last = null;
        synchronized (this) {
            if (--inside == 0)
                last = empty;
        }
        if (last != null)
            last.complete(null);
    }

    /// Waits until nothing is inside, then runs `action` alone. Blocks. One at a time: others wait for their turn.
    public void alone(Runnable action) {
        var open = new CompletableFuture<@Nullable Void>();
        var drained = new CompletableFuture<@Nullable Void>();
        for (var other = close(open, drained); other != null; other = close(open, drained))
            other.join();
        try {
            drained.join();
            action.run();
        } finally {
            synchronized (this) {
                closing = null;
                empty = null;
            }
            open.complete(null);
        }
    }

    /// Closes the gate, or returns what completes once who closed it before opens it.
    private synchronized @Nullable CompletableFuture<@Nullable Void> close(CompletableFuture<@Nullable Void> open,
            CompletableFuture<@Nullable Void> drained) {
        if (closing != null)
            return closing;
        closing = open;
        if (inside == 0)
            drained.complete(null);
        else
            empty = drained;
        return null;
    }
}
