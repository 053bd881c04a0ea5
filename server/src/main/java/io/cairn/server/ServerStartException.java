package io.cairn.server;

/// The server cannot start as it was asked to. The message says what is in the way and what to do; no stack trace is needed.
public final class ServerStartException extends Exception {
    private static final long serialVersionUID = 1;

    /// What the process exits with: 2 when the call or the configuration must be changed, as for any wrong use of a command.
    public static final int EXIT_CODE = 2;

    public ServerStartException(String message) {
        super(message);
    }

    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }

    public int exitCode() {
        return EXIT_CODE;
    }
}
