package io.cairn.replication;

/// What was asked cannot be restored, or not there: the archive does not reach that instant, or the target exists. Nothing was changed.
public final class RestoreRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RestoreRefusedException(String message) {
        super(message);
    }
}
