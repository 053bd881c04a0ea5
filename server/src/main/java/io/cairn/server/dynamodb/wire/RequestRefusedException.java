package io.cairn.server.dynamodb.wire;

import org.jspecify.annotations.Nullable;

/// A request that cannot be served as it is. No stack trace: refusals are expected.
public final class RequestRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ErrorType type;
    private final @Nullable String text;

    /// @param text for the client; null when the service says nothing there
    public RequestRefusedException(ErrorType type, @Nullable String text) {
        super(text == null ? type.name() : type + ": " + text, null, false, false);
        this.type = type;
        this.text = text;
    }

    static RequestRefusedException validation(String text) {
        return new RequestRefusedException(ErrorType.VALIDATION, text);
    }

    /// JSON, but not of the form that the operation takes.
    static RequestRefusedException serialization(String text) {
        return new RequestRefusedException(ErrorType.SERIALIZATION, text);
    }

    /// No JSON: the service does not say why.
    static RequestRefusedException malformed() {
        return new RequestRefusedException(ErrorType.SERIALIZATION, null);
    }

    public ErrorType type() {
        return type;
    }

    public @Nullable String text() {
        return text;
    }
}
