package io.cairn.block;

/// A block is not what was stored. Nothing was returned; other blocks stay readable.
public final class CorruptBlockException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptBlockException(String device, long block, String what) {
        super("%s block %d: %s; other blocks can be read, and a snapshot may have it".formatted(device, block, what));
    }
}
