package io.cairn.object;

/// A request that was not carried out, and changed nothing. The message has the values concerned and is fit for the client.
public final class ObjectRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    public ObjectRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
