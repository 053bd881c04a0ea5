package io.cairn.server.http;

import io.cairn.server.sigv4.SignatureRefusedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// What a failure means to the client.
final class Refusals {
    private Refusals() {}

    /// The refusal that a failure carries; null when the failure is our own.
    static @Nullable Refusal of(Throwable failure) {
        return switch (unwrap(failure)) {
            case RefusedException e -> e.refusal();
            default -> null;
        };
    }

    /// The failure itself, as this package words it.
    static Throwable unwrap(Throwable failure) {
        var cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null)
            cause = cause.getCause();
        return cause instanceof SignatureRefusedException e ? refused(e) : cause;
    }

    static RefusedException refused(SignatureRefusedException e) {
        return new RefusedException(new Refusal(e.status(), e.code(), e.text(), e.details()));
    }
}
