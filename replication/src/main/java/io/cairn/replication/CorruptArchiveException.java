package io.cairn.replication;

/// A blob of an archive is not what was stored, or is missing. Nothing was restored. The message names the blob.
public final class CorruptArchiveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptArchiveException(String blob, String detail) {
        super("archived blob %s: %s; restore to an instant that does not need it, or from another copy of the archive".formatted(
                blob,
                detail));
    }
}
