package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.Operations;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.AppliedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads all records of all log files. Where records end, three things tell whether that is well: a later record of the file, the head
/// of the next file, which knows where this one ended, and what records say was durable. A bad record of the newest file that none of these
/// vouches for was never acknowledged.
final class LogWalk {
    private final ReadOnlyDisk disk;
    private final Group group;
    private final Consumer<Damage> found;
    private long entries;
    private long unapplied;
    private AppliedState applied = AppliedState.NOTHING;
    private final Set<Long> ownFiles = new HashSet<>();

    LogWalk(Path directory, Group group, Consumer<Damage> found) {
        this.disk = new ReadOnlyDisk(directory);
        this.group = group;
        this.found = found;
    }

    /// How many entries there are.
    ///
    /// @param applied how far the store is: from there on every file is needed
    long walk(AppliedState applied) throws IOException {
        this.applied = applied;
        var numbers = new TreeSet<Long>();
        for (var name : disk.list())
            FileNames.number(Home.LOG, name).ifPresent(numbers::add);
        var headers = new TreeMap<Long, LogFileHeader>();
        for (long number : numbers) {
            var header = header(LogFiles.name(number), number, number == numbers.getLast());
            if (header != null)
                headers.put(number, header);
        }
        requireChain(numbers, headers.values(), applied);
        for (Map.Entry<Long, LogFileHeader> file : headers.entrySet()) {
            var next = headers.higherEntry(file.getKey());
            boolean follows = next != null && next.getValue().previous() == file.getKey();
            records(file.getValue(), follows && next != null ? next.getValue() : null);
        }
        return entries;
    }

    /// As [Recovery] does: the file in which a replay begins, and each between two that are there, whatever lives in them.
    private void requireChain(Set<Long> numbers, Iterable<LogFileHeader> headers, AppliedState applied) {
        if (applied.file() != 0 && !numbers.contains(applied.file()))
            damage(LogFiles.name(applied.file()), applied.offset(), "the log file is missing, in which a replay begins");
        for (var header : headers)
            if (header.number() > applied.file() && header.previous() > applied.file() && !numbers.contains(header.previous()))
                damage(LogFiles.name(header.previous()), -1, "the log file is missing");
    }

    /// Null where there is none to be read; that is well in the newest file when it was just being begun, as for [Recovery].
    private @Nullable LogFileHeader header(String name, long number, boolean newest) {
        try (var file = disk.open(name, false)) {
            var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
            file.read(bytes, 0);
            var header = LogFileHeader.decode(bytes.flip());
            if (header == null && newest && !Recovery.hasRecords(file, number))
                return null;
            if (header == null)
                damage(name, 0, "the header does not match its crc32c; nothing else in the file can be read");
            else if (header.number() == number && header.engine() == group.engine().id() && header.group() == group.number())
                return header;
            else if (header.number() == number)
                damage(name, 0, "the file belongs to engine " + header.engine() + " group " + header.group());
            return null;
        } catch (IllegalArgumentException e) {
            damage(name, 0, String.valueOf(e.getMessage()));
            return null;
        } catch (IOException e) {
            damage(name, -1, "the file cannot be read: " + e);
            return null;
        }
    }

    private void records(LogFileHeader header, @Nullable LogFileHeader next) {
        var name = LogFiles.name(header.number());
        try (var file = disk.open(name, false)) {
            var scanner = new LogScanner(file, header, name, LogFileHeader.RECORDS_AT);
            while (true) {
                for (var record = scanner.next(); record != null; record = scanner.next())
                    record(header.number(), name, record);
                long end = scanner.position();
                if (next != null && end == next.previousEnd())
                    return;
                var later = scanner.resync(next != null);
                if (later >= 0)
                    damage(name, end, "a record is damaged; the next whole one begins at byte " + later);
                else {
                    if (next != null)
                        damage(name, end,
                                "a record is damaged: the next file says that this one ends at byte " + next.previousEnd());
                    return;
                }
            }
        } catch (CorruptLogException e) {
            damage(name, -1, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            damage(name, -1, "the file cannot be read: " + e);
        }
    }

    private void record(long number, String name, LogScanner.Found record) {
        if (record.kind() != RecordFormat.ENTRY)
            return;
        entries++;
        if (number > applied.file() || number == applied.file() && record.offset() >= applied.offset())
            unapplied++;
        try {
            for (var part : EntryFormat.decode(record.payload()).parts())
                named(part);
        } catch (IllegalArgumentException e) {
            damage(name, record.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void named(EntryFormat.Part part) {
        var bulk = part.bulk();
        if (bulk != null) {
            ownFiles.add(bulk.extent().file());
            return;
        }
        for (var operation : Operations.parse(part.operations()))
            if (operation instanceof Operation.AddExtent(var extent, _) && extent.home() == Home.OWN_FILE)
                ownFiles.add(extent.file());
    }

    /// How many of the entries stand behind what is applied.
    long unapplied() {
        return unapplied;
    }

    /// Extent files that entries name, alive still or not.
    Set<Long> ownFiles() {
        return ownFiles;
    }

    private void damage(String name, long offset, String what) {
        found.accept(new Damage("log/" + name, offset, what, null));
    }
}
