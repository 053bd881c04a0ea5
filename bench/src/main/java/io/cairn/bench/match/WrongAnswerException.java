package io.cairn.bench.match;

/// A contestant answered something else than it had to: there is no figure of it then.
public final class WrongAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WrongAnswerException(String message) {
        super(message);
    }
}
