package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.extent.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file `BEGUN` of a group's directory: there is a log. Its text is the version of this mark, 1, and a line end.
final class BegunMark {
    static final String TEXT = "1\n";
    private static final String NAME = "BEGUN";

    private BegunMark() {}

    /// Without log files: only a group that was never begun has none.
    static void requireNew(Path directory, Disk extents) throws IOException {
        boolean found = false;
        for (var name : extents.list())
            found |= FileNames.number(Home.OWN_FILE, name).isPresent();
        if (found || Files.exists(directory.resolve(NAME)))
            throw new CorruptLogException(directory.resolve("log").toString(), 0,
                    "the log is missing, but the group was begun: there is " + (found ? "an extent file" : NAME));
    }

    /// Durable when it returns, with the names in `directory` and its own.
    static void write(Path directory) throws IOException {
        var marker = directory.resolve(NAME);
        if (Files.exists(marker))
            return;
        try (var file = FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII)));
            file.force(true);
        }
        // The names of what was made here, and of this directory itself.
        Disk.of(directory).sync();
        var parent = directory.toAbsolutePath().getParent();
        if (parent != null)
            Disk.of(parent).sync();
    }
}
