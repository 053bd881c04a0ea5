package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// The batch was ordered, but whether it is durable is not known: after the next open it may be there or not, whole.
/// Answer with a server error, and believe nothing cached.
public final class OutcomeUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
