package io.cairn.kv.internal.engine;

import io.cairn.kv.ScrubReport;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Damage;
import io.cairn.replication.Store;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.StoreSnapshot;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One walk over all rows of an open store. Rows are taken in pages, each in a snapshot of its own, which lies between two batches: so rows
/// agree with one another in it whatever is written meanwhile, and nothing that is overwritten is kept for longer than a page takes.
final class Scrub {
    private static final int PAGE_ROWS = 256;
    private final Store store;
    private final long bytesPerSecond;
    private final Consumer<Damage> found;
    private final BooleanSupplier ended;
    private final long begun = System.nanoTime();
    private @Nullable CheckedTables tables;
    private long rows;
    private long bytes;
    private long damages;

    Scrub(Store store, long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        this.store = store;
        this.bytesPerSecond = bytesPerSecond;
        this.found = found;
        this.ended = ended;
    }

    ScrubReport run() {
        try {
            store.verifyFiles();
        } catch (StoreFailedException e) {
            unreadable(e);
        }
        for (var space : KvSpace.values())
            each(space);
        return new ScrubReport(rows, bytes, damages, !ended.getAsBoolean());
    }

    private void each(KvSpace space) {
        byte[] from = {};
        while (from != null && !ended.getAsBoolean())
            try (var snapshot = store.snapshot()) {
                from = page(snapshot, space, from);
            } catch (StoreFailedException e) {
                unreadable(e); // what lies behind it cannot be reached
                return;
            } finally {
                rest();
            }
    }

    /// Returns where the next page begins; null at the end.
    private byte @Nullable [] page(StoreSnapshot snapshot, KvSpace space, byte[] from) {
        var check = new RowCheck(snapshot, new InSnapshot(snapshot), this::tell);
        try (var cursor = snapshot.scan(space, new Range(from, null))) {
            int count = 0;
            for (cursor.seekToFirst(); cursor.valid(); cursor.next()) {
                var key = cursor.key();
                if (count++ == PAGE_ROWS)
                    return key;
                var value = cursor.value();
                rows++;
                bytes += key.length + value.length;
                check.row(space, key, value);
            }
        }
        return null;
    }

    /// Tables seldom change: they are read again when one is not as it was.
    private final class InSnapshot implements RowCheck.Tables {
        private final StoreSnapshot snapshot;

        InSnapshot(StoreSnapshot snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public @Nullable TableLayout table(int id) {
            return (tables != null && tables.isAsIn(snapshot, id) ? tables : again()).table(id);
        }

        @Override
        public @Nullable TableLayout ofStream(int id, long label) {
            return (tables != null && tables.streamIsAsIn(snapshot, id, label) ? tables : again()).ofStream(id, label);
        }

        private CheckedTables again() {
            var read = CheckedTables.read(snapshot, what -> tell(new Damage("", -1, what, null)));
            tables = read;
            return read;
        }
    }

    private void unreadable(StoreFailedException e) {
        tell(new Damage("db", -1, String.valueOf(e.getMessage()), null));
    }

    private void tell(Damage damage) {
        damages++;
        found.accept(damage);
    }

    /// Waits until so many bytes may have been read.
    private void rest() {
        long due = begun + (long) (bytes * 1e9 / bytesPerSecond);
        try {
            for (long left = due - System.nanoTime(); left > 0 && !ended.getAsBoolean(); left = due - System.nanoTime())
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
