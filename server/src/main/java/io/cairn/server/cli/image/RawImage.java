package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// The bytes of the disk, one after another. Java does not tell where the file's holes are: they are read, as the zeros that they are.
final class RawImage implements DiskImage {
    private final ImageFile file;

    RawImage(ImageFile file) {
        this.file = file;
    }

    @Override
    public String format() {
        return "raw";
    }

    @Override
    public long sizeBytes() {
        return file.sizeBytes();
    }

    @Override
    public List<Range> stored(long from, long to) {
        return from == to ? List.of() : List.of(new Range(from, to - from));
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        file.read(offset, into);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
