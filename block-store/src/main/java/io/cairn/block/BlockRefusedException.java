package io.cairn.block;

/// What was asked for cannot be; nothing was changed.
public final class BlockRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    public BlockRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
