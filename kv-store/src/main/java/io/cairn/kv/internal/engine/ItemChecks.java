package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.engine.TableLayout.IndexLayout;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.kv.internal.row.KeyLayout;
import io.cairn.kv.internal.row.KeyLayout.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an item must be to stand in a table, in DynamoDB's words.
final class ItemChecks {

    private ItemChecks() {}

    /// A whole item, as it is put.
    static void item(TableLayout table, Item item) {
        if (item.size() > Item.MAX_SIZE)
            throw tooLarge();
        for (var part : table.keys().partition())
            keyOfItem(item, part);
        for (var part : table.keys().sort())
            keyOfItem(item, part);
        indexKeys(table, null, item, false);
        if (isTooLarge(table, item))
            throw tooLarge();
        keySizes(table.keys(), item);
    }

    private static KvRefusedException tooLarge() {
        return KvRefusedException.validation("Item size has exceeded the maximum allowed size");
    }

    /// An item as an update leaves it: its key was checked before. What it does not change of an index's key may have stood before the index, and be
    /// none that the index could have.
    static void updated(TableLayout table, @Nullable Item before, Item item) {
        indexKeys(table, before, item, true);
        if (isTooLarge(table, item))
            throw KvRefusedException.validation("Item size to update has exceeded the maximum allowed size");
    }

    /// An item's rows in local indexes count as part of it. Developer guide, "Quotas", "Item size": "For each local secondary index on a table,
    /// there is a 400 KB limit on the total of: the size of an item's data in the table; the size of corresponding entries (including key values
    /// and projected attributes) in all local secondary indexes."
    private static boolean isTooLarge(TableLayout table, Item item) {
        int size = item.size();
        if (size > Item.MAX_SIZE)
            return true;
        // No row is larger than the item.
        if (size <= Item.MAX_SIZE / (TableChecks.MAX_LOCAL_INDEXES + 1))
            return false;
        for (var index : table.indexes())
            if (index.definition().isLocal() && index.keys().key(item) != null)
                size += index.projector().project(item).size();
        return size > Item.MAX_SIZE;
    }

    private static void keyOfItem(Item item, Part part) {
        int at = item.find(part.utf8());
        if (at < 0)
            throw invalid("Missing the key " + part.name() + " in the item");
        var type = Encoded.type(item.encoded()[at]);
        if (type != part.type())
            throw invalid("Type mismatch for key " + part.name() + " expected: " + part.type() + " actual: " + type);
        if (isEmpty(item, at))
            throw empty(part);
    }

    private static KvRefusedException empty(Part part) {
        return KvRefusedException
                .validation(
                        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                                + (part.type() == ValueType.S ? "string" : "binary") + " value. Key: " + part.name());
    }

    /// Refuses an empty string or binary value in a key, and nothing else that may be wrong with it.
    static void noEmptyKey(KeyLayout keys, Item item) {
        noEmptyKey(keys.partition(), item);
        noEmptyKey(keys.sort(), item);
    }

    private static void noEmptyKey(List<Part> parts, Item item) {
        for (var part : parts) {
            int at = item.find(part.utf8());
            if (at >= 0 && Encoded.type(item.encoded()[at]) == part.type() && isEmpty(item, at))
                throw empty(part);
        }
    }

    private static boolean isEmpty(Item item, int at) {
        return Encoded.contentFrom(item.encoded(), at) == Encoded.end(item.encoded(), at);
    }

    /// A key alone.
    static void key(KeyLayout keys, Item key) {
        int parts = keys.partition().size() + keys.sort().size();
        if (key.count() != parts)
            throw mismatch();
        requireKey(keys.partition(), key);
        requireKey(keys.sort(), key);
        keySizes(keys, key);
    }

    /// An item's key is not changed: it would stand under a key that is not its own.
    static void noKey(KeyLayout keys, Set<String> updated) {
        noKey(keys.partition(), updated);
        noKey(keys.sort(), updated);
    }

    private static void noKey(List<Part> parts, Set<String> updated) {
        for (var part : parts)
            if (updated.contains(part.name()))
                throw invalid("Cannot update attribute " + part.name() + ". This attribute is part of the key");
    }

    private static void requireKey(List<Part> parts, Item key) {
        for (var part : parts) {
            int at = key.find(part.utf8());
            if (at < 0 || Encoded.type(key.encoded()[at]) != part.type())
                throw mismatch();
            if (isEmpty(key, at))
                throw empty(part);
        }
    }

    private static KvRefusedException mismatch() {
        return KvRefusedException.validation("The provided key element does not match the schema");
    }

    private static void keySizes(KeyLayout keys, Item item) {
        if (size(keys.partition(), item) > KeyLayout.MAX_PARTITION)
            throw invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes");
        if (size(keys.sort(), item) > KeyLayout.MAX_SORT)
            throw invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
    }

    private static int size(List<Part> parts, Item item) {
        int size = 0;
        for (var part : parts) {
            int at = item.find(part.utf8());
            if (at >= 0)
                size += Encoded.itemSize(item.encoded(), at);
        }
        return size;
    }

    /// An item may lack an index's key; what it has of it must be of the right type, and not empty.
    private static void indexKeys(TableLayout table, @Nullable Item before, Item item, boolean updated) {
        for (var index : table.indexes()) {
            if (before != null && isSame(index.keys().partition(), before, item) && isSame(index.keys().sort(), before, item))
                continue;
            for (var part : index.keys().partition())
                indexKey(index, item, part, updated);
            for (var part : index.keys().sort())
                indexKey(index, item, part, updated);
            if (size(index.keys().partition(), item) > KeyLayout.MAX_PARTITION)
                throw invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes");
            if (size(index.keys().sort(), item) > KeyLayout.MAX_SORT)
                throw invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
        }
    }

    private static boolean isSame(List<Part> parts, Item before, Item item) {
        for (var part : parts) {
            int old = before.find(part.utf8());
            int now = item.find(part.utf8());
            if (old < 0 != now < 0 || now >= 0 && !Arrays.equals(before.encoded(), old, Encoded.end(before.encoded(), old),
                    item.encoded(), now, Encoded.end(item.encoded(), now)))
                return false;
        }
        return true;
    }

    private static void indexKey(IndexLayout index, Item item, Part part, boolean updated) {
        int at = item.find(part.utf8());
        if (at < 0)
            return;
        var type = Encoded.type(item.encoded()[at]);
        if (type != part.type() && updated)
            throw KvRefusedException
                    .validation("The update expression attempted to update the secondary index key to unsupported type");
        if (type != part.type())
            throw invalid("Type mismatch for Index Key " + part.name() + " Expected: " + part.type() + " Actual: " + type
                    + " IndexName: " + index.name());
        if (isEmpty(item, at) && updated)
            throw KvRefusedException.validation(
                    "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty "
                            + (type == ValueType.S ? "string" : "binary") + " value.");
        if (isEmpty(item, at))
            throw KvRefusedException.validation(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty "
                            + (type == ValueType.S ? "string" : "binary") + " value. IndexName: " + index.name() + ", IndexKey: "
                            + part.name());
    }

    static KvRefusedException invalid(String what) {
        return KvRefusedException.validation("One or more parameter values were invalid: " + what);
    }
}
