package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that holds a disk.
public sealed interface DiskImage extends Contents permits RawImage, Qcow2Image {
    /// For people: `qcow2`.
    String format();

    /// Opens a file as what its first bytes say it is; whatever has no magic number is raw.
    ///
    /// @throws ImageException when it is damaged, or has what cannot be read here
    static DiskImage open(Path path) throws IOException {
        var file = new ImageFile(path, FileChannel.open(path, StandardOpenOption.READ));
        try {
            var magic = ByteBuffer.allocate(Integer.BYTES);
            if (file.sizeBytes() >= Integer.BYTES)
                file.read(0, magic);
            return magic.getInt(0) == Qcow2.MAGIC ? Qcow2Image.of(file) : new RawImage(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
