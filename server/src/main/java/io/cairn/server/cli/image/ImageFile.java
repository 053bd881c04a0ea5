package io.cairn.server.cli.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file with an image in it, open for reading. Nothing past the end that it had when it was opened is asked for. Any thread.
final class ImageFile implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private final long sizeBytes;

    ImageFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.sizeBytes = channel.size();
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /// Whether all of it lies in the file.
    boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= sizeBytes && length <= sizeBytes - offset;
    }

    void read(long offset, ByteBuffer into) throws IOException {
        if (!holds(offset, into.remaining()))
            throw damaged("%d bytes at %d lie past its end, at %d".formatted(into.remaining(), offset, sizeBytes));
        while (into.hasRemaining()) {
            int count = channel.read(into, offset);
            if (count < 0)
                throw damaged("it was cut off at " + offset + " while it was read");
            offset += count;
        }
    }

    ImageException damaged(String how) {
        return new ImageException(path + " is damaged: " + how);
    }

    ImageException refused(String why) {
        return new ImageException(path + " " + why);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
