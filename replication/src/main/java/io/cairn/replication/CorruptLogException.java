package io.cairn.replication;

/// Stored bytes of a log or extent file are not what was written. Nothing was changed or shortened. The message names file and offset.
public final class CorruptLogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptLogException(String file, long offset, String detail) {
        super("%s at byte %d: %s; restore this group from a checkpoint or its archive".formatted(file, offset, detail));
    }
}
