package io.cairn.server.cli;

import io.cairn.server.cli.Json.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The part of the demo about items: a shop's records.
final class ItemsDemo {
    private static final String TABLE = "Records";
    private static final String INDEX = "by-label";
    private static final int RECORDS = 60;
    private static final int BUYERS = 16;
    private static final List<String> LABELS = List.of("Blue Note", "Columbia", "Impulse");
    private static final Map<String, @Nullable Object> LAST_COPY = key(0);

    private final BiConsumer<String, String> say;

    /// @param say tells a step and its result
    ItemsDemo(BiConsumer<String, String> say) {
        this.say = say;
    }

    private static Map<String, @Nullable Object> key(int number) {
        return item(Map.of("artist", "Artist " + number / LABELS.size(), "year", new Numeral(Integer.toString(1950 + number))));
    }

    private static Map<String, @Nullable Object> item(Map<String, @Nullable Object> plain) {
        return DocumentForm.typedItem(plain);
    }

    private static CommandException wrong(String what) {
        return new CommandException("the demo failed: " + what + "; this is a defect in Cairn");
    }

    void run(DynamoDb items) throws InterruptedException {
        fill(items);
        buyLastCopy(items);
        query(items);
        stream(items);
    }

    private void fill(DynamoDb items) {
        long begun = System.nanoTime();
        items.callOnce("CreateTable", Map.of("TableName", TABLE, "BillingMode", "PAY_PER_REQUEST", "KeySchema",
                TableKey.of("artist,year:N").schema(), "AttributeDefinitions",
                List.of(type("artist", "S"), type("year", "N"), type("label", "S")), "GlobalSecondaryIndexes",
                List.of(Map.of("IndexName", INDEX, "KeySchema", TableKey.of("label,year:N").schema(), "Projection",
                        Map.of("ProjectionType", "ALL"))),
                "StreamSpecification", Map.of("StreamEnabled", true, "StreamViewType", "NEW_AND_OLD_IMAGES")));
        for (int i = 0; i < RECORDS; i++) {
            var item = new LinkedHashMap<>(key(i));
            item.putAll(item(Map.of("label", LABELS.get(i % LABELS.size()), "stock", new Numeral(i == 0 ? "1" : "5"))));
            items.call("PutItem", Map.of("TableName", TABLE, "Item", item));
        }
        say.accept("table", "made with an index and a stream; %d items put in %d ms".formatted(RECORDS,
                (System.nanoTime() - begun) / 1_000_000));
    }

    private static Map<String, String> type(String name, String type) {
        return Map.of("AttributeName", name, "AttributeType", type);
    }

    private void buyLastCopy(DynamoDb items) throws InterruptedException {
        var start = new CyclicBarrier(BUYERS);
        int bought = 0;
        try (var buyers = Executors.newFixedThreadPool(BUYERS)) {
            var attempts = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < BUYERS; i++) {
                Callable<Boolean> attempt = () -> {
                    start.await();
                    return buy(items);
                };
                attempts.add(buyers.submit(attempt));
            }
            for (var attempt : attempts)
                bought += attempt.get() ? 1 : 0;
        } catch (ExecutionException e) {
            throw wrong("a buyer failed: " + e.getCause());
        }
        if (bought != 1)
            throw wrong(bought + " of " + BUYERS + " clients bought one copy");
        say.accept("condition", "%d clients buy the last copy at once (stock > 0): 1 did, %d were refused".formatted(BUYERS,
                BUYERS - 1));
    }

    private static boolean buy(DynamoDb items) {
        try {
            items.callOnce("UpdateItem",
                    Map.of("TableName", TABLE, "Key", LAST_COPY, "UpdateExpression", "SET stock = stock - :one",
                            "ConditionExpression", "stock > :none", "ExpressionAttributeValues",
                            item(Map.of(":one", new Numeral("1"), ":none", new Numeral("0")))));
            return true;
        } catch (DynamoDbException e) {
            if (e.code.equals("ConditionalCheckFailedException"))
                return false;
            throw e;
        }
    }

    private void query(DynamoDb items) {
        long begun = System.nanoTime();
        var found = inLabel(items, LABELS.getFirst());
        long micros = (System.nanoTime() - begun) / 1000;
        int last = Integer.MAX_VALUE;
        for (var record : found) {
            int year = Integer.parseInt(Json.text(DocumentForm.plainItem(record), "year"));
            if (year >= last)
                throw wrong("the index is out of order");
            last = year;
        }
        say.accept("query", "by the index: %d records of %s, the newest first, in %.1f ms".formatted(found.size(),
                LABELS.getFirst(), micros / 1e3));
    }

    private static List<Map<String, @Nullable Object>> inLabel(DynamoDb items, String label) {
        var answer = items.call("Query", Map.of("TableName", TABLE, "IndexName", INDEX, "KeyConditionExpression", "label = :l",
                "ExpressionAttributeValues", item(Map.of(":l", label)), "ScanIndexForward", false));
        var found = new ArrayList<Map<String, @Nullable Object>>();
        for (var record : Json.list(answer, "Items"))
            found.add(Json.map(record));
        if (found.size() != RECORDS / LABELS.size())
            throw wrong("the index has " + found.size() + " records of " + label);
        return found;
    }

    private void stream(DynamoDb items) {
        var arn = Json.text(
                Json.map(Json.list(items.callStreams("ListStreams", Map.of("TableName", TABLE)), "Streams").getFirst()),
                "StreamArn");
        var description = Json.map(items.callStreams("DescribeStream", Map.of("StreamArn", arn)), "StreamDescription");
        int made = 0;
        int changed = 0;
        for (var shard : Json.list(description, "Shards")) {
            var iterator = Json.text(items.callStreams("GetShardIterator", Map.of("StreamArn", arn, "ShardId",
                    Json.text(Json.map(shard), "ShardId"), "ShardIteratorType", "TRIM_HORIZON")), "ShardIterator");
            for (var record : Json.list(items.callStreams("GetRecords", Map.of("ShardIterator", iterator)), "Records"))
                if (Json.text(Json.map(record), "eventName").equals("INSERT"))
                    made++;
                else
                    changed++;
        }
        if (made != RECORDS || changed != 1)
            throw wrong("the stream tells of " + made + " items put and " + changed + " changed");
        say.accept("stream", "tells %d items put and %d changed, each with its old and new image".formatted(made, changed));
    }

    /// After a kill: what was written stands, in table and index.
    void compare(DynamoDb items) {
        var stock = Json.map(items.call("GetItem", Map.of("TableName", TABLE, "Key", LAST_COPY, "ConsistentRead", true)), "Item");
        if (!Json.text(DocumentForm.plainItem(stock), "stock").equals("0"))
            throw wrong("the last copy is there again");
        int found = 0;
        for (var label : LABELS)
            found += inLabel(items, label).size();
        say.accept("items", "all %d are there, in table and index; the last copy is still sold".formatted(found));
    }
}
