package io.cairn.server.iam;

/// The root key or the users file cannot be used as it stands. The message names file and line, never a secret.
public final class InvalidCredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidCredentialsException(String message) {
        super(message);
    }
}
