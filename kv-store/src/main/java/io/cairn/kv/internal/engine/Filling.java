package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.kv.internal.row.TableRow.IndexRow;
import io.cairn.replication.Batch;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Fills what was added to a table with items: indexes whose status is CREATING, and expiries. Writes keep the new rows from the moment of
/// the addition on; this walks what stood before, some items at a time, each under its latch, and writes their rows too. Doing it twice
/// does no harm, so after a crash it begins again. An item whose attribute is of the wrong type, empty or too large for a key is left out, as the
/// service leaves it out (developer guide, "Detecting and correcting index key violations").
final class Filling {
    private static final int STEP_ITEMS = 64;
    private static final int STEP_BYTES = 512 << 10;
    private final Writes writes;
    private final LogTable table;
    private final BooleanSupplier ended;

    /// @param ended asked between steps: then it stops, to be begun again
    Filling(Writes writes, LogTable table, BooleanSupplier ended) {
        this.writes = writes;
        this.table = table;
        this.ended = ended;
    }

    static boolean isNeeded(TableRow row) {
        return row.definition().ttlAttribute() != null && !row.ttlFilled()
                || row.indexes().stream().anyMatch(index -> index.status() == Status.CREATING);
    }

    /// Blocks until all is filled. What was added meanwhile is filled by a later run.
    void run() {
        int switches = table.expirySwitches();
        var begun = table.layout().row();
        byte[] from = new OrderedBytes(4).u32(begun.id()).toBytes();
        byte[] to = OrderedBytes.afterPrefix(from);
        for (var next = step(from, to); next != null; next = step(next, to))
            if (ended.getAsBoolean())
                return;
        writes.gate().alone(() -> finish(begun, switches));
    }

    /// Fills in some items' rows; returns where to go on, or null at the end.
    private byte @Nullable [] step(byte[] from, byte @Nullable [] to) {
        var keys = new ArrayList<byte[]>();
        byte[] next = null;
        int bytes = 0;
        try (var rows = writes.store().scan(KvSpace.DATA, new Range(from, to))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                if (keys.size() == STEP_ITEMS || bytes > STEP_BYTES) {
                    next = rows.key();
                    break;
                }
                keys.add(rows.key());
                bytes += rows.value().length;
            }
        }
        if (!keys.isEmpty())
            fill(keys);
        return next;
    }

    private void fill(List<byte[]> keys) {
        KvStore.await(writes.inside(() -> {
            var now = table.layout();
            return writes.latched(keys.toArray(byte[][]::new), () -> {
                var rows = new RowWriter(new Batch());
                for (var key : keys) {
                    var item = writes.read(key);
                    if (item != null)
                        fill(now, rows, key, item);
                }
                return new Writes.Change<>(rows, keys.size());
            });
        }));
    }

    private static void fill(TableLayout now, RowWriter rows, byte[] key, Item item) {
        for (var index : now.indexes())
            if (index.status() == Status.CREATING)
                rows.fillIndex(index, item);
        var ttl = now.ttlName();
        if (ttl != null && !now.row().ttlFilled())
            rows.fillExpiry(ttl, key, item);
    }

    /// What was being filled when this began, and still is, is whole now.
    private void finish(TableRow begun, int switches) {
        TableRow now;
        try {
            now = table.layout().row();
        } catch (KvRefusedException e) {
            return; // the table was deleted meanwhile
        }
        var filled = begun.indexes().stream().filter(index -> index.status() == Status.CREATING).map(IndexRow::id).toList();
        var indexes = now.indexes().stream()
                .map(index -> filled.contains(index.id()) ? new IndexRow(index.id(), Status.ACTIVE) : index).toList();
        boolean ttl = now.ttlFilled() || begun.definition().ttlAttribute() != null && switches == table.expirySwitches();
        var done = now.with(now.definition(), indexes).withTtlFilled(ttl);
        writes.commit(new Batch().put(KvSpace.META, TableRow.key(now.definition().name()), done.encode()));
        table.become(done);
    }
}
