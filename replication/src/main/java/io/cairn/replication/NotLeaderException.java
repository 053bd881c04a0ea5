package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// This log takes no batches: it was closed, has failed, or another leads. The batch was not applied and never will be.
public final class NotLeaderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotLeaderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
