package io.cairn.server.http;

/// Carries a [Refusal] up to where it is answered. No stack trace: refusals are expected.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.code() + ": " + refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public RefusedException(int status, String code, String message) {
        this(new Refusal(status, code, message));
    }

    public Refusal refusal() {
        return refusal;
    }
}
