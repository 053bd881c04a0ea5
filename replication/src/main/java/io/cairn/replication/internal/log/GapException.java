package io.cairn.replication.internal.log;

/// The log does not have what should be archived next: it ran without its archive, or gave up keeping it.
final class GapException extends Exception {
    private static final long serialVersionUID = 1;

    GapException(String message) {
        super(message);
    }
}
