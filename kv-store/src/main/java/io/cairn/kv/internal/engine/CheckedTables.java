package io.cairn.kv.internal.engine;

import io.cairn.kv.internal.row.CountRow;
import io.cairn.kv.internal.row.DisabledStreamRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tables of a view, as its META says, and what is wrong with META. One thread.
final class CheckedTables implements RowCheck.Tables {
    private record Known(byte[] key, byte[] row, TableLayout layout) {}

    private record StreamName(int table, long label) {}

    private final Map<Integer, Known> byId = new TreeMap<>();
    private final Map<StreamName, Known> disabled = new HashMap<>();
    private final Map<Integer, CountRow> counts = new HashMap<>();
    private int nextId = 1;

    /// @param wrong is told what contradicts itself
    static CheckedTables read(StoreView view, Consumer<String> wrong) {
        var tables = new CheckedTables();
        try (var rows = view.scan(KvSpace.META, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                try {
                    tables.row(rows.key(), rows.value(), wrong);
                } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
                    wrong.accept("the row META " + HexFormat.of().formatHex(rows.key()) + " cannot be read: " + e.getMessage());
                }
        }
        for (var id : tables.byId.keySet())
            if (id >= tables.nextId)
                wrong.accept("table " + id + " is there, and the next one's id would be " + tables.nextId);
        for (var id : tables.counts.keySet())
            if (!tables.byId.containsKey(id))
                wrong.accept("a count is there of table " + id + ", which is not");
        return tables;
    }

    private void row(byte[] key, byte[] value, Consumer<String> wrong) {
        if (CountRow.isCount(key))
            counts.put(CountRow.table(key), CountRow.decode(value));
        else if (TableRow.isTable(key)) {
            var row = TableRow.decode(TableRow.name(key), value);
            var before = byId.put(row.id(), new Known(key, value, TableLayout.of(row, new Counts())));
            if (before != null)
                wrong.accept("tables " + before.layout.name() + " and " + TableRow.name(key) + " have one id: " + row.id());
            for (var index : row.indexes())
                if (index.id() >= row.nextIndex())
                    wrong.accept("table " + TableRow.name(key) + " has index " + index.id() + ", and the next one's id would be "
                            + row.nextIndex());
        } else if (DisabledStreamRow.isDisabledStream(key)) {
            var row = DisabledStreamRow.decode(key, value).table();
            disabled.put(new StreamName(row.id(), row.streamMicros()), new Known(key, value, TableLayout.of(row, new Counts())));
        } else if (Arrays.equals(key, TableRow.nextIdKey()))
            nextId = ByteBuffer.wrap(value).getInt();
        else
            wrong.accept("a row of META is of no known kind: " + HexFormat.of().formatHex(key));
    }

    @Override
    public @Nullable TableLayout table(int id) {
        var known = byId.get(id);
        return known == null ? null : known.layout;
    }

    @Override
    public @Nullable TableLayout ofStream(int table, long label) {
        var known = stream(table, label);
        return known == null ? null : known.layout;
    }

    private @Nullable Known stream(int table, long label) {
        var known = byId.get(table);
        var row = known == null ? null : known.layout.row();
        return row != null && row.definition().stream() != null && row.streamMicros() == label
                ? known
                : disabled.get(new StreamName(table, label));
    }

    /// Whether `view` has table `id` as it was read.
    boolean isAsIn(StoreView view, int id) {
        return isAsIn(view, byId.get(id));
    }

    boolean streamIsAsIn(StoreView view, int table, long label) {
        return isAsIn(view, stream(table, label));
    }

    private static boolean isAsIn(StoreView view, @Nullable Known known) {
        return known != null && Arrays.equals(view.get(KvSpace.META, known.key), known.row);
    }

    /// What was counted of a table at the last close in order; null when nothing was.
    @Nullable
    CountRow count(int id) {
        return counts.get(id);
    }

    Set<Integer> ids() {
        return byId.keySet();
    }
}
