package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/// How an image is written.
public enum ImageFormat {
    RAW, QCOW2;

    /// By the end of a file's name: `.qcow2`, else raw.
    public static ImageFormat of(Path file) {
        return file.toString().endsWith(".qcow2") ? QCOW2 : RAW;
    }

    /// Writes all of a disk into a file, which appears under its name, in place of one that had it, only when it is whole and on the disk;
    /// until then it is `NAME.cairn-part` beside it.
    public void write(Contents disk, Path file, LongConsumer progress) throws IOException {
        var whole = file.toAbsolutePath();
        var part = whole.resolveSibling(whole.getFileName() + ".cairn-part");
        Files.deleteIfExists(part);
        boolean complete = false;
        try {
            try (var out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE)) {
                switch (this) {
                    case RAW -> writeRaw(disk, out, progress);
                    case QCOW2 -> new Qcow2Writer(disk, out).write(progress);
                }
                out.force(true);
            }
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            complete = true;
        } finally {
            if (!complete)
                Files.deleteIfExists(part);
        }
        try (var directory = FileChannel.open(whole.getParent(), StandardOpenOption.READ)) {
            directory.force(true); // the new name
        }
    }

    /// What is a hole on the disk, or zeros, is a hole of the file.
    private static void writeRaw(Contents disk, FileChannel out, LongConsumer progress) throws IOException {
        Walk.over(disk, progress, (part, buffer) -> {
            disk.read(part.offset(), buffer);
            for (var run : Zeros.skipped(buffer, 4096))
                write(out, part.offset() + run.offset(), buffer.slice((int) run.offset(), (int) run.length()));
        });
        if (out.size() < disk.sizeBytes()) // ends in a hole; a byte makes the file as long as the disk
            write(out, disk.sizeBytes() - 1, ByteBuffer.allocate(1));
    }

    static void write(FileChannel out, long at, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining())
            at += out.write(bytes, at);
    }
}
