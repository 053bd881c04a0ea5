package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.internal.engine.TableLayout.IndexLayout;
import io.cairn.kv.internal.row.ExpiryRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.kv.internal.row.TokenRow;
import io.cairn.replication.Damage;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.StoreView;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds rows of a view against the others of it: an item against the rows that follow from it, and each of those against its item. One thread.
final class RowCheck {
    private static final int MAX_NAME = 200;
    private final StoreView view;
    private final Tables tables;
    private final Consumer<Damage> found;

    /// The tables of the view.
    interface Tables {
        /// Null for one that is not there.
        @Nullable
        TableLayout table(int id);

        /// The table of a stream, which may have been deleted; null when there is no such stream.
        @Nullable
        TableLayout ofStream(int id, long label);
    }

    RowCheck(StoreView view, Tables tables, Consumer<Damage> found) {
        this.view = view;
        this.tables = tables;
        this.found = found;
    }

    void row(KvSpace space, byte[] key, byte[] value) {
        try {
            switch (space) {
                case DATA -> item(key, value);
                case LSI, GSI -> indexRow(space, key, value);
                case STREAM -> streamRecord(key, value);
                case TTL -> expiry(key);
                case TOKEN -> {
                    if (!TokenRow.isDueKey(key)) {
                        var _ = TokenRow.decode(value);
                    }
                }
                case META -> {
                    // CheckedTables has read it
                }
            }
        } catch (StoreFailedException e) {
            throw e; // the disk's, not the row's
        } catch (RuntimeException e) { // whatever bytes without sense lead to
            wrong("a row of " + space + " cannot be read: " + e, HexFormat.of().formatHex(key));
        }
    }

    /// Null, which is told, for a row that belongs to none.
    private @Nullable TableLayout table(KvSpace space, byte[] key) {
        var table = tables.table(OrderedBytes.u32(key, 0));
        if (table == null)
            wrong("a row of " + space + " belongs to no table", HexFormat.of().formatHex(key));
        return table;
    }

    /// An item that has the bytes that it would be written with.
    private static Item whole(byte[] bytes) {
        var item = Item.ofEncoded(bytes);
        var again = new ItemWriter();
        item.writeTo(again);
        if (!again.item().equals(item))
            throw new IllegalArgumentException("the item is not as items are written");
        return item;
    }

    private void item(byte[] key, byte[] value) {
        var table = table(KvSpace.DATA, key);
        if (table == null)
            return;
        var item = whole(value);
        if (!Arrays.equals(table.keys().key(item), key)) {
            wrong("an item stands where its key does not lead", name(table, item));
            return;
        }
        for (var index : table.indexes())
            inIndex(table, index, item);
        var ttl = table.ttlName();
        if (ttl == null || !table.row().ttlFilled())
            return;
        long second = ExpiryRow.second(item, ttl);
        if (second >= 0 && view.get(KvSpace.TTL, ExpiryRow.key(key, second)) == null)
            wrong("the item's expiry is missing", name(table, item));
    }

    private void inIndex(TableLayout table, IndexLayout index, Item item) {
        var key = index.keys().key(item);
        if (key == null)
            return;
        var row = view.get(index.space(), key);
        if (row == null && index.status() != Status.CREATING)
            wrong("the item is missing in the index " + index.name(), name(table, item));
        if (row != null && !Arrays.equals(row, index.projector().project(item).encoded()))
            wrong("the index " + index.name() + " has the item otherwise", name(table, item));
    }

    private void indexRow(KvSpace space, byte[] key, byte[] value) {
        var table = table(space, key);
        if (table == null)
            return;
        int id = OrderedBytes.u32(key, 4);
        var index = table.indexes().stream().filter(each -> each.id() == id && each.space() == space).findFirst().orElse(null);
        var row = whole(value);
        if (index == null) {
            wrong("a row of " + space + " belongs to no index of its table", name(table, row));
            return;
        }
        var base = table.keys().key(row);
        var item = base == null ? null : view.get(KvSpace.DATA, base);
        if (item == null)
            wrong("the index " + index.name() + " has an item that the table has not", name(table, row));
        else if (!Arrays.equals(index.keys().key(Item.ofEncoded(item)), key))
            wrong("the index " + index.name() + " has the item where it does not belong", name(table, row));
    }

    private void expiry(byte[] key) {
        var table = table(KvSpace.TTL, key);
        if (table == null)
            return;
        var ttl = table.ttlName();
        var value = view.get(KvSpace.DATA, ExpiryRow.itemRow(key));
        if (ttl == null || value == null)
            wrong("an expiry is there of an item that is not", table.name());
        else if (!Arrays.equals(ExpiryRow.key(ExpiryRow.itemRow(key), ExpiryRow.second(Item.ofEncoded(value), ttl)), key))
            wrong("an expiry is not the item's", name(table, Item.ofEncoded(value)));
    }

    private void streamRecord(byte[] key, byte[] value) {
        var table = tables.ofStream(OrderedBytes.u32(key, 0), StreamRow.label(key));
        var told = table == null ? null : table.row().definition().stream();
        if (table == null || told == null) {
            wrong("a change is told by no stream", HexFormat.of().formatHex(key));
            return;
        }
        var row = StreamRow.decode(value);
        var keys = whole(row.keys().encoded());
        boolean made = row.change() == StreamRow.Change.INSERT;
        boolean gone = row.change() == StreamRow.Change.REMOVE;
        if (StreamRow.range(key) != StreamRow.rangeOf(table.row(keys)))
            wrong("a change is told in the range of other items", name(table, keys));
        if ((row.before() == null) != (made || !told.hasOld()) || (row.after() == null) != (gone || !told.hasNew()))
            wrong("a change is not told as the stream's view says", name(table, keys));
        for (var image : Arrays.asList(row.before(), row.after()))
            if (image != null && !Objects.equals(table.keyOf(whole(image.encoded()), null), keys))
                wrong("a change tells of another item", name(table, keys));
    }

    private static String name(TableLayout table, Item item) {
        var key = table.keyOf(item, null).toString();
        return table.name() + " " + (key.length() > MAX_NAME ? key.substring(0, MAX_NAME) + "..." : key);
    }

    private void wrong(String what, String hits) {
        found.accept(new Damage("", -1, what, hits));
    }
}
