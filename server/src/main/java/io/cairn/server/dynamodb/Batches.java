package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Projection;
import io.cairn.kv.Reason;
import io.cairn.kv.Table;
import io.cairn.kv.WriteResult;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// BatchGetItem and BatchWriteItem. What a batch writes is ordered at once and shares its sync; each write is done or not by itself.
final class Batches {
    private static final int MAX_KEYS = 100;
    private static final int MAX_WRITES = 25;
    /// An answer holds no more; the rest is told as unprocessed.
    private static final long MAX_BYTES = 16 << 20;
    private static final List<String> PROJECTION = List.of("ProjectionExpression");
    private static final List<String> TO_GET = List.of("AttributesToGet");

    private Batches() {}

    /// The keys that are wanted of one table.
    private record Wanted(String name, Structure request, List<Item> keys, @Nullable Projection projection) {}

    static void get(Call call) {
        var all = new ArrayList<Wanted>();
        int count = 0;
        for (var entry : call.request().structureMap("RequestItems").entrySet()) {
            var request = entry.getValue();
            var expressions = Expressions.of(request, PROJECTION, TO_GET);
            var keys = request.items("Keys");
            if (new HashSet<>(keys).size() < keys.size())
                throw validation("Provided list of item keys contains duplicates");
            var projection = expressions.projection();
            expressions.placeholders().requireAllUsed();
            all.add(new Wanted(entry.getKey(), request, keys, projection));
            count += keys.size();
        }
        if (count > MAX_KEYS)
            throw validation("Too many items requested for the BatchGetItem call");
        call.blocking(() -> answerGet(call, all));
    }

    private static void answerGet(Call call, List<Wanted> all) {
        var tables = new ArrayList<Table>();
        for (var wanted : all) {
            var table = call.table(wanted.name);
            Scalars.require(table, wanted.projection);
            tables.add(table);
        }
        if (all.size() > 1)
            requireDistinct(all, tables);
        var found = new ArrayList<List<Item>>();
        var left = new LinkedHashMap<Wanted, List<Item>>();
        var units = new Consumption.Many(true, false);
        long bytes = 0;
        boolean full = false;
        for (int i = 0; i < all.size(); i++) {
            var items = new ArrayList<Item>();
            for (var key : all.get(i).keys) {
                if (full) {
                    left.computeIfAbsent(all.get(i), _ -> new ArrayList<>()).add(key);
                    continue;
                }
                var item = tables.get(i).get(key);
                int size = item == null ? 0 : item.size();
                full = bytes > 0 && bytes + size > MAX_BYTES || bytes + size > Call.SMALL_BYTES && !call.takeRoom(size);
                if (full) {
                    left.computeIfAbsent(all.get(i), _ -> new ArrayList<>()).add(key);
                    continue;
                }
                units.of(tables.get(i)).addRead(null, size, all.get(i).request.isTrue("ConsistentRead"));
                bytes += size;
                if (item != null)
                    items.add(item);
            }
            found.add(items);
        }
        if (full && bytes == 0)
            throw Call.noRoom();
        var json = JsonWriter.start().beginObject().name("Responses").beginObject();
        for (int i = 0; i < all.size(); i++) {
            json.name(all.get(i).name).beginArray();
            for (var item : found.get(i))
                Items.write(json, item, all.get(i).projection);
            json.endArray();
        }
        json.endObject().name("UnprocessedKeys").beginObject();
        left.forEach((wanted, keys) -> unprocessed(json, wanted, keys));
        json.endObject();
        Consumption.of(call.request()).many(json, units);
        call.answer(json.endObject());
    }

    /// One table may be named by its name and by its ARN.
    private static void requireDistinct(List<Wanted> all, List<Table> tables) {
        var seen = new HashSet<List<Object>>();
        for (int i = 0; i < all.size(); i++)
            for (var key : all.get(i).keys)
                if (!seen.add(List.of(tables.get(i).definition().name(), key)))
                    throw validation("Provided list of item keys contains duplicates");
    }

    private static void unprocessed(JsonWriter json, Wanted wanted, List<Item> keys) {
        json.name(wanted.name).beginObject().name("Keys").beginArray();
        keys.forEach(json::item);
        json.endArray();
        var projection = wanted.request.string("ProjectionExpression");
        if (projection != null)
            json.name("ProjectionExpression").string(projection);
        if (wanted.request.has("ExpressionAttributeNames")) {
            json.name("ExpressionAttributeNames").beginObject();
            wanted.request.stringMap("ExpressionAttributeNames").forEach((name, value) -> json.name(name).string(value));
            json.endObject();
        }
        if (wanted.request.has("AttributesToGet")) {
            json.name("AttributesToGet").beginArray();
            wanted.request.strings("AttributesToGet").forEach(json::string);
            json.endArray();
        }
        if (wanted.request.has("ConsistentRead"))
            json.name("ConsistentRead").bool(wanted.request.isTrue("ConsistentRead"));
        json.endObject();
    }

    /// One write: an item to put, or a key to delete.
    private record Write(String name, Item item, boolean isPut) {}

    static void write(Call call) {
        var writes = new ArrayList<Write>();
        for (var entry : call.request().structureLists("RequestItems").entrySet())
            for (var request : entry.getValue())
                writes.add(write(entry.getKey(), request));
        if (writes.size() > MAX_WRITES)
            throw validation("Too many items requested for the BatchWriteItem call");
        call.blocking(() -> write(call, writes));
    }

    private static Write write(String name, Structure request) {
        var put = request.structure("PutRequest");
        var delete = request.structure("DeleteRequest");
        if (put != null && delete != null || put == null && delete == null)
            throw validation(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
        return put != null
                ? new Write(name, Items.required(put.item("Item")), true)
                : new Write(name, Items.required(required(delete).item("Key")), false);
    }

    private static Structure required(@Nullable Structure structure) {
        if (structure == null)
            throw new IllegalStateException("looked at before");
        return structure;
    }

    private static void write(Call call, List<Write> writes) {
        var tables = new LinkedHashMap<String, Table>();
        writes.forEach(write -> tables.computeIfAbsent(write.name, call::table));
        var keys = new HashSet<List<Object>>();
        for (var write : writes) {
            var table = tables.get(write.name);
            if (table == null)
                throw new IllegalStateException("looked up before");
            if (write.isPut)
                table.requireItem(write.item);
            else
                table.requireKey(write.item);
            if (!keys.add(List.of(table.definition().name(), table.keyOf(write.item))))
                throw validation("Provided list of item keys contains duplicates");
        }
        var done = new ArrayList<CompletableFuture<WriteResult>>();
        for (var write : writes) {
            var table = tables.get(write.name);
            if (table != null)
                done.add(write.isPut ? table.putAsync(write.item, null) : table.deleteAsync(write.item, null));
        }
        call.whenDone(CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).exceptionally(_ -> null), Call.NO_ITEM,
                _ -> answerWrite(call, writes, tables, done));
    }

    /// What the store was too busy for is told as unprocessed; any other failure is the answer.
    private static void answerWrite(Call call, List<Write> writes, Map<String, Table> tables,
            List<CompletableFuture<WriteResult>> done) {
        var units = new Consumption.Many(false, false);
        var left = new LinkedHashMap<String, List<Write>>();
        var collections = new LinkedHashMap<String, List<Item>>();
        for (int i = 0; i < writes.size(); i++) {
            var write = writes.get(i);
            var table = tables.get(write.name);
            try {
                var result = done.get(i).join();
                if (table == null)
                    continue;
                units.of(table).addWrite(table, result);
                if (Consumption.hasCollections(table))
                    collections.computeIfAbsent(write.name, _ -> new ArrayList<>()).add(table.keyOf(write.item));
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof KvRefusedException refused && refused.reason() == Reason.OVERLOADED))
                    throw e;
                left.computeIfAbsent(write.name, _ -> new ArrayList<>()).add(write);
            }
        }
        var json = JsonWriter.start().beginObject().name("UnprocessedItems").beginObject();
        left.forEach((name, some) -> {
            json.name(name).beginArray();
            for (var write : some)
                json.beginObject().name(write.isPut ? "PutRequest" : "DeleteRequest").beginObject()
                        .name(write.isPut ? "Item" : "Key").item(write.item).endObject().endObject();
            json.endArray();
        });
        json.endObject();
        if ("SIZE".equals(call.request().string("ReturnItemCollectionMetrics"))) {
            json.name("ItemCollectionMetrics").beginObject();
            collections.forEach((name, items) -> {
                json.name(name).beginArray();
                var table = tables.get(name);
                if (table != null)
                    items.forEach(item -> Consumption.collection(json, table, item));
                json.endArray();
            });
            json.endObject();
        }
        Consumption.of(call.request()).many(json, units);
        call.answer(json.endObject());
    }
}
