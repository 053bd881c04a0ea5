package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// A client that writes items of its own and knows what it was told. What was on its way when the server was killed may be there or
/// not, but whole: both items of a transaction or neither.
final class KilledItems {
    static final String TABLE = "killed";
    private static final String INDEX = "by-group";
    private static final int KEYS = 12;

    enum Kind {
        PUT, UPDATE, DELETE, TRANSACT
    }

    private final String name;
    private final SplittableRandom random;
    private final Map<Kind, AtomicInteger> acknowledged = new EnumMap<>(Kind.class);
    /// What stands under each key; absent for no item.
    private Map<String, Map<String, AttributeValue>> known = new HashMap<>();
    /// What stands if the last write, of which nothing was heard, was done.
    private @Nullable Map<String, Map<String, AttributeValue>> perhaps;
    private int count;

    KilledItems(int number, long seed) {
        name = "c" + number;
        random = new SplittableRandom(seed + number);
        for (var kind : Kind.values())
            acknowledged.put(kind, new AtomicInteger());
    }

    @SuppressWarnings("unchecked") // the SDK takes generic varargs
    static void createTable(DynamoDbClient items) {
        items.createTable(t -> t.tableName(TABLE).billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(a -> a.attributeName("id").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("group").attributeType(ScalarAttributeType.N))
                .keySchema(k -> k.attributeName("id").keyType(KeyType.HASH))
                .globalSecondaryIndexes(i -> i.indexName(INDEX)
                        .keySchema(k -> k.attributeName("group").keyType(KeyType.HASH),
                                k -> k.attributeName("id").keyType(KeyType.RANGE))
                        .projection(p -> p.projectionType(ProjectionType.ALL)))
                .streamSpecification(s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
    }

    int acknowledged(Kind kind) {
        return Objects.requireNonNull(acknowledged.get(kind)).get();
    }

    private String id(int number) {
        return name + "-" + number;
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }

    Map<String, AttributeValue> firstKey() {
        return key(id(0));
    }

    private Map<String, AttributeValue> item(String id) {
        count++;
        return Map.of("id", AttributeValue.fromS(id), "group", AttributeValue.fromN(Integer.toString(count % 3)), "n",
                AttributeValue.fromN(Integer.toString(count)), "text", AttributeValue.fromS("x".repeat(random.nextInt(2000))));
    }

    void putFirst(DynamoDbClient items) {
        put(items, id(0));
    }

    private void put(DynamoDbClient items, String id) {
        var item = item(id);
        begin(Map.of(id, item));
        items.putItem(p -> p.tableName(TABLE).item(item));
        done(Kind.PUT);
    }

    /// One write.
    void step(DynamoDbClient items) {
        var id = id(random.nextInt(KEYS));
        switch (Kind.values()[random.nextInt(Kind.values().length)]) {
            case PUT -> put(items, id);
            case UPDATE -> update(items, id);
            case DELETE -> {
                begin(known);
                Objects.requireNonNull(perhaps).remove(id);
                items.deleteItem(d -> d.tableName(TABLE).key(key(id)));
                done(Kind.DELETE);
            }
            case TRANSACT -> {
                var other = id((random.nextInt(KEYS - 1) + 1 + Integer.parseInt(id.substring(id.indexOf('-') + 1))) % KEYS);
                if (other.equals(id))
                    return;
                var left = item(id);
                var right = item(other);
                begin(Map.of(id, left, other, right));
                items.transactWriteItems(
                        t -> t.transactItems(TransactWriteItem.builder().put(p -> p.tableName(TABLE).item(left)).build(),
                                TransactWriteItem.builder().put(p -> p.tableName(TABLE).item(right)).build()));
                done(Kind.TRANSACT);
            }
        }
    }

    private void update(DynamoDbClient items, String id) {
        count++;
        var after = new HashMap<>(known.getOrDefault(id, key(id)));
        after.put("group", AttributeValue.fromN(Integer.toString(count % 3)));
        var plays = after.get("plays");
        after.put("plays", AttributeValue.fromN(Integer.toString(plays == null ? 1 : Integer.parseInt(plays.n()) + 1)));
        begin(Map.of(id, after));
        items.updateItem(u -> u.tableName(TABLE).key(key(id)).updateExpression("SET #g = :g ADD plays :one")
                .expressionAttributeNames(Map.of("#g", "group")).expressionAttributeValues(
                        Map.of(":g", Objects.requireNonNull(after.get("group")), ":one", AttributeValue.fromN("1"))));
        done(Kind.UPDATE);
    }

    private void begin(Map<String, Map<String, AttributeValue>> changes) {
        var next = new HashMap<>(known);
        next.putAll(changes);
        perhaps = next;
    }

    private void done(Kind kind) {
        known = Objects.requireNonNull(perhaps);
        perhaps = null;
        Objects.requireNonNull(acknowledged.get(kind)).incrementAndGet();
    }

    /// All that it was told stands there; of what it heard nothing, all or nothing.
    void check(DynamoDbClient items) {
        var found = new HashMap<String, Map<String, AttributeValue>>();
        for (int i = 0; i < KEYS; i++) {
            var id = id(i);
            var got = items.getItem(g -> g.tableName(TABLE).key(key(id)).consistentRead(true));
            if (got.hasItem())
                found.put(id, got.item());
        }
        if (!found.equals(known))
            assertEquals(perhaps == null ? known : perhaps, found, name);
        known = found;
        perhaps = null;
    }

    /// The index equals the table, and the stream leads to it, step by step.
    static void checkAll(DynamoDbClient items, DynamoDbStreamsClient streams) {
        var table = new HashMap<String, Map<String, AttributeValue>>();
        for (var page : items.scanPaginator(s -> s.tableName(TABLE).consistentRead(true)))
            page.items().forEach(item -> table.put(id(item), item));
        Set<Map<String, AttributeValue>> index = new HashSet<>();
        for (var group : List.of("0", "1", "2"))
            for (var page : items.queryPaginator(q -> q.tableName(TABLE).indexName(INDEX).keyConditionExpression("#g = :g")
                    .expressionAttributeNames(Map.of("#g", "group"))
                    .expressionAttributeValues(Map.of(":g", AttributeValue.fromN(group)))))
                page.items().forEach(item -> assertTrue(index.add(item), () -> "twice in the index: " + item));
        assertEquals(new HashSet<>(table.values()), index);
        assertEquals(table, told(streams));
    }

    private static String id(Map<String, AttributeValue> item) {
        return Objects.requireNonNull(item.get("id")).s();
    }

    /// What stands there by what the stream tells, each change on what the one before left.
    private static Map<String, Map<String, AttributeValue>> told(DynamoDbStreamsClient streams) {
        var arn = streams.listStreams(l -> l.tableName(TABLE)).streams().getFirst().streamArn();
        var told = new HashMap<String, Map<String, AttributeValue>>();
        for (var shard : streams.describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
            @Nullable
            String iterator = streams.getShardIterator(
                    i -> i.streamArn(arn).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            var last = "";
            while (iterator != null) {
                var at = iterator;
                var page = streams.getRecords(r -> r.shardIterator(at));
                for (var record : new ArrayList<>(page.records())) {
                    var change = record.dynamodb();
                    assertTrue(change.sequenceNumber().compareTo(last) > 0, "in order");
                    last = change.sequenceNumber();
                    var before = told.get(id(change.keys()));
                    assertEquals(before, change.hasOldImage() ? change.oldImage() : null,
                            "a change is told on what was told before");
                    if (change.hasNewImage())
                        told.put(id(change.keys()), change.newImage());
                    else
                        assertNotNull(told.remove(id(change.keys())));
                }
                iterator = page.records().isEmpty() ? null : page.nextShardIterator();
            }
        }
        return told;
    }
}
