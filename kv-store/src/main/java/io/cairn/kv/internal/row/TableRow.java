package io.cairn.kv.internal.row;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KeySchema;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of a table; stored as an [Item] with these names, so that names can be added.
/// Unknown ones are ignored.
///
/// @param id in the keys of its rows; never used again
/// @param createdMicros when it was made, microseconds since 1970
/// @param indexes of the definition, in its order
/// @param nextIndex id of the next index; never used again
/// @param streamMicros when its stream was switched on; 0 for no stream
/// @param ttlFilled whether every item's expiry stands in [KvSpace#TTL]
public record TableRow(int id, TableDefinition definition, long createdMicros, List<IndexRow> indexes, int nextIndex,
        long streamMicros, boolean ttlFilled) {
    /// @param id in the keys of its rows
    /// @param status CREATING while it is filled
    public record IndexRow(int id, Status status) {}

    public TableRow {
        indexes = List.copyOf(indexes);
        if (indexes.size() != definition.indexes().size())
            throw new IllegalArgumentException("each index has its row");
    }

    /// Key of the row that has the next table's id.
    public static byte[] nextIdKey() {
        return new byte[]{0};
    }

    public static byte[] key(String table) {
        var name = table.getBytes(StandardCharsets.UTF_8);
        var key = new byte[name.length + 1];
        key[0] = 1;
        System.arraycopy(name, 0, key, 1, name.length);
        return key;
    }

    /// Whether this is the key of a table.
    public static boolean isTable(byte[] key) {
        return key[0] == 1;
    }

    public static String name(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    public TableRow with(TableDefinition other, List<IndexRow> otherIndexes) {
        return new TableRow(id, other, createdMicros, otherIndexes, nextIndex, streamMicros, ttlFilled);
    }

    public TableRow with(TableDefinition other) {
        return with(other, indexes);
    }

    public TableRow withNextIndex(int next) {
        return new TableRow(id, definition, createdMicros, indexes, next, streamMicros, ttlFilled);
    }

    public TableRow withStreamMicros(long micros) {
        return new TableRow(id, definition, createdMicros, indexes, nextIndex, micros, ttlFilled);
    }

    public TableRow withTtlFilled(boolean filled) {
        return new TableRow(id, definition, createdMicros, indexes, nextIndex, streamMicros, filled);
    }

    public byte[] encode() {
        var row = new ItemWriter();
        row.name("id").value(Value.n(id)).name("created").value(Value.n(createdMicros)).name("nextIndex")
                .value(Value.n(nextIndex));
        row.name("key").value(keyValue(definition.key()));
        var types = new LinkedHashMap<String, Value>();
        definition.attributes().forEach((name, type) -> types.put(name, Value.s(type.name())));
        row.name("attributes").value(Value.m(types));
        var rows = new ArrayList<Value>();
        for (int i = 0; i < indexes.size(); i++)
            rows.add(indexValue(definition.indexes().get(i), indexes.get(i)));
        row.name("indexes").value(new Value.L(rows));
        row.name("protected").value(Value.bool(definition.deletionProtected()));
        row.name("settings").value(Value.m(definition.settings().toMap()));
        var stream = definition.stream();
        if (stream != null)
            row.name("stream").value(Value.s(stream.name())).name("streamed").value(Value.n(streamMicros));
        var ttl = definition.ttlAttribute();
        if (ttl != null)
            row.name("ttl").value(Value.s(ttl)).name("ttlFilled").value(Value.bool(ttlFilled));
        return row.item().encoded();
    }

    private static Value keyValue(KeySchema key) {
        return Value.m(Map.of("partition", names(key.partition()), "sort", names(key.sort())));
    }

    private static Value names(List<String> names) {
        return new Value.L(names.stream().map(Value::s).toList());
    }

    private static Value indexValue(IndexDefinition index, IndexRow row) {
        var value = new LinkedHashMap<String, Value>();
        value.put("name", Value.s(index.name()));
        value.put("id", Value.n(row.id));
        value.put("status", Value.s(row.status.name()));
        value.put("scope", Value.s(index.scope().name()));
        value.put("key", keyValue(index.key()));
        value.put("projection", Value.s(index.projection().kind().name()));
        value.put("names", names(index.projection().names()));
        value.put("settings", Value.m(index.settings().toMap()));
        return Value.m(value);
    }

    /// `IllegalArgumentException` when it is no such row.
    public static TableRow decode(String name, byte[] encoded) {
        var row = new Fields(Item.ofEncoded(encoded).toMap());
        var definitions = new ArrayList<IndexDefinition>();
        var rows = new ArrayList<IndexRow>();
        for (var value : row.list("indexes")) {
            var index = new Fields(value);
            definitions.add(new IndexDefinition(index.text("name"), IndexDefinition.Scope.valueOf(index.text("scope")),
                    keySchema(index), new IndexProjection(IndexProjection.Kind.valueOf(index.text("projection")),
                            index.texts("names")),
                    Item.of(index.map("settings"))));
            rows.add(new IndexRow((int) index.number("id"), Status.valueOf(index.text("status"))));
        }
        var types = new TreeMap<String, ValueType>();
        row.map("attributes").forEach((attribute, type) -> types.put(attribute, ValueType.valueOf(Fields.text(type))));
        var stream = row.optionalText("stream");
        var ttl = row.optionalText("ttl");
        var definition = new TableDefinition(name, keySchema(row), types, definitions,
                stream == null ? null : StreamView.valueOf(stream), ttl, row.bool("protected"), Item.of(row.map("settings")));
        return new TableRow((int) row.number("id"), definition, row.number("created"), rows, (int) row.number("nextIndex"),
                stream == null ? 0 : row.number("streamed"), ttl != null && row.bool("ttlFilled"));
    }

    private static KeySchema keySchema(Fields of) {
        var key = new Fields(new Value.M(of.map("key")));
        return new KeySchema(key.texts("partition"), key.texts("sort"));
    }

    /// A row's values by name.
    private record Fields(Map<String, Value> values) {
        Fields(Value value) {
            this(value instanceof Value.M map ? map.values() : Map.of());
        }

        private @Nullable Value find(String name) {
            return values.get(name);
        }

        private static IllegalArgumentException missing(String name) {
            return new IllegalArgumentException("row of a table without a right " + name);
        }

        static String text(Value value) {
            return value instanceof Value.S(var text) ? text : value.toString();
        }

        @Nullable
        String optionalText(String name) {
            return find(name) instanceof Value.S(var text) ? text : null;
        }

        String text(String name) {
            if (find(name) instanceof Value.S(var text))
                return text;
            throw missing(name);
        }

        long number(String name) {
            if (find(name) instanceof Value.N(var number))
                return number.longValueExact();
            throw missing(name);
        }

        boolean bool(String name) {
            if (find(name) instanceof Value.Bool(var truth))
                return truth;
            throw missing(name);
        }

        List<Value> list(String name) {
            if (find(name) instanceof Value.L(var elements))
                return elements;
            throw missing(name);
        }

        List<String> texts(String name) {
            return list(name).stream().map(Fields::text).toList();
        }

        Map<String, Value> map(String name) {
            if (find(name) instanceof Value.M(var map))
                return map;
            throw missing(name);
        }
    }
}
