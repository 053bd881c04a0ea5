package io.cairn.server.clients;

import io.cairn.kv.Item;
import io.cairn.kv.StreamRecord;
import io.cairn.kv.StreamRecord.Change;
import io.cairn.kv.StreamRecord.Sequence;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.KilledTable;
import io.cairn.kv.testkit.KilledWrites;
import io.cairn.kv.testkit.KilledWrites.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// A client that carries out [KilledWrites] over the network, and reads all that stands there for the checks after a kill.
final class KilledItems {
    private static final String TABLE = KilledTable.NAME;
    private final KilledWrites writes;

    KilledItems(int number, long seed) {
        writes = new KilledWrites(number, seed);
    }

    /// [KilledTable#DEFINITION], as the API has it.
    @SuppressWarnings("unchecked") // the SDK takes generic varargs
    static void createTable(DynamoDbClient items) {
        items.createTable(t -> t.tableName(TABLE).billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(a -> a.attributeName(KilledTable.OWNER).attributeType(ScalarAttributeType.S),
                        a -> a.attributeName(KilledTable.ID).attributeType(ScalarAttributeType.N),
                        a -> a.attributeName(KilledTable.GROUP).attributeType(ScalarAttributeType.N),
                        a -> a.attributeName(KilledTable.NUMBER).attributeType(ScalarAttributeType.N))
                .keySchema(k -> k.attributeName(KilledTable.OWNER).keyType(KeyType.HASH),
                        k -> k.attributeName(KilledTable.ID).keyType(KeyType.RANGE))
                .globalSecondaryIndexes(i -> i.indexName(KilledTable.BY_GROUP)
                        .keySchema(k -> k.attributeName(KilledTable.GROUP).keyType(KeyType.HASH),
                                k -> k.attributeName(KilledTable.OWNER).keyType(KeyType.RANGE))
                        .projection(p -> p.projectionType(ProjectionType.ALL)))
                .localSecondaryIndexes(i -> i.indexName(KilledTable.BY_NUMBER)
                        .keySchema(k -> k.attributeName(KilledTable.OWNER).keyType(KeyType.HASH),
                                k -> k.attributeName(KilledTable.NUMBER).keyType(KeyType.RANGE))
                        .projection(p -> p.projectionType(ProjectionType.INCLUDE).nonKeyAttributes(KilledTable.GROUP)))
                .streamSpecification(s -> s.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
    }

    int acknowledged(Kind kind) {
        return writes.acknowledged(kind);
    }

    Map<String, AttributeValue> firstKey() {
        return attributes(writes.key(0));
    }

    void putFirst(DynamoDbClient items) {
        var item = attributes(writes.put(writes.key(0)).item());
        items.putItem(p -> p.tableName(TABLE).item(item));
        writes.done();
    }

    /// One write.
    void step(DynamoDbClient items) {
        var write = writes.next();
        var item = attributes(write.item());
        switch (write.kind()) {
            case PUT -> items.putItem(p -> p.tableName(TABLE).item(item));
            case UPDATE -> items.updateItem(u -> u.tableName(TABLE).key(item).updateExpression(KilledWrites.UPDATE)
                    .expressionAttributeNames(KilledWrites.UPDATE_NAMES)
                    .expressionAttributeValues(attributes(writes.updateValues())));
            case DELETE -> items.deleteItem(d -> d.tableName(TABLE).key(item));
            case TRANSACT -> items.transactWriteItems(t -> t.transactItems(write.items().stream().map(
                    each -> TransactWriteItem.builder().put(p -> p.tableName(TABLE).item(attributes(each))).build()).toList()));
        }
        writes.done();
    }

    /// All that it was told stands there; of what it heard nothing, all or nothing.
    void check(DynamoDbClient items) {
        writes.check(key -> {
            var got = items.getItem(g -> g.tableName(TABLE).key(attributes(key)).consistentRead(true));
            return got.hasItem() ? item(got.item()) : null;
        });
    }

    /// The indexes equal the table, and the stream leads to it, step by step.
    static void checkAll(DynamoDbClient items, DynamoDbStreamsClient streams, List<KilledItems> clients) {
        var table = new ArrayList<Item>();
        for (var page : items.scanPaginator(s -> s.tableName(TABLE).consistentRead(true)))
            page.items().forEach(item -> table.add(item(item)));
        var byGroup = new ArrayList<Item>();
        for (int group = 0; group < KilledTable.GROUPS; group++)
            byGroup.addAll(query(items, KilledTable.BY_GROUP, KilledTable.GROUP, Value.n(group)));
        var byNumber = new ArrayList<Item>();
        for (var client : clients)
            byNumber.addAll(query(items, KilledTable.BY_NUMBER, KilledTable.OWNER, Value.s(client.writes.owner())));
        KilledTable.check(table, byGroup, byNumber, told(streams));
    }

    private static List<Item> query(DynamoDbClient items, String index, String name, Value value) {
        var found = new ArrayList<Item>();
        for (var page : items.queryPaginator(q -> q.tableName(TABLE).indexName(index).keyConditionExpression("#n = :v")
                .expressionAttributeNames(Map.of("#n", name)).expressionAttributeValues(Map.of(":v", attribute(value)))))
            page.items().forEach(item -> found.add(item(item)));
        return found;
    }

    private static List<List<StreamRecord>> told(DynamoDbStreamsClient streams) {
        var arn = streams.listStreams(l -> l.tableName(TABLE)).streams().getFirst().streamArn();
        var told = new ArrayList<List<StreamRecord>>();
        for (var shard : streams.describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
            var records = new ArrayList<StreamRecord>();
            @Nullable
            String iterator = streams.getShardIterator(
                    i -> i.streamArn(arn).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            while (iterator != null) {
                var at = iterator;
                var page = streams.getRecords(r -> r.shardIterator(at));
                page.records().forEach(record -> records.add(record(record)));
                iterator = page.records().isEmpty() ? null : page.nextShardIterator();
            }
            told.add(records);
        }
        return told;
    }

    private static StreamRecord record(Record record) {
        var change = record.dynamodb();
        return new StreamRecord(Sequence.parse(change.sequenceNumber()), Change.valueOf(record.eventNameAsString()),
                change.approximateCreationDateTime(), record.userIdentity() != null, item(change.keys()),
                change.hasOldImage() ? item(change.oldImage()) : null, change.hasNewImage() ? item(change.newImage()) : null);
    }

    private static Item item(Map<String, AttributeValue> attributes) {
        var values = new HashMap<String, Value>();
        attributes.forEach((name, attribute) -> values.put(name,
                attribute.n() == null ? Value.s(attribute.s()) : new Value.N(new BigDecimal(attribute.n()))));
        return Item.of(values);
    }

    private static Map<String, AttributeValue> attributes(Item item) {
        var attributes = new HashMap<String, AttributeValue>();
        item.toMap().forEach((name, value) -> attributes.put(name, attribute(value)));
        return attributes;
    }

    /// Items here have texts and numbers alone.
    private static AttributeValue attribute(Value value) {
        return switch (value) {
            case Value.S(var text) -> AttributeValue.fromS(text);
            case Value.N(var number) -> AttributeValue.fromN(number.toPlainString());
            default -> throw new IllegalArgumentException("neither text nor number: " + value);
        };
    }
}
