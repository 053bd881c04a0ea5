package io.cairn.object;

/// A request that was not carried out, and changed nothing. The message has the values concerned and is fit for the client.
public final class ObjectRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Reason reason;
    private final String markerId;

    public ObjectRefusedException(Reason reason, String message) {
        this(reason, message, "");
    }

    /// @param markerId version id of the delete marker that stands in the way
    public ObjectRefusedException(Reason reason, String message, String markerId) {
        super(message);
        this.reason = reason;
        this.markerId = markerId;
    }

    /// Version id of the delete marker that was met, or empty.
    public String markerId() {
        return markerId;
    }

    public Reason reason() {
        return reason;
    }
}
