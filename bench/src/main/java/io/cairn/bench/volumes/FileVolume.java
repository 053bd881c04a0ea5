package io.cairn.bench.volumes;

import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A plain file, written in place: no checksum, no snapshot, and a crash leaves any mixture of old and new.
final class FileVolume extends EmbeddedVolume {
    static final String NAME = "FileChannel";
    private final FileChannel file;

    FileVolume(Path path, long bytes) throws IOException {
        super(bytes);
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public Entrant entrant() {
        return new Entrant(NAME, "of this JDK", "a flush is fdatasync; a crash leaves any of the writes since",
                "FileChannel.open(file)");
    }

    @Override
    void read(long offset, ByteBuffer block) throws IOException {
        while (block.hasRemaining())
            if (file.read(block, offset + block.position()) < 0)
                throw new IOException("the file ends before " + offset);
    }

    @Override
    void write(long offset, ByteBuffer block) throws IOException {
        while (block.hasRemaining())
            file.write(block, offset + block.position());
    }

    @Override
    void flush() throws IOException {
        file.force(false);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
