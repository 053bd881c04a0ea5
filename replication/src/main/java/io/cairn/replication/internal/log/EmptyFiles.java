package io.cairn.replication.internal.log;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Pin;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import io.cairn.replication.internal.store.LiveBytes;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// At which index files last had extents dropped. One that holds nothing alive is given back once the store is durable up to there: until
/// then a crash brings back rows that name it; and once every reader that began before has ended. Thread-safe.
final class EmptyFiles {
    private final LiveBytes live;
    private final Map<FileKey, Long> droppedAt = new HashMap<>();
    private final Set<IndexPin> pins = ConcurrentHashMap.newKeySet();
    /// How many extents in each log file wait for the batch that names them; files of survivors that do, too. Numbers are unique.
    private final Map<Long, Integer> unnamed = new HashMap<>();
    /// Bytes in files of their own that were dropped since [#resetDroppedBytes].
    private long droppedBytes;

    EmptyFiles(LiveBytes live) {
        this.live = live;
    }

    /// An extent has its place in a log file: that stays at least until a batch named the extent or it was abandoned.
    synchronized void appended(long file) {
        unnamed.merge(file, 1, Integer::sum);
    }

    /// Log files with extents that a batch may still name.
    synchronized Set<Long> unnamedFiles() {
        return Set.copyOf(unnamed.keySet());
    }

    /// A file of its own that nothing names now, and that an archive may still have to read up to `index`.
    synchronized void keptForArchive(long number, long index) {
        droppedAt.put(new FileKey(Home.OWN_FILE, number), index);
    }

    private void named(Extent extent) {
        if (extent.home() == Home.LOG)
            unnamed.computeIfPresent(extent.file(), (_, count) -> count == 1 ? null : count - 1);
    }

    /// The batch's extents count as live from now on.
    void applied(Batch.Sealed batch) {
        if (batch.added().isEmpty() && batch.divided().isEmpty())
            return;
        synchronized (this) {
            batch.added().forEach(this::named);
            batch.divided().forEach(this::named);
        }
    }

    /// Keeps what is named by the state at `index` or a later one.
    Pin pin(long index) {
        var pin = new IndexPin(index);
        pins.add(pin);
        return pin;
    }

    /// Up to which index files that became empty may be given back.
    long floor(long durableIndex) {
        long floor = durableIndex;
        for (var pin : pins)
            floor = Math.min(floor, pin.index);
        return floor;
    }

    private final class IndexPin implements Pin {
        private final long index;

        IndexPin(long index) {
            this.index = index;
        }

        @Override
        public void close() {
            pins.remove(this);
        }
    }

    /// A batch is about to be applied at `index`: files that it takes extents from may be empty from then on. Told before, so that no
    /// file is ever empty without an index.
    void applying(long index, Batch.Sealed batch, @Nullable Bulk bulk) {
        if (batch.dropped().isEmpty() && batch.pieces().isEmpty() && bulk == null)
            return;
        synchronized (this) {
            for (Extent extent : batch.dropped())
                dropped(extent, index);
            for (Extent extent : batch.pieces())
                dropped(extent, index);
            if (bulk != null)
                dropped(bulk.extent(), index);
        }
    }

    private void dropped(Extent extent, long index) {
        droppedAt.put(FileKey.of(extent), index);
        if (extent.home() == Home.OWN_FILE)
            droppedBytes += extent.length();
    }

    /// How many bytes wait in files of their own to be given back.
    synchronized long droppedBytes() {
        return droppedBytes;
    }

    synchronized void resetDroppedBytes() {
        droppedBytes = 0;
    }

    /// Whether files of their own are empty that were not given back yet.
    boolean ownFilesWait() {
        return ownFileDroppedAfter(Long.MIN_VALUE);
    }

    /// Whether one of them became empty behind `index`.
    synchronized boolean ownFileDroppedAfter(long index) {
        for (var dropped : droppedAt.entrySet())
            if (dropped.getKey().home() == Home.OWN_FILE && dropped.getValue() > index
                    && !live.contains(Home.OWN_FILE, dropped.getKey().number()))
                return true;
        return false;
    }

    /// A file that no batch will ever name.
    synchronized void abandoned(Extent extent) {
        named(extent);
        if (extent.home() == Home.OWN_FILE)
            dropped(extent, 0);
    }

    /// A file of survivors is being written: it stays at least until [#settled].
    synchronized void packed(long number) {
        unnamed.put(number, 1);
    }

    /// Batches have named all in it that they ever will, which may be nothing.
    synchronized void settled(long number) {
        unnamed.remove(number);
        droppedAt.putIfAbsent(new FileKey(Home.OWN_FILE, number), 0L);
    }

    /// Files of their own that may be deleted, given [#floor].
    synchronized List<Long> deletable(long floor) {
        var numbers = new ArrayList<Long>();
        droppedAt.forEach((key, since) -> {
            if (key.home() == Home.OWN_FILE && since <= floor && !live.contains(Home.OWN_FILE, key.number())
                    && !unnamed.containsKey(key.number()))
                numbers.add(key.number());
        });
        return numbers;
    }

    /// Whether a log file holds no live extent now, nor in any state since `floor`.
    synchronized boolean logFileEmpty(long number, long floor) {
        if (live.contains(Home.LOG, number) || unnamed.containsKey(number))
            return false;
        return droppedAt.getOrDefault(new FileKey(Home.LOG, number), 0L) <= floor;
    }

    synchronized void forget(FileKey key) {
        droppedAt.remove(key);
    }
}
