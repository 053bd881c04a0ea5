package io.cairn.object.testkit;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an operation led to: a value, or a refusal. Other exceptions pass through and fail the test.
sealed interface Outcome<T extends @Nullable Object> {
    record Value<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /// @param markerId of the delete marker that was met, or empty
    record Refused<T extends @Nullable Object>(Reason reason, String markerId) implements Outcome<T> {}

    static <T extends @Nullable Object> Outcome<T> of(Supplier<T> operation) {
        try {
            return new Value<>(operation.get());
        } catch (ObjectRefusedException e) {
            return new Refused<>(e.reason(), e.markerId());
        } catch (CompletionException e) {
            if (e.getCause() instanceof ObjectRefusedException refused)
                return new Refused<>(refused.reason(), refused.markerId());
            throw e;
        }
    }

    /// Of something that completes later; an operation that hangs fails the test.
    static <T extends @Nullable Object> Outcome<T> ofFuture(Supplier<CompletableFuture<T>> operation) {
        return of(() -> await(operation.get()));
    }

    static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came within 60 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
