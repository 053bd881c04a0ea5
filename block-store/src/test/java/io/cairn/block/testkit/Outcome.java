package io.cairn.block.testkit;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// What a call led to. Other exceptions pass through and fail the test, but for those of a machine without power.
sealed interface Outcome<T> {
    record Answer<T>(T value) implements Outcome<T> {}

    record Refused<T>(Reason reason) implements Outcome<T> {}

    /// Not all of the bytes were on the device.
    record OutOfBounds<T>() implements Outcome<T> {}

    /// No answer came, as the power was cut: it may have been done.
    record Died<T>() implements Outcome<T> {}

    static <T> Outcome<T> of(Supplier<T> call) {
        try {
            return new Answer<>(call.get());
        } catch (BlockRefusedException e) {
            return new Refused<>(e.reason());
        } catch (IndexOutOfBoundsException e) {
            return new OutOfBounds<>();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BlockRefusedException refused)
                return new Refused<>(refused.reason());
            throw e;
        }
    }

    /// Where the power may be cut meanwhile.
    static <T> Outcome<T> ofCut(Supplier<T> call) {
        try {
            return of(call);
        } catch (RuntimeException e) {
            return new Died<>();
        }
    }

    /// The same without what was answered, to be compared by.
    default Outcome<String> kind() {
        return switch (this) {
            case Answer<T>(_) -> new Answer<>("");
            case Refused<T>(var reason) -> new Refused<>(reason);
            case OutOfBounds<T>() -> new OutOfBounds<>();
            case Died<T>() -> new Died<>();
        };
    }

    /// `true` once it is done; something that hangs fails the test.
    static boolean await(CompletableFuture<?> future) {
        try {
            var _ = future.get(60, TimeUnit.SECONDS);
            return true;
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
