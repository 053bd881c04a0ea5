package io.cairn.replication.internal.log;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.archive.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The file `ARCHIVED` of a group's directory: `cairn-timeline 1 TIMELINE`, 16 hexadecimal digits, a line. It says which timeline this log
/// goes on with. It is in no checkpoint and no restored directory, so those begin timelines of their own. Losing it, or finding another
/// text in it, costs a gap in the archive, which is told in the second case, and nothing else; that a timeline is this log's is held
/// against its bytes anyway.
final class ArchiveMark {
    private static final Pattern TEXT = Pattern.compile("cairn-timeline 1 ([0-9a-f]{16})\n");
    /// What stands for a timeline that cannot be read; none has it.
    static final long UNREADABLE = 0;
    private final Path directory;

    ArchiveMark(Path directory) {
        this.directory = directory;
    }

    OptionalLong read() throws IOException {
        var file = directory.resolve("ARCHIVED");
        if (!Files.exists(file))
            return OptionalLong.empty();
        var text = TEXT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        return OptionalLong.of(text.matches() ? Long.parseUnsignedLong(text.group(1), 16) : UNREADABLE);
    }

    /// Durable when it returns.
    void write(long timeline) throws IOException {
        var fresh = directory.resolve("ARCHIVED.new");
        try (var file = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer
                    .wrap(("cairn-timeline 1 " + Timeline.digits(timeline) + "\n").getBytes(StandardCharsets.US_ASCII)));
            file.force(true);
        }
        Files.move(fresh, directory.resolve("ARCHIVED"), StandardCopyOption.ATOMIC_MOVE);
        Disk.of(directory).sync();
    }
}
