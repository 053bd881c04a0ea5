package io.cairn.server;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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

    /// The directory or one of its files does not let itself be used. The kernel's words, not those of a Java class.
    static ServerStartException of(Path data, IOException e) {
        var why = switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case FileSystemException failed when failed.getReason() != null -> failed.getFile() + ": " + failed.getReason();
            default -> String.valueOf(e.getMessage());
        };
        return new ServerStartException("data directory " + data + " cannot be used: " + why
                + "; make it usable for the user " + System.getProperty("user.name") + ", or name another with --data", e);
    }

    public int exitCode() {
        return EXIT_CODE;
    }
}
