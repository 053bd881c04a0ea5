package io.cairn.replication.internal.log;

import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.extent.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

/// The files of one log directory: which there are, how one is begun, how one is given back.
///
/// A file that is no longer needed is renamed to `free-...` and used again: its blocks are allocated and written, so syncs of it have no
/// metadata to write. At most [#MAX_FREE] are kept.
final class LogFiles {
    static final int MAX_FREE = 4;
    private static final String FREE = "free-";

    private final Disk disk;
    private final Group group;
    private final RandomGenerator random;
    private final Deque<String> free = new ArrayDeque<>();
    /// First index by file number, of all files that hold records, the active one last.
    private final NavigableMap<Long, Long> files = new ConcurrentSkipListMap<>();
    /// Number of the file before, by file number.
    private final Map<Long, Long> previous = new ConcurrentHashMap<>();
    private final Set<Long> older = new HashSet<>();

    LogFiles(Disk disk, Group group, RandomGenerator random) throws IOException {
        this.disk = disk;
        this.group = group;
        this.random = random;
        for (var name : disk.list()) {
            if (name.startsWith(FREE))
                free.add(name);
            FileNames.number(Home.LOG, name).ifPresent(number -> {
                files.put(number, 0L);
                older.add(number);
            });
        }
    }

    List<Long> numbers() {
        return new ArrayList<>(files.keySet());
    }

    void loaded(LogFileHeader header) {
        files.put(header.number(), header.firstIndex());
        previous.put(header.number(), header.previous());
    }

    /// First index by file number, of the newest files without a gap among them: a file in the middle may have been given back while
    /// an older one is still the home of extents.
    NavigableMap<Long, Long> unbroken() {
        var run = new TreeMap<Long, Long>();
        Long number = files.isEmpty() ? null : files.lastKey();
        while (number != null) {
            Long first = files.get(number);
            if (first == null)
                break;
            run.put(number, first);
            number = previous.get(number);
        }
        return run;
    }

    @org.jspecify.annotations.Nullable
    Long after(long number) {
        return files.higherKey(number);
    }

    DiskFile open(long number) throws IOException {
        return disk.open(name(number), false);
    }

    static String name(long number) {
        return FileNames.of(Home.LOG, number);
    }

    /// Begins a file. Its name and header are durable when this returns.
    Active begin(long number, long previousNumber, long previousEnd, long firstIndex, long epoch) throws IOException {
        var header = new LogFileHeader(group.engine().id(), group.number(), number, random.nextLong(), previousNumber,
                previousEnd,
                firstIndex, epoch);
        var name = name(number);
        var recycled = takeFree();
        if (recycled != null)
            disk.rename(recycled, name);
        var file = disk.open(name, true);
        file.write(header.encode(), 0);
        if (recycled == null)
            file.write(ByteBuffer.allocate(LogFileHeader.RECORDS_AT - LogFileHeader.BYTES), LogFileHeader.BYTES);
        file.sync();
        disk.sync();
        loaded(header);
        return new Active(file, header, file.size());
    }

    record Active(DiskFile file, LogFileHeader header, long size) {}

    private synchronized @org.jspecify.annotations.Nullable String takeFree() {
        return free.poll();
    }

    /// Gives back a file that nothing needs any more. [Disk#sync] is left to the next [#begin]: until then the file merely exists longer.
    /// A file from before the last opening is deleted: it may have a second name in a checkpoint, and nothing on disk says so.
    void recycle(long number, boolean reusable) throws IOException {
        files.remove(number);
        previous.remove(number);
        synchronized (this) {
            if (!older.remove(number) && reusable && free.size() < MAX_FREE) {
                var freeName = FREE + name(number);
                disk.rename(name(number), freeName);
                free.add(freeName);
                return;
            }
        }
        disk.delete(name(number));
    }
}
