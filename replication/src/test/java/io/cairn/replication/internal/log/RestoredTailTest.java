package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.LogInspection;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was restored is never taken for a torn tail: a byte that changes afterwards is told by an inspection and refused by an open, up to
/// the very end of the log.
final class RestoredTailTest {
    private static final LogOptions OPTIONS = LogOptions.DEFAULT.withFileBytes(1 << 20);

    @TempDir
    Path directory;
    private Archive archive;
    private final List<Long> stamps = new ArrayList<>();

    /// The base checkpoint is empty, so that a restore replays everything; extents ride in the log, each before the entry that names it.
    @BeforeEach
    void archive() {
        archive = Archive.directory(directory.resolve("archive"));
        var archiving = ArchiveOptions.to(archive).withInterval(Duration.ofMinutes(10)).withCheckpoints(1 << 30,
                Duration.ofDays(1));
        try (var log = LocalLog.open(directory.resolve("live"), ArchivedHistory.GROUP, OPTIONS.withArchive(archiving),
                CommitListener.NONE)) {
            log.archiveNow();
            for (int i = 0; i < 6; i++) {
                var content = new byte[9001 + i];
                new Random(i).nextBytes(content);
                var extent = log.append(1, ByteBuffer.wrap(content));
                stamps.add(log.propose(new Batch().put(ArchivedHistory.Rows.LEFT, new byte[]{(byte) i}, new byte[101])
                        .addExtent(extent)).done().join().stamp());
            }
            log.archiveNow();
        }
    }

    @Test
    void aByteThatChangesInTheLastGroupIsToldAndRefused() throws IOException {
        for (var target : List.of(new Target.Latest(), new Target.At(stamps.get(5)), new Target.At(stamps.get(3)),
                new Target.At(stamps.get(4) - 1)))
            requireVouchedFor(target, 2); // the extent, and the entry that names it
    }

    /// As a server killed and restored again would: the second restore reads what the first one's directory archived.
    @Test
    void aDirectoryRestoredFromARestoredOneIsVouchedForToo() throws IOException {
        var first = restore(new Target.Latest());
        try (var log = LocalLog.open(first, ArchivedHistory.GROUP,
                OPTIONS.withArchive(ArchiveOptions.to(archive).withInterval(Duration.ofMinutes(10))), CommitListener.NONE)) {
            log.archiveNow();
            log.propose(new Batch().put(ArchivedHistory.Rows.LEFT, new byte[]{77}, new byte[333])).done().join();
            log.archiveNow();
        }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
        assertEquals(List.of(), inspected(first));
        requireVouchedFor(new Target.Latest(), 1); // the one before is in its base checkpoint, so no open reads it
    }

    private void requireVouchedFor(Target target, int count) throws IOException {
        var whole = restore(target);
        assertEquals(List.of(), inspected(whole));
        var file = lastLog(whole);
        var records = records(file);
        var last = records.getLast();
        var group = records.subList(records.size() - count, records.size());
        var bytes = Files.readAllBytes(file);
        for (long at : sample(group)) {
            var changed = bytes.clone();
            changed[(int) at] ^= 0x10;
            var copy = copied(whole);
            Files.write(copy.resolve("log").resolve(file.getFileName()), changed);
            var name = file.getFileName().toString();
            var found = inspected(copy);
            assertTrue(found.stream().anyMatch(text -> text.contains(name)),
                    () -> "byte " + at + " of " + records + ": " + found);
            var refused = assertThrows(CorruptLogException.class, () -> open(copy).close(),
                    () -> "byte " + at + " of " + records);
            assertTrue(String.valueOf(refused.getMessage()).contains(name), refused::toString);
            ArchivedHistory.delete(copy);
        }
        // A changed mark takes nothing along.
        bytes[Math.toIntExact(last.end) + 12] ^= 1;
        Files.write(file, bytes);
        assertEquals(List.of(), inspected(whole));
        open(whole).close();
        assertEquals(last.end, previousEnd(whole));
        ArchivedHistory.delete(whole.resolveSibling(""));
    }

    private LocalLog open(Path group) {
        return LocalLog.open(group, ArchivedHistory.GROUP, OPTIONS, CommitListener.NONE);
    }

    /// @param used behind its payload; only zeros follow up to `end`
    private record Place(long offset, long used, long end) {}

    private static List<Place> records(Path file) throws IOException {
        var places = new ArrayList<Place>();
        try (var log = Disk.of(Objects.requireNonNull(file.getParent())).open(file.getFileName().toString(), false)) {
            var head = ByteBuffer.allocate(LogFileHeader.BYTES);
            log.read(head, 0);
            var header = Objects.requireNonNull(LogFileHeader.decode(head.flip()));
            var scanner = new LogScanner(log, header, file.getFileName().toString(), LogFileHeader.RECORDS_AT);
            for (var record = scanner.next(); record != null; record = scanner.next())
                places.add(new Place(record.offset(),
                        record.offset() + RecordFormat.HEADER_BYTES + record.payload().remaining(), record.end()));
        }
        return places;
    }

    /// Every byte of the headers, the first and last bytes of the payloads, and some between.
    private static Set<Long> sample(List<Place> records) {
        var sample = new TreeSet<Long>();
        var random = new Random(7);
        for (var record : records) {
            for (long at = record.offset; at < record.offset + RecordFormat.HEADER_BYTES; at += 3)
                sample.add(at);
            sample.add(record.offset + RecordFormat.HEADER_BYTES);
            sample.add(record.used - 1);
            for (int i = 0; i < 8; i++)
                sample.add(random.nextLong(record.offset, record.used));
        }
        return sample;
    }

    private int restores;

    private Path restore(Target target) {
        var into = directory.resolve("restored-" + ++restores);
        Restore.engine(archive, ArchivedHistory.GROUP, 1, target, OptionalLong.empty(), into);
        return into.resolve("0");
    }

    private static Path lastLog(Path group) throws IOException {
        try (var files = Files.list(group.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList().getLast();
        }
    }

    private static long previousEnd(Path group) throws IOException {
        var head = ByteBuffer.wrap(Files.readAllBytes(lastLog(group)));
        return Objects.requireNonNull(LogFileHeader.decode(head)).previousEnd();
    }

    private Path copied(Path group) throws IOException {
        var copy = directory.resolve("copy");
        try (var paths = Files.walk(group)) {
            for (var path : paths.toList())
                Files.copy(path, copy.resolve(group.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return copy;
    }

    private static List<String> inspected(Path group) {
        var found = new ArrayList<String>();
        try (var inspection = LogInspection.open(group, ArchivedHistory.GROUP)) {
            inspection.files(damage -> found.add(damage.text()));
        }
        return found;
    }
}
