package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreSnapshot;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/// Counts a table's items after a crash. The counting begins between two changes, so that each change is counted once: before in the walk, or behind by
/// itself.
final class Counting {
    private Counting() {}

    /// Blocks. Stops, to be begun again, when `ended` says so.
    static void run(Writes writes, LogTable table, BooleanSupplier ended) {
        var taken = new AtomicReference<StoreSnapshot>();
        writes.gate().alone(() -> {
            taken.set(writes.store().snapshot());
            table.counts().restart();
        });
        long items = 0;
        long bytes = 0;
        try (var snapshot = taken.get(); var rows = snapshot.scan(KvSpace.DATA, Range.prefix(table.layout().keys().head()))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                items++;
                bytes += Item.ofEncoded(rows.value()).size();
                if (items % 1000 == 0 && ended.getAsBoolean())
                    return;
            }
        }
        table.counts().found(items, bytes);
    }
}
