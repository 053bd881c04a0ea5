package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.List;
import java.util.Map;

/// Requests about tables: how they are, indexes that come and go, expiry.
///
/// @param prefix of the names of the history's own tables
record TableDraws(Draws draws, List<TableShape> tables, String prefix) {
    Request draw() {
        var table = draws.of(tables).name();
        return switch (draws.below(10)) {
            case 0, 1 -> Request.of("DescribeTable", object("TableName", table));
            case 2 -> list();
            case 3 -> Request.of("DescribeTimeToLive", object("TableName", table));
            case 4 -> Request.of("UpdateTimeToLive", object("TableName", table, "TimeToLiveSpecification",
                    object("Enabled", draws.of(true, false), "AttributeName", draws.of("d", "d", "e"))));
            case 5 -> Request.of("CreateTable", badTable());
            case 6 -> Request.of("DescribeLimits", object());
            default -> updateTable(draws.of(tables));
        };
    }

    private Request list() {
        var body = object();
        if (draws.oneIn(2))
            body.put("Limit", draws.of(1, 2, 100));
        if (draws.oneIn(3))
            body.put("ExclusiveStartTableName", draws.of(prefix + "Alpha", prefix + "Beta", "aaa"));
        return Request.of("ListTables", body);
    }

    /// Onto a table: an index made or dropped, deletion protection, or nothing.
    private Request updateTable(TableShape table) {
        var body = object("TableName", table.name());
        switch (draws.below(6)) {
            case 0, 1 -> {
                body.put("AttributeDefinitions", TableShape.attributes(Map.of("d", draws.of("S", "N"))));
                var index = new TableShape.IndexShape(draws.of("byD", "byB"), false, List.of("d"), draws.of("ALL", "KEYS_ONLY"))
                        .body();
                if (draws.oneIn(2))
                    index.put("ProvisionedThroughput", object("ReadCapacityUnits", 5, "WriteCapacityUnits", 5));
                body.put("GlobalSecondaryIndexUpdates", List.of(object("Create", index)));
            }
            case 2, 3 -> body.put("GlobalSecondaryIndexUpdates",
                    List.of(object("Delete", object("IndexName", draws.of("byB", "byD", "byC", "none")))));
            case 4 -> body.put("ProvisionedThroughput",
                    object("ReadCapacityUnits", draws.of(5, 6), "WriteCapacityUnits", draws.of(5, 6)));
            default -> {
                if (draws.oneIn(2))
                    body.put("BillingMode", "PAY_PER_REQUEST");
            }
        }
        return Request.of("UpdateTable", body);
    }

    /// A table that cannot be, most of the time.
    private Map<String, Object> badTable() {
        var body = TableShape.draw(draws, prefix + "Bad").create(true);
        switch (draws.below(9)) {
            case 0 -> body.put("AttributeDefinitions", List.of(object("AttributeName", "k", "AttributeType", "S"),
                    object("AttributeName", "never", "AttributeType", "S")));
            case 1 -> body.put("KeySchema", TableShape.schema(List.of("k", "k")));
            case 2 -> body.put("KeySchema", List.of(object("AttributeName", "k", "KeyType", "RANGE")));
            case 3 -> body.put("AttributeDefinitions", List.of(object("AttributeName", "zz", "AttributeType", "S")));
            case 4 -> body.put("BillingMode", "PROVISIONED");
            case 5 -> body.put("ProvisionedThroughput", object("ReadCapacityUnits", 5, "WriteCapacityUnits", 5));
            case 6 -> body.put("GlobalSecondaryIndexes", List.of());
            case 7 -> body.put("TableName", draws.of(tables).name());
            default -> body.put("LocalSecondaryIndexes",
                    List.of(new TableShape.IndexShape("local", true, List.of("b", "c"), "ALL").body()));
        }
        return body;
    }
}
