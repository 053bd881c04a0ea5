package io.cairn.server.cli;

import java.io.IOException;

/// Another process listens on a port that a face needs.
final class TakenPortException extends IOException {
    private static final long serialVersionUID = 1;

    /// @param title of the face, for people: `PostgreSQL`
    TakenPortException(int port, String title) {
        super("port " + port + " (" + title + ") is taken; use --port-offset 100 or --only s3");
    }
}
