package io.cairn.replication;

/// A bound was reached; nothing was ordered, nothing was changed. Try again later.
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OverloadedException(String message) {
        super(message, null, false, false);
    }
}
