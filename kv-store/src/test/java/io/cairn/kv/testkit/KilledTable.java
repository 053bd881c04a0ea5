package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.StreamRecord;
import io.cairn.kv.StreamRecord.Sequence;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.ValueType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A table with an index of each kind and a stream, and what holds of it whatever was under way when its store ended: the indexes are
/// what a walk over the table would make them, and the stream tells every change once, each upon the one before, up to what stands there.
public final class KilledTable {
    public static final String NAME = "killed";
    public static final String OWNER = "owner";
    public static final String ID = "id";
    public static final String GROUP = "group";
    public static final String NUMBER = "number";
    /// How many values [#GROUP] has, from 0 on.
    public static final int GROUPS = 3;
    /// Global, of whole items, by [#GROUP], which all items have.
    public static final String BY_GROUP = "by-group";
    /// Local, of keys and [#GROUP], by [#NUMBER], which an item lacks that an update made.
    public static final String BY_NUMBER = "by-number";
    public static final TableDefinition DEFINITION = TableDefinition
            .of(NAME, KeySchema.of(OWNER, ID),
                    Map.of(OWNER, ValueType.S, ID, ValueType.N, GROUP, ValueType.N, NUMBER, ValueType.N))
            .withIndexes(IndexDefinition.global(BY_GROUP, KeySchema.of(GROUP, OWNER), IndexProjection.ALL),
                    IndexDefinition.local(BY_NUMBER, KeySchema.of(OWNER, NUMBER), IndexProjection.include(GROUP)))
            .withStream(StreamView.NEW_AND_OLD_IMAGES);
    private static final Set<String> BY_NUMBER_HAS = Set.of(OWNER, ID, GROUP, NUMBER);

    private KilledTable() {}

    /// @param table all its items
    /// @param byGroup all that stands in the global index
    /// @param byNumber all that stands in the local one
    /// @param shards what each shard tells from its beginning to its end
    public static void check(List<Item> table, List<Item> byGroup, List<Item> byNumber, List<List<StreamRecord>> shards) {
        var items = distinct(table);
        assertEquals(items, distinct(byGroup), "the global index");
        assertEquals(
                items.stream().filter(item -> item.get(NUMBER) != null).map(KilledTable::byNumber).collect(Collectors.toSet()),
                distinct(byNumber), "the local index");
        assertEquals(items.stream().collect(Collectors.toMap(KilledTable::key, item -> item)), told(shards), "the stream");
    }

    private static Set<Item> distinct(List<Item> items) {
        var distinct = new HashSet<>(items);
        assertEquals(distinct.size(), items.size(), () -> "one is there twice: " + items);
        return distinct;
    }

    private static Item byNumber(Item item) {
        return Item.of(item.toMap().entrySet().stream().filter(entry -> BY_NUMBER_HAS.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Item key(Item item) {
        return Item.of(item.toMap().entrySet().stream().filter(entry -> Set.of(OWNER, ID).contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /// What stands there by what the stream tells.
    private static Map<Item, Item> told(List<List<StreamRecord>> shards) {
        var told = new HashMap<Item, Item>();
        for (var shard : shards) {
            @Nullable
            Sequence last = null;
            for (var record : shard) {
                assertTrue(last == null || record.sequence().compareTo(last) > 0, "in order");
                last = record.sequence();
                assertEquals(told.get(record.keys()), record.before(), "a change is told upon the one before");
                var after = record.after();
                if (after == null)
                    told.remove(record.keys());
                else
                    told.put(record.keys(), after);
            }
        }
        return told;
    }
}
