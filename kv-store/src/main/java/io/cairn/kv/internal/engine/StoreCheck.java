package io.cairn.kv.internal.engine;

import io.cairn.kv.CheckReport;
import io.cairn.kv.Item;
import io.cairn.kv.internal.row.CountRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.LogInspection;
import io.cairn.replication.LogInspection.Totals;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Files first, since they can be read whatever rows say; then each row against the others. Memory: two numbers a table.
public final class StoreCheck {
    private final LogInspection log;
    private final Consumer<Damage> sink;
    private final Map<KvSpace, Long> rows = new EnumMap<>(KvSpace.class);
    private final Map<Integer, CountRow> items = new HashMap<>();
    private long tables;
    private long damages;

    private StoreCheck(LogInspection log, Consumer<Damage> sink) {
        this.log = log;
        this.sink = sink;
    }

    public static CheckReport check(Path directory, Consumer<Damage> found) {
        try (var held = EngineDirectory.inspect(directory, Engine.KV, LogKvStore.FORMAT);
                var log = LogInspection.open(held.group(0), KvSpace.group(0))) {
            return new StoreCheck(log, found).run();
        }
    }

    private CheckReport run() {
        var files = log.files(this::tell);
        try {
            rows();
            live();
        } catch (StoreFailedException e) {
            tell(new Damage("db", -1, "rows cannot be read: " + e.getMessage(), null));
        }
        return report(files);
    }

    private void rows() {
        var known = CheckedTables.read(log.rows(), this::wrong);
        tables = known.ids().size();
        var check = new RowCheck(log.rows(), known, this::tell);
        for (var space : KvSpace.values())
            try (var cursor = log.rows().scan(space, new Range(new byte[0], null))) {
                for (cursor.seekToFirst(); cursor.valid(); cursor.next()) {
                    rows.merge(space, 1L, Long::sum);
                    check.row(space, cursor.key(), cursor.value());
                    if (space == KvSpace.DATA)
                        count(cursor.key(), cursor.value());
                }
            }
        for (int id : known.ids())
            compare(known, id);
    }

    private void count(byte[] key, byte[] value) {
        try {
            items.merge(OrderedBytes.u32(key, 0), new CountRow(1, Item.ofEncoded(value).size()),
                    (all, one) -> new CountRow(all.items() + one.items(), all.bytes() + one.bytes()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The row check has told it.
        }
    }

    private void compare(CheckedTables known, int id) {
        var counted = known.count(id);
        var table = known.table(id);
        var there = items.getOrDefault(id, new CountRow(0, 0));
        if (counted != null && table != null && !counted.equals(there))
            wrong("table %s is said to have %d items of %d bytes and has %d of %d".formatted(table.name(), counted.items(),
                    counted.bytes(), there.items(), there.bytes()));
    }

    /// No row of this engine names an extent.
    private void live() {
        log.live().forEach((file, bytes) -> {
            if (bytes != 0)
                tell(new Damage(file.name(), -1, bytes < 0
                        ? "an extent in it was given up twice: the file is kept for ever"
                        : bytes + " bytes are counted as alive in it, and no row names any", null));
        });
    }

    private CheckReport report(Totals files) {
        long bytes = items.values().stream().mapToLong(CountRow::bytes).sum();
        return new CheckReport(tables, rows(KvSpace.DATA), bytes, rows(KvSpace.LSI) + rows(KvSpace.GSI), rows(KvSpace.STREAM),
                files.entries(), files.unapplied(), files.logBytes(), files.extentBytes(), files.storeBytes(), damages);
    }

    private long rows(KvSpace space) {
        return rows.getOrDefault(space, 0L);
    }

    private void wrong(String what) {
        tell(new Damage("", -1, what, null));
    }

    private void tell(Damage damage) {
        damages++;
        sink.accept(damage);
    }
}
