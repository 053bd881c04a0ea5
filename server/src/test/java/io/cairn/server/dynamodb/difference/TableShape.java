package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.kv.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A table as its CreateTable says it.
///
/// @param types of the attributes of keys
record TableShape(String name, List<String> keyNames, Map<String, String> types, List<IndexShape> indexes) {
    /// @param keyNames partition, and perhaps sort
    /// @param included with the projection INCLUDE
    record IndexShape(String name, boolean local, List<String> keyNames, String projection, List<String> included) {
        IndexShape(String name, boolean local, List<String> keyNames, String projection) {
            this(name, local, keyNames, projection, List.of("d", "m"));
        }

        Map<String, Object> body() {
            var body = object("IndexName", name, "KeySchema", schema(keyNames), "Projection",
                    projection.equals("INCLUDE")
                            ? object("ProjectionType", projection, "NonKeyAttributes", included)
                            : object("ProjectionType", projection));
            return body;
        }
    }

    String typeOf(String name) {
        return Objects.requireNonNull(types.get(name), name);
    }

    @Nullable
    String sort() {
        return keyNames.size() > 1 ? keyNames.get(1) : null;
    }

    static TableShape draw(Draws draws, String name) {
        var types = new LinkedHashMap<String, String>();
        types.put("k", draws.of("S", "S", "N", "B"));
        var keys = new ArrayList<>(List.of("k"));
        if (!draws.oneIn(3)) {
            keys.add("r");
            types.put("r", draws.of("S", "N", "B"));
        }
        var indexes = new ArrayList<IndexShape>();
        var projections = List.of("ALL", "KEYS_ONLY", "INCLUDE");
        if (keys.size() > 1 && draws.oneIn(2)) {
            types.put("a", "S");
            indexes.add(new IndexShape("byA", true, List.of("k", "a"), draws.of(projections)));
        }
        if (draws.oneIn(2)) {
            types.put("b", "N");
            indexes.add(new IndexShape("byB", false, List.of("b"), draws.of(projections)));
        }
        if (draws.oneIn(3)) {
            types.put("c", draws.of("S", "B"));
            indexes.add(new IndexShape("byC", false, draws.of(List.of("c", "k"), List.of("k", "c")), draws.of(projections)));
        }
        return new TableShape(name, keys, types, indexes);
    }

    /// One table of each kind: keys of all types, with and without a sort key, local and global indexes with all projections.
    static List<TableShape> fixed(String suffix) {
        return List.of(of("plain" + suffix, Map.of("k", "S"), List.of("k")),
                of("text" + suffix, Map.of("k", "S", "r", "S", "a", "S", "b", "N", "c", "B"), List.of("k", "r"),
                        new IndexShape("byA", true, List.of("k", "a"), "ALL"),
                        new IndexShape("byB", false, List.of("b"), "KEYS_ONLY"),
                        new IndexShape("byC", false, List.of("c", "k"), "INCLUDE")),
                of("number" + suffix, Map.of("k", "S", "r", "N", "a", "S", "b", "N"), List.of("k", "r"),
                        new IndexShape("byA", true, List.of("k", "a"), "KEYS_ONLY"),
                        new IndexShape("byB", false, List.of("b"), "ALL")),
                of("bytes" + suffix, Map.of("k", "N", "r", "B", "a", "S", "c", "S"), List.of("k", "r"),
                        new IndexShape("byA", true, List.of("k", "a"), "INCLUDE"),
                        new IndexShape("byC", false, List.of("k", "c"), "ALL")),
                of("numbered" + suffix, Map.of("k", "N", "b", "N"), List.of("k"),
                        new IndexShape("byB", false, List.of("b"), "INCLUDE")),
                of("blob" + suffix, Map.of("k", "B", "r", "N", "c", "S", "b", "N"), List.of("k", "r"),
                        new IndexShape("byC", false, List.of("c", "k"), "KEYS_ONLY"),
                        new IndexShape("byB", false, List.of("b"), "ALL")));
    }

    private static TableShape of(String name, Map<String, String> types, List<String> keys, IndexShape... indexes) {
        return new TableShape(name, keys, new TreeMap<>(types), List.of(indexes));
    }

    /// As the test kit says it.
    static TableShape of(TableDefinition table) {
        var types = new TreeMap<String, String>();
        table.attributes().forEach((name, type) -> types.put(name, type.name()));
        var indexes = new ArrayList<IndexShape>();
        for (var index : table.indexes())
            indexes.add(new IndexShape(index.name(), index.isLocal(), index.key().names(), index.projection().kind().name(),
                    index.projection().names()));
        return new TableShape(table.name(), table.key().names(), types, indexes);
    }

    /// Of an index; null for none.
    @Nullable
    String sortKey(@Nullable Object index) {
        for (var one : indexes)
            if (one.name.equals(index) && one.keyNames.size() > 1)
                return one.keyNames.get(1);
        return null;
    }

    /// What every row of an index has, if its item does; nothing for no index.
    List<String> attributes(@Nullable Object index) {
        var all = new ArrayList<String>();
        for (var one : indexes)
            if (one.name.equals(index)) {
                all.addAll(keyNames);
                all.addAll(one.keyNames);
                all.addAll(one.projection.equals("INCLUDE") ? one.included : List.of());
            }
        return all;
    }

    static List<Object> schema(List<String> names) {
        var schema = new ArrayList<Object>();
        for (var name : names)
            schema.add(object("AttributeName", name, "KeyType", schema.isEmpty() ? "HASH" : "RANGE"));
        return schema;
    }

    static List<Object> attributes(Map<String, String> types) {
        var attributes = new ArrayList<Object>();
        types.forEach((name, type) -> attributes.add(object("AttributeName", name, "AttributeType", type)));
        return attributes;
    }

    Map<String, Object> create(boolean onDemand) {
        var body = object("TableName", name, "AttributeDefinitions", attributes(types), "KeySchema", schema(keyNames));
        if (onDemand)
            body.put("BillingMode", "PAY_PER_REQUEST");
        else
            body.put("ProvisionedThroughput", object("ReadCapacityUnits", 5, "WriteCapacityUnits", 5));
        for (var local : List.of(true, false)) {
            var list = new ArrayList<Object>();
            for (var index : indexes)
                if (index.local == local) {
                    var described = index.body();
                    if (!local && !onDemand)
                        described.put("ProvisionedThroughput", object("ReadCapacityUnits", 5, "WriteCapacityUnits", 5));
                    list.add(described);
                }
            if (!list.isEmpty())
                body.put(local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes", list);
        }
        return body;
    }
}
