package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.Idempotency;
import io.cairn.kv.Item;
import io.cairn.kv.KvStore.TransactGet;
import io.cairn.kv.Projection;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Update;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.RequestHash;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// TransactGetItems and TransactWriteItems.
final class Transactions {
    /// Of all items together.
    private static final long MAX_BYTES = 4 << 20;
    private static final List<String> CONDITION = List.of("ConditionExpression");
    private static final List<String> UPDATE = List.of("UpdateExpression", "ConditionExpression");
    private static final List<String> PROJECTION = List.of("ProjectionExpression");

    private Transactions() {}

    static void get(Call call) {
        var requests = new ArrayList<Structure>();
        var projections = new ArrayList<@Nullable Projection>();
        for (var entry : call.request().structures("TransactItems")) {
            var get = entry.structure("Get");
            if (get == null)
                throw validation("TransactItems can only contain Get");
            var expressions = Expressions.of(get, PROJECTION, List.of());
            projections.add(expressions.projection());
            expressions.placeholders().requireAllUsed();
            requests.add(get);
        }
        call.blocking(() -> answerGet(call, requests, projections));
    }

    private static void answerGet(Call call, List<Structure> requests, List<@Nullable Projection> projections) {
        var gets = new ArrayList<TransactGet>();
        for (int i = 0; i < requests.size(); i++) {
            var table = call.table(requests.get(i).requiredString("TableName"));
            Scalars.require(table, projections.get(i));
            gets.add(new TransactGet(table, Items.required(requests.get(i).item("Key"))));
        }
        requireDistinct(gets);
        var items = call.store().transactGet(gets);
        var units = new Consumption.Many(true, true);
        long bytes = 0;
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            units.of(gets.get(i).table()).addRead(null, item == null ? 0 : item.size(), true);
            bytes += item == null ? 0 : item.size();
        }
        call.requireRoom(bytes);
        var json = JsonWriter.start().beginObject().name("Responses").beginArray();
        for (int i = 0; i < items.size(); i++) {
            json.beginObject();
            var item = items.get(i);
            if (item != null)
                Items.write(json.name("Item"), item, projections.get(i));
            json.endObject();
        }
        json.endArray();
        Consumption.of(call.request()).many(json, units);
        call.answer(json.endObject());
    }

    private static void requireDistinct(List<TransactGet> gets) {
        var seen = new HashSet<List<Object>>();
        for (var get : gets)
            if (!seen.add(List.of(get.table().definition().name(), get.key())))
                throw validation("Transaction request cannot include multiple operations on one item");
    }

    /// One of the writes, before its table is looked up.
    private sealed interface Write {
        Structure request();

        Expressions expressions();

        record Put(Structure request, Expressions expressions, Item item) implements Write {}

        record Delete(Structure request, Expressions expressions, Item key) implements Write {}

        record Change(Structure request, Expressions expressions, Item key, Update update) implements Write {}

        record Check(Structure request, Expressions expressions, Item key) implements Write {}
    }

    static void write(Call call) {
        var writes = new ArrayList<Write>();
        for (var entry : call.request().structures("TransactItems"))
            writes.add(write(entry));
        call.blocking(() -> write(call, writes));
    }

    private static Write write(Structure entry) {
        Write found = null;
        int count = 0;
        for (var member : List.of("ConditionCheck", "Put", "Delete", "Update")) {
            var request = entry.structure(member);
            if (request == null)
                continue;
            count++;
            found = switch (member) {
                case "Put" ->
                    new Write.Put(request, Expressions.of(request, CONDITION, List.of()), Items.required(request.item("Item")));
                case "Delete" -> new Write.Delete(request, Expressions.of(request, CONDITION, List.of()),
                        Items.required(request.item("Key")));
                case "ConditionCheck" -> new Write.Check(request, Expressions.of(request, CONDITION, List.of()),
                        Items.required(request.item("Key")));
                default -> {
                    var expressions = Expressions.of(request, UPDATE, List.of());
                    yield new Write.Change(request, expressions, Items.required(request.item("Key")),
                            expressions.placeholders().update(request.requiredString("UpdateExpression")));
                }
            };
        }
        if (found == null || count > 1)
            throw validation("TransactItems can only contain one of Check, Put, Update or Delete");
        return found;
    }

    private static void write(Call call, List<Write> writes) {
        var requests = new ArrayList<TransactWrite>();
        long bytes = 0;
        for (var write : writes) {
            var table = call.table(write.request().requiredString("TableName"));
            var condition = write.expressions().condition();
            write.expressions().placeholders().requireAllUsed();
            Scalars.require(table, condition);
            if (write instanceof Write.Change(var _, var _, var _, var update))
                Scalars.require(table, update);
            requests.add(switch (write) {
                case Write.Put(var _, var _, var item) -> new TransactWrite.Put(table, item, condition);
                case Write.Delete(var _, var _, var key) -> new TransactWrite.Delete(table, key, condition);
                case Write.Change(var _, var _, var key, var update) -> new TransactWrite.Update(table, key, update, condition);
                case Write.Check(var _, var _, var key) -> {
                    if (condition == null)
                        throw new IllegalStateException("the decoder sees to what is required");
                    yield new TransactWrite.Check(table, key, condition);
                }
            });
            if (write instanceof Write.Put(var _, var _, var item))
                bytes += item.size();
        }
        if (bytes > MAX_BYTES)
            throw validation("Collection size of items in transaction exceeded the limit of 4 MB");
        var token = call.request().string("ClientRequestToken");
        // Of what is asked for, not of how it is to be told.
        var once = token == null ? null : new Idempotency(token, RequestHash.of(call.request(), "TransactItems"));
        IntPredicate tells = i -> "ALL_OLD".equals(writes.get(i).request().string("ReturnValuesOnConditionCheckFailure"));
        call.whenDone(call.store().transact(requests, once), tells, results -> {
            var json = JsonWriter.start().beginObject();
            var repeated = results.isEmpty();
            var units = new Consumption.Many(repeated, true);
            var collections = new LinkedHashMap<String, List<Item>>();
            for (int i = 0; i < requests.size(); i++) {
                var table = requests.get(i).table();
                if (repeated)
                    units.of(table).addRead(null, 0, true);
                else {
                    units.of(table).addWrite(table, results.get(i));
                    var item = results.get(i).after() == null ? results.get(i).before() : results.get(i).after();
                    if (item != null && !(requests.get(i) instanceof TransactWrite.Check) && Consumption.hasCollections(table))
                        collections.computeIfAbsent(table.definition().name(), _ -> new ArrayList<>()).add(table.keyOf(item));
                }
            }
            Consumption.of(call.request()).many(json, units);
            if ("SIZE".equals(call.request().string("ReturnItemCollectionMetrics"))) {
                json.name("ItemCollectionMetrics").beginObject();
                collections.forEach((name, items) -> {
                    json.name(name).beginArray();
                    items.forEach(item -> Consumption.collection(json, call.table(name), item));
                    json.endArray();
                });
                json.endObject();
            }
            call.answer(json.endObject());
        });
    }
}
