package io.cairn.server.cli;

import picocli.CommandLine.ExitCode;

/// A command cannot do what was asked. The message is one line for people and names the next step.
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int exitCode;

    CommandException(String message) {
        this(message, ExitCode.SOFTWARE);
    }

    CommandException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException because(Throwable cause) {
        initCause(cause);
        return this;
    }
}
