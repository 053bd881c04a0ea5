package io.cairn.object;

/// Stored bytes do not match their checksum. Nothing wrong was returned; other objects stay readable.
public final class CorruptObjectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptObjectException(String bucket, String key, String detail) {
        super("object %s/%s: %s; restore it from a copy".formatted(bucket, key, detail));
    }
}
