package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Requests that touch items: one, a batch, a transaction.
record ItemDraws(Draws draws, Values values, List<TableShape> tables) {
    Request draw() {
        return switch (draws.below(16)) {
            case 0, 1, 2, 3 -> put();
            case 4, 5 -> get();
            case 6, 7, 8, 9, 10 -> update();
            case 11, 12 -> delete();
            case 13 -> draws.oneIn(2) ? batchGet() : batchWrite();
            case 14 -> transactGet();
            default -> transactWrite();
        };
    }

    private void consumption(Map<String, Object> body) {
        if (draws.oneIn(3))
            body.put("ReturnConsumedCapacity", draws.of("NONE", "TOTAL", "INDEXES", "INDEXES"));
    }

    private void condition(Map<String, Object> body, TableShape table, ExpressionDraws expressions) {
        if (draws.oneIn(3))
            body.put("ConditionExpression", expressions.condition(2));
        if (draws.oneIn(4))
            body.put("ReturnValuesOnConditionCheckFailure", draws.of("ALL_OLD", "NONE"));
    }

    /// With a condition in the new way, in the old, or none.
    private void conditionOrExpected(Map<String, Object> body, TableShape table) {
        if (draws.oneIn(6)) {
            var legacy = new LegacyDraws(draws, values, table);
            body.put("Expected", legacy.expected());
        } else {
            var expressions = new ExpressionDraws(draws, values, table);
            condition(body, table, expressions);
            expressions.into(body);
        }
        consumption(body);
    }

    private void metrics(Map<String, Object> body) {
        if (draws.oneIn(6))
            body.put("ReturnItemCollectionMetrics", draws.of("SIZE", "NONE"));
    }

    Request put() {
        var table = draws.of(tables);
        var body = object("TableName", table.name(), "Item", values.item(table));
        if (draws.oneIn(3))
            body.put("ReturnValues", draws.mistake(12) ? draws.of("ALL_NEW", "UPDATED_OLD") : draws.of("ALL_OLD", "NONE"));
        conditionOrExpected(body, table);
        metrics(body);
        return Request.of("PutItem", body);
    }

    private Request delete() {
        var table = draws.of(tables);
        var body = object("TableName", table.name(), "Key", values.key(table));
        if (draws.oneIn(3))
            body.put("ReturnValues", draws.mistake(12) ? draws.of("ALL_NEW", "UPDATED_OLD") : draws.of("ALL_OLD", "NONE"));
        conditionOrExpected(body, table);
        metrics(body);
        return Request.of("DeleteItem", body);
    }

    private Request get() {
        var table = draws.of(tables);
        var body = object("TableName", table.name(), "Key", values.key(table));
        if (draws.oneIn(3)) {
            var expressions = new ExpressionDraws(draws, values, table);
            body.put("ProjectionExpression", expressions.projection());
            expressions.into(body);
        } else if (draws.oneIn(5))
            body.put("AttributesToGet", new LegacyDraws(draws, values, table).attributesToGet());
        if (draws.oneIn(3))
            body.put("ConsistentRead", draws.of(true, false));
        consumption(body);
        return Request.of("GetItem", body);
    }

    private Request update() {
        var table = draws.of(tables);
        var body = object("TableName", table.name(), "Key", values.key(table));
        if (draws.oneIn(2))
            body.put("ReturnValues", draws.of("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"));
        if (draws.oneIn(4)) {
            if (!draws.oneIn(10))
                body.put("AttributeUpdates", new LegacyDraws(draws, values, table).updates());
            if (draws.oneIn(3))
                body.put("Expected", new LegacyDraws(draws, values, table).expected());
        } else {
            var expressions = new ExpressionDraws(draws, values, table);
            body.put("UpdateExpression", expressions.update());
            condition(body, table, expressions);
            expressions.into(body);
        }
        consumption(body);
        metrics(body);
        return Request.of("UpdateItem", body);
    }

    private Request batchGet() {
        var requests = object();
        for (var table : tables) {
            var keys = new ArrayList<Object>();
            for (int i = draws.from(1, 4); i > 0; i--) {
                var key = values.key(table);
                if (!keys.contains(key) || draws.mistake(20))
                    keys.add(key);
            }
            var wanted = object("Keys", keys);
            if (draws.oneIn(4)) {
                var expressions = new ExpressionDraws(draws, values, table);
                wanted.put("ProjectionExpression", expressions.projection());
                if (!expressions.names.isEmpty())
                    wanted.put("ExpressionAttributeNames", expressions.names);
            }
            if (draws.oneIn(4))
                wanted.put("ConsistentRead", true);
            requests.put(table.name(), wanted);
            if (draws.oneIn(2))
                break;
        }
        var body = object("RequestItems", requests);
        consumption(body);
        return Request.of("BatchGetItem", body);
    }

    private Request batchWrite() {
        var requests = object();
        for (var table : tables) {
            var writes = new ArrayList<Object>();
            var keys = new ArrayList<Object>();
            for (int i = draws.from(1, 5); i > 0; i--) {
                var item = values.item(table);
                var key = object();
                table.keyNames().forEach(name -> key.put(name, item.get(name)));
                if (keys.contains(key) && !draws.mistake(20))
                    continue;
                keys.add(key);
                writes.add(draws.oneIn(3)
                        ? object("DeleteRequest", object("Key", key))
                        : object("PutRequest", object("Item", item)));
            }
            requests.put(table.name(), writes);
            if (draws.oneIn(2))
                break;
        }
        var body = object("RequestItems", requests);
        consumption(body);
        metrics(body);
        return Request.of("BatchWriteItem", body);
    }

    private Request transactGet() {
        var gets = new ArrayList<Object>();
        for (int i = draws.from(1, 4); i > 0; i--) {
            var table = draws.of(tables);
            var get = object("TableName", table.name(), "Key", values.key(table));
            if (draws.oneIn(4)) {
                var expressions = new ExpressionDraws(draws, values, table);
                get.put("ProjectionExpression", expressions.projection());
                if (!expressions.names.isEmpty())
                    get.put("ExpressionAttributeNames", expressions.names);
            }
            gets.add(object("Get", get));
        }
        var body = object("TransactItems", gets);
        consumption(body);
        return Request.of("TransactGetItems", body);
    }

    private Request transactWrite() {
        var writes = new ArrayList<Object>();
        var keys = new ArrayList<Object>();
        for (int i = draws.from(1, 4); i > 0; i--) {
            var table = draws.of(tables);
            var item = values.item(table);
            var key = object();
            table.keyNames().forEach(name -> key.put(name, item.get(name)));
            if (keys.contains(List.of(table.name(), key)) && !draws.mistake(15))
                continue;
            keys.add(List.of(table.name(), key));
            var expressions = new ExpressionDraws(draws, values, table);
            var member = draws.of("Put", "Put", "Update", "Update", "Delete", "ConditionCheck");
            var write = object("TableName", table.name());
            write.put(member.equals("Put") ? "Item" : "Key", member.equals("Put") ? item : key);
            if (member.equals("Update"))
                write.put("UpdateExpression", expressions.update());
            if (member.equals("ConditionCheck"))
                write.put("ConditionExpression", expressions.condition(1));
            else
                condition(write, table, expressions);
            expressions.into(write);
            writes.add(object(member, write));
        }
        var body = object("TransactItems", writes);
        if (draws.oneIn(4))
            body.put("ClientRequestToken", "token-" + draws.below(1_000_000_000));
        consumption(body);
        metrics(body);
        return Request.of("TransactWriteItems", body);
    }
}
