package io.cairn.kv.internal.engine;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Page;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.internal.engine.TableLayout.IndexLayout;
import io.cairn.kv.internal.row.KeyLayout;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Store.Cursor;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreView;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks rows for queries and scans. One walk; one thread.
final class PageReader {
    private final StoreView store;
    private final TableLayout table;
    private final @Nullable IndexLayout index;

    private PageReader(StoreView store, TableLayout table, @Nullable IndexLayout index) {
        this.store = store;
        this.table = table;
        this.index = index;
    }

    static Page query(StoreView store, TableLayout table, Query query) {
        var reader = new PageReader(store, table, table.index(query.index()));
        var range = KeyRange.of(reader.keys(), query.keys());
        return reader.walk(range, query.startKey(), query.forward(), query.limit(), query.filter(), query.whole(),
                query.keys().comparisons().size() > reader.keys().partition().size()
                        ? "The provided starting key does not match the range key predicate"
                        : "The provided starting key is outside query boundaries based on provided conditions");
    }

    static Page scan(StoreView store, TableLayout table, Scan scan) {
        var reader = new PageReader(store, table, table.index(scan.index()));
        var range = KeyRange.segment(reader.keys(), scan.segment(), scan.segments());
        return reader.walk(range, scan.startKey(), true, scan.limit(), scan.filter(), scan.whole(),
                "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: "
                        + scan.segments() + " Segment: " + scan.segment());
    }

    private KeyLayout keys() {
        return index == null ? table.keys() : index.keys();
    }

    private KvSpace space() {
        return index == null ? KvSpace.DATA : index.space();
    }

    private byte @Nullable [] startKey(@Nullable Item key, Range range, String outside) {
        if (key == null)
            return null;
        var names = keys().names();
        var row = key.count() == names.size() ? keys().key(key) : null;
        if (row == null)
            throw KvRefusedException
                    .validation("The provided starting key is invalid: The provided key element does not match the schema");
        if (Arrays.compareUnsigned(row, range.from()) < 0
                || range.to() != null && Arrays.compareUnsigned(row, range.to()) >= 0)
            throw KvRefusedException.validation(outside);
        return row;
    }

    private Page walk(Range range, @Nullable Item startKey, boolean forward, int limit, @Nullable Condition filter,
            boolean whole, String outside) {
        var start = startKey(startKey, range, outside);
        var items = new ArrayList<Item>();
        int scanned = 0;
        long bytes = 0;
        long rowBytes = 0;
        long fetched = 0;
        if (range.to() != null && Arrays.compareUnsigned(range.from(), range.to()) >= 0)
            return new Page(items, 0, 0, null);
        try (var rows = store.scan(space(), range)) {
            for (begin(rows, start, forward); rows.valid(); advance(rows, forward)) {
                var row = Item.ofEncoded(rows.value());
                boolean fetches = whole && index != null;
                var item = fetches ? wholeOf(row) : row;
                scanned++;
                rowBytes += row.size();
                fetched += fetches ? Page.blocks(item) : 0;
                bytes += item.size();
                if (filter == null || filter.holds(item))
                    items.add(item);
                if (scanned == limit || bytes >= Page.MAX_BYTES)
                    return new Page(items, scanned, bytes, table.keyOf(item, index), rowBytes, fetched);
            }
        }
        return new Page(items, scanned, bytes, null, rowBytes, fetched);
    }

    /// The item that an index's row is of; the row when the item was removed since.
    private Item wholeOf(Item row) {
        var value = store.get(KvSpace.DATA, table.row(row));
        return value == null ? row : Item.ofEncoded(value);
    }

    private static void begin(Cursor rows, byte @Nullable [] start, boolean forward) {
        if (start == null) {
            if (forward)
                rows.seekToFirst();
            else
                rows.seekToLast();
            return;
        }
        if (forward)
            rows.seek(start);
        else
            rows.seekForPrevious(start);
        if (rows.valid() && Arrays.equals(rows.key(), start))
            advance(rows, forward);
    }

    private static void advance(Cursor rows, boolean forward) {
        if (forward)
            rows.next();
        else
            rows.previous();
    }
}
