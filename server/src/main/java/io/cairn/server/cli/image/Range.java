package io.cairn.server.cli.image;

/// Bytes `[offset, offset + length)` of a disk.
public record Range(long offset, long length) {
    public Range {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length)
            throw new IllegalArgumentException("need offset >= 0 and length >= 1: offset=" + offset + ", length=" + length);
    }

    public long end() {
        return offset + length;
    }
}
