package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The item collections that a request's writes modified, as ItemCollectionMetrics tells them: of tables with local indexes, as small ones. A check
/// modifies nothing, nor does a deletion of nothing, nor a transaction that was done before.
record Collections(Pair pair) {
    private record Written(String table, Object collection, boolean certain) {}

    /// Whether they can be told so.
    boolean allow(@Nullable Object told) {
        var request = pair.request();
        var body = request.body();
        return switch (request.operation()) {
            case "PutItem", "UpdateItem", "DeleteItem" -> {
                var one = of(String.valueOf(body.get("TableName")), body,
                        !request.operation().equals("DeleteItem") && !Removals.isOne(body));
                yield one == null ? told == null : told == null ? !one.certain : same(one.collection, told);
            }
            case "BatchWriteItem" -> {
                var all = new ArrayList<Written>();
                Tree.map(body.get("RequestItems")).forEach((name, writes) -> {
                    for (var write : Tree.maps(writes))
                        write.forEach((member, value) -> add(all, of(name, Tree.map(value), true)));
                });
                yield allow(all, told);
            }
            case "TransactWriteItems" -> {
                var all = new ArrayList<Written>();
                boolean once = body.containsKey("ClientRequestToken");
                for (var item : Tree.maps(body.get("TransactItems")))
                    item.forEach((member, value) -> {
                        var write = Tree.map(value);
                        if (!member.equals("ConditionCheck"))
                            add(all, of(String.valueOf(write.get("TableName")), write,
                                    !member.equals("Delete") && !Removals.isOne(write) && !once));
                    });
                yield allow(all, told);
            }
            default -> false;
        };
    }

    private static void add(List<Written> all, @Nullable Written one) {
        if (one != null)
            all.add(one);
    }

    /// In the order of the writes of each table.
    private static boolean allow(List<Written> all, @Nullable Object told) {
        if (told == null)
            return false;
        var left = new TreeMap<String, List<@Nullable Object>>();
        Tree.map(told).forEach((name, collections) -> left.put(name, Tree.list(collections)));
        for (var table : left.keySet())
            if (!fits(all.stream().filter(one -> one.table.equals(table)).toList(), left.getOrDefault(table, List.of())))
                return false;
        return all.stream().allMatch(one -> !one.certain || left.containsKey(one.table));
    }

    /// Whether the collections told are those of the writes, where some may be left out.
    private static boolean fits(List<Written> all, List<@Nullable Object> told) {
        if (all.isEmpty())
            return told.isEmpty();
        var rest = all.subList(1, all.size());
        return !told.isEmpty() && same(all.getFirst().collection, told.getFirst()) && fits(rest, told.subList(1, told.size()))
                || !all.getFirst().certain && fits(rest, told);
    }

    private static boolean same(Object collection, @Nullable Object told) {
        return Comparison.text(collection).equals(Comparison.text(told));
    }

    private @Nullable Written of(String name, Map<String, ?> write, boolean certain) {
        var table = pair.table(name);
        if (table == null || table.indexes().stream().noneMatch(TableShape.IndexShape::local))
            return null;
        var attribute = table.keyNames().getFirst();
        var key = Tree.map(write.containsKey("Item") ? write.get("Item") : write.get("Key")).get(attribute);
        return key == null
                ? null
                : new Written(name, object("ItemCollectionKey", object(attribute, key), "SizeEstimateRangeGB", List.of(0.0, 1.0)),
                        certain);
    }
}
