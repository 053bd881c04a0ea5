package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// The store could not read or write its files, or found damaged bytes in them. A log whose store failed takes no more batches.
public final class StoreFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
