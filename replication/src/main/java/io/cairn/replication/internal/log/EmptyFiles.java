package io.cairn.replication.internal.log;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import io.cairn.replication.internal.store.LiveBytes;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Since which index a file holds nothing that is alive. It is given back once the store is durable up to there: until then a
/// crash brings back rows that name it. Thread-safe.
final class EmptyFiles {
    private final LiveBytes live;
    private final Map<FileKey, Long> emptySince = new HashMap<>();
    /// How many extents in each log file wait for the batch that names them.
    private final Map<Long, Integer> unnamed = new HashMap<>();

    EmptyFiles(LiveBytes live) {
        this.live = live;
    }

    /// An extent has its place in a log file: that stays at least until a batch named the extent or it was abandoned.
    synchronized void appended(long file) {
        unnamed.merge(file, 1, Integer::sum);
    }

    private void named(Extent extent) {
        if (extent.home() == Home.LOG)
            unnamed.computeIfPresent(extent.file(), (_, count) -> count == 1 ? null : count - 1);
    }

    /// A batch was applied at `index`.
    void applied(long index, Batch.Sealed batch, @Nullable Bulk bulk) {
        if (batch.added().isEmpty() && batch.dropped().isEmpty() && bulk == null)
            return;
        synchronized (this) {
            batch.added().forEach(this::named);
            for (Extent extent : batch.dropped())
                if (!live.contains(extent.home(), extent.file()))
                    emptySince.put(FileKey.of(extent), index);
            if (bulk != null)
                emptySince.put(FileKey.of(bulk.extent()), index);
        }
    }

    /// A file that no batch will ever name.
    synchronized void abandoned(Extent extent) {
        named(extent);
        if (extent.home() == Home.OWN_FILE)
            emptySince.put(FileKey.of(extent), 0L);
    }

    /// Files of their own that may be deleted when the store is durable up to `durableIndex`.
    synchronized List<Long> deletable(long durableIndex) {
        var numbers = new ArrayList<Long>();
        emptySince.forEach((key, since) -> {
            if (key.home() == Home.OWN_FILE && since <= durableIndex)
                numbers.add(key.number());
        });
        return numbers;
    }

    /// Whether a log file holds no live extent in the state at `durableIndex` nor now.
    synchronized boolean logFileEmpty(long number, long durableIndex) {
        if (live.contains(Home.LOG, number) || unnamed.containsKey(number))
            return false;
        return emptySince.getOrDefault(new FileKey(Home.LOG, number), 0L) <= durableIndex;
    }

    synchronized void forget(FileKey key) {
        emptySince.remove(key);
    }
}
