package io.cairn.server.dynamodb;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Legacy;
import io.cairn.kv.Projection;
import io.cairn.kv.Table;
import io.cairn.kv.Update;
import io.cairn.kv.WriteResult;
import io.cairn.server.dynamodb.wire.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// PutItem, GetItem, UpdateItem, DeleteItem.
final class Items {
    private static final List<String> CONDITION = List.of("ConditionExpression");
    private static final List<String> EXPECTED = List.of("Expected", "ConditionalOperator");
    private static final List<String> UPDATE = List.of("UpdateExpression", "ConditionExpression");
    private static final List<String> UPDATES = List.of("AttributeUpdates", "Expected", "ConditionalOperator");
    private static final List<String> PROJECTION = List.of("ProjectionExpression");
    private static final List<String> TO_GET = List.of("AttributesToGet");

    private Items() {}

    static void get(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, PROJECTION, TO_GET);
        var key = required(request.item("Key"));
        var projection = expressions.projection();
        expressions.placeholders().requireAllUsed();
        var table = call.table();
        Scalars.require(table, projection);
        var item = table.getIfInMemory(key);
        if (item != null)
            answerGet(call, table, item, projection);
        else
            call.blocking(() -> answerGet(call, table, table.get(key), projection));
    }

    static Item required(@Nullable Item item) {
        if (item == null)
            throw new IllegalStateException("the decoder sees to what is required");
        return item;
    }

    private static void answerGet(Call call, Table table, @Nullable Item item, @Nullable Projection projection) {
        if (item != null)
            call.requireRoom(item.size());
        var json = JsonWriter.start().beginObject();
        if (item != null)
            write(json.name("Item"), item, projection);
        Consumption.of(call.request()).read(json, table, null, item == null ? 0 : item.size(),
                call.request().isTrue("ConsistentRead"));
        call.answer(json.endObject());
    }

    /// What is wanted of an item.
    static void write(JsonWriter json, Item item, @Nullable Projection projection) {
        if (projection == null)
            json.item(item);
        else {
            json.beginObject();
            projection.writeTo(item, json.items());
            json.endObject();
        }
    }

    static void put(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, CONDITION, EXPECTED);
        var item = required(request.item("Item"));
        var returns = returnValues(call, "ReturnValues can only be ALL_OLD or NONE");
        var condition = expressions.conditionOrExpected();
        expressions.placeholders().requireAllUsed();
        var table = call.table();
        Scalars.require(table, condition);
        call.whenDone(table.putAsync(item, condition), tellsItem(call), result -> answer(call, table, result, returns, null));
    }

    static void delete(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, CONDITION, EXPECTED);
        var key = required(request.item("Key"));
        var returns = returnValues(call, "ReturnValues can only be ALL_OLD or NONE");
        var condition = expressions.conditionOrExpected();
        expressions.placeholders().requireAllUsed();
        var table = call.table();
        Scalars.require(table, condition);
        call.whenDone(table.deleteAsync(key, condition), tellsItem(call), result -> answer(call, table, result, returns, null));
    }

    static void update(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, UPDATE, UPDATES);
        var key = required(request.item("Key"));
        var returns = request.string("ReturnValues");
        var update = update(expressions);
        var condition = expressions.conditionOrExpected();
        expressions.placeholders().requireAllUsed();
        var table = call.table();
        Scalars.require(table, update);
        Scalars.require(table, condition);
        call.whenDone(table.updateAsync(key, update, condition), tellsItem(call),
                result -> answer(call, table, result, returns == null ? "NONE" : returns, update));
    }

    private static Update update(Expressions expressions) {
        var text = expressions.request().string("UpdateExpression");
        if (text != null)
            return expressions.placeholders().update(text);
        var updates = new ArrayList<Legacy.AttributeUpdate>();
        expressions.request().structureMap("AttributeUpdates").forEach((name, entry) -> {
            var action = entry.string("Action");
            updates.add(new Legacy.AttributeUpdate(name,
                    action == null ? Legacy.AttributeUpdate.Action.PUT : Legacy.AttributeUpdate.Action.valueOf(action),
                    Expressions.first(entry, "Value")));
        });
        return Legacy.attributeUpdates(updates);
    }

    private static String returnValues(Call call, String otherwise) {
        var returns = call.request().string("ReturnValues");
        if (returns == null)
            return "NONE";
        if (!returns.equals("NONE") && !returns.equals("ALL_OLD"))
            throw KvRefusedException.validation(otherwise);
        return returns;
    }

    private static IntPredicate tellsItem(Call call) {
        boolean tells = "ALL_OLD".equals(call.request().string("ReturnValuesOnConditionCheckFailure"));
        return _ -> tells;
    }

    private static void answer(Call call, Table table, WriteResult result, String returns, @Nullable Update update) {
        var json = JsonWriter.start().beginObject();
        var attributes = switch (returns) {
            case "ALL_OLD" -> result.before();
            case "ALL_NEW" -> result.after();
            case "UPDATED_OLD" -> touched(result.before(), update);
            case "UPDATED_NEW" -> touched(result.after(), update);
            default -> null;
        };
        if (attributes != null)
            json.name("Attributes").item(attributes);
        Consumption.of(call.request()).write(json, table, result);
        Consumption.collection(call.request(), json, table, result);
        call.answer(json.endObject());
    }

    private static @Nullable Item touched(@Nullable Item item, @Nullable Update update) {
        if (item == null || update == null)
            return null;
        var touched = update.touched(item);
        return touched.isEmpty() ? null : touched;
    }
}
