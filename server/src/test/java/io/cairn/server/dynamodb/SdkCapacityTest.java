package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Capacity;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// ConsumedCapacity in each form, by the sizes of the developer guide ("DynamoDB read and write operations"), and ItemCollectionMetrics.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkCapacityTest extends SdkSuite {
    private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;
    private static final ReturnConsumedCapacity INDEXES = ReturnConsumedCapacity.INDEXES;

    /// An item of just so many bytes: names pk, sk, v and a key of a letter and a digit take 9.
    private static Map<String, AttributeValue> sized(String pk, long sk, int bytes) {
        return Map.of("pk", s(pk), "sk", n(sk), "v", s("x".repeat(bytes - 8)));
    }

    private String indexed(String name) {
        return table(name, t -> t
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N),
                        attribute("x", ScalarAttributeType.S))
                .localSecondaryIndexes(i -> i.indexName("local").keySchema(hash("pk"), range("x"))
                        .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY)))
                .globalSecondaryIndexes(i -> i.indexName("global").keySchema(hash("x"))
                        .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY))));
    }

    @ParameterizedTest
    @CsvSource({"100, 1, 0.5, 1", "1024, 1, 0.5, 1", "1025, 2, 0.5, 1", "4096, 4, 0.5, 1", "4097, 5, 1, 2", "10000, 10, 1.5, 3"})
    void unitsFollowTheSize(int bytes, double written, double read, double consistent) {
        var name = table("size-" + bytes);
        assertEquals(written, client().putItem(p -> p.tableName(name).item(sized("a", 1, bytes)).returnConsumedCapacity(TOTAL))
                .consumedCapacity().capacityUnits());
        assertEquals(read, client().getItem(g -> g.tableName(name).key(key("a", 1)).returnConsumedCapacity(TOTAL))
                .consumedCapacity().capacityUnits());
        assertEquals(consistent,
                client().getItem(g -> g.tableName(name).key(key("a", 1)).consistentRead(true).projectionExpression("pk")
                        .returnConsumedCapacity(TOTAL)).consumedCapacity().capacityUnits());
        assertEquals(written,
                client().putItem(p -> p.tableName(name).item(sized("a", 1, 50)).returnConsumedCapacity(TOTAL)).consumedCapacity()
                        .capacityUnits(),
                "the larger of old and new");
        client().putItem(p -> p.tableName(name).item(sized("a", 1, bytes)));
        assertEquals(written, client().updateItem(u -> u.tableName(name).key(key("a", 1)).updateExpression("SET w = :w")
                .conditionExpression("attribute_not_exists(w)").expressionAttributeValues(Map.of(":w", s("")))
                .returnConsumedCapacity(TOTAL)).consumedCapacity().capacityUnits(), bytes % 1024 == 0 ? 1.0 : 0.0);
        assertEquals(written,
                Math.floor(client().deleteItem(d -> d.tableName(name).key(key("a", 1)).returnConsumedCapacity(TOTAL))
                        .consumedCapacity()
                        .capacityUnits()),
                bytes % 1024 == 0 ? 1.0 : 0.0);
        assertEquals(1, client().deleteItem(d -> d.tableName(name).key(key("a", 1)).returnConsumedCapacity(TOTAL))
                .consumedCapacity().capacityUnits());
        assertEquals(0.5, client().getItem(g -> g.tableName(name).key(key("a", 1)).returnConsumedCapacity(TOTAL))
                .consumedCapacity().capacityUnits());
    }

    @Test
    void nothingIsToldUnlessItIsAsked() {
        var name = table("unasked");
        assertNull(client().putItem(p -> p.tableName(name).item(key("a", 1))).consumedCapacity());
        assertNull(client().getItem(g -> g.tableName(name).key(key("a", 1)).returnConsumedCapacity(ReturnConsumedCapacity.NONE))
                .consumedCapacity());
        var total = client().putItem(p -> p.tableName(name).item(key("a", 1)).returnConsumedCapacity(TOTAL)).consumedCapacity();
        assertEquals(name, total.tableName());
        assertNull(total.table());
        assertFalse(total.hasGlobalSecondaryIndexes());
    }

    /// A page is read as a whole: its sizes are added up before they are rounded.
    @Test
    void aPageIsRoundedOnce() {
        var name = table("pages");
        for (int i = 0; i < 10; i++) {
            int at = i;
            client().putItem(p -> p.tableName(name).item(sized("a", at, 1000)));
        }
        assertEquals(1.5, client()
                .query(q -> q.tableName(name).keyConditionExpression("pk = :a").expressionAttributeValues(Map.of(":a", s("a")))
                        .returnConsumedCapacity(TOTAL))
                .consumedCapacity().capacityUnits());
        assertEquals(3, client().scan(q -> q.tableName(name).consistentRead(true).filterExpression("attribute_not_exists(v)")
                .returnConsumedCapacity(TOTAL)).consumedCapacity().capacityUnits());
        assertEquals(0.5,
                client().query(q -> q.tableName(name).keyConditionExpression("pk = :a")
                        .expressionAttributeValues(Map.of(":a", s("none")))
                        .returnConsumedCapacity(TOTAL)).consumedCapacity().capacityUnits());
    }

    private static Map<String, Double> units(ConsumedCapacity consumed) {
        var units = new TreeMap<String, Double>();
        units.put("table", consumed.table().capacityUnits());
        add(units, consumed.localSecondaryIndexes());
        add(units, consumed.globalSecondaryIndexes());
        assertEquals(consumed.capacityUnits(), units.values().stream().mapToDouble(Double::doubleValue).sum());
        return units;
    }

    private static void add(Map<String, Double> units, Map<String, Capacity> indexes) {
        indexes.forEach((name, capacity) -> units.put(name, capacity.capacityUnits()));
    }

    /// Each index row that is made or removed is a write; a key that changes is both; a row that stays costs nothing.
    @Test
    void indexesAreToldApart() {
        var name = indexed("indexed");
        assertEquals(Map.of("table", 1.0),
                units(client().putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1}")).returnConsumedCapacity(INDEXES))
                        .consumedCapacity()));
        assertEquals(Map.of("table", 1.0, "local", 1.0, "global", 1.0), units(client()
                .putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'x':'x'}")).returnConsumedCapacity(INDEXES))
                .consumedCapacity()));
        assertEquals(Map.of("table", 1.0, "local", 2.0, "global", 2.0), units(client()
                .putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'x':'y'}")).returnConsumedCapacity(INDEXES))
                .consumedCapacity()));
        assertEquals(Map.of("table", 1.0), units(client()
                .putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'x':'y','v':1}")).returnConsumedCapacity(INDEXES))
                .consumedCapacity()));
        var global = client().query(q -> q.tableName(name).indexName("global").keyConditionExpression("x = :x")
                .expressionAttributeValues(Map.of(":x", s("y")))
                .returnConsumedCapacity(INDEXES)).consumedCapacity();
        assertEquals(Map.of("table", 0.0, "global", 0.5), units(global));
        assertEquals(Map.of("table", 1.0, "local", 1.0, "global", 1.0),
                units(client().deleteItem(d -> d.tableName(name).key(key("a", 1)).returnConsumedCapacity(INDEXES))
                        .consumedCapacity()));
    }

    @Test
    void batchesAndTransactionsTellEachTable() {
        var one = table("many-one");
        var two = indexed("many-two");
        var written = client().batchWriteItem(b -> b.returnConsumedCapacity(INDEXES)
                .requestItems(Map.of(one, List.of(write(sized("a", 1, 2000)), write(sized("a", 2, 10))),
                        two, List.of(write(item("{'pk':'a','sk':1,'x':'x'}"))))))
                .consumedCapacity();
        assertEquals(Map.of(one, 3.0, two, 3.0), byTable(written));
        var read = client()
                .batchGetItem(
                        b -> b.returnConsumedCapacity(TOTAL).requestItems(Map.of(one, keys(false, 1, 2, 3), two, keys(true, 1))))
                .consumedCapacity();
        assertEquals(Map.of(one, 1.5, two, 1.0), byTable(read));
        var transaction = client()
                .transactWriteItems(t -> t.returnConsumedCapacity(TOTAL).transactItems(
                        i -> i.put(p -> p.tableName(one).item(sized("b", 1, 1500))),
                        i -> i.conditionCheck(
                                c -> c.tableName(one).key(key("a", 1)).conditionExpression("attribute_exists(pk)"))))
                .consumedCapacity();
        assertEquals(8.0, transaction.getFirst().writeCapacityUnits(), "2 KB twice, and twice for the item that was checked");
        assertEquals(8.0, transaction.getFirst().capacityUnits());
        var got = client().transactGetItems(
                t -> t.returnConsumedCapacity(TOTAL).transactItems(i -> i.get(g -> g.tableName(one).key(key("a", 1))),
                        i -> i.get(g -> g.tableName(two).key(key("a", 1)))))
                .consumedCapacity();
        assertEquals(Map.of(one, 2.0, two, 2.0), byTable(got));
        assertEquals(2.0, got.getFirst().readCapacityUnits());
    }

    private static WriteRequest write(Map<String, AttributeValue> item) {
        return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
    }

    private static KeysAndAttributes keys(boolean consistent, long... sorts) {
        return KeysAndAttributes.builder().consistentRead(consistent)
                .keys(Arrays.stream(sorts).mapToObj(sk -> key("a", sk)).toList()).build();
    }

    private static Map<String, Double> byTable(List<ConsumedCapacity> consumed) {
        var units = new TreeMap<String, Double>();
        consumed.forEach(table -> units.put(table.tableName(), table.capacityUnits()));
        return units;
    }

    /// Only tables with a local index have collections whose size is bounded.
    @Test
    void collectionsAreMeasuredWhereThereAreLocalIndexes() {
        var plain = table("uncollected");
        var name = indexed("collected");
        var size = ReturnItemCollectionMetrics.SIZE;
        assertNull(client().putItem(p -> p.tableName(plain).item(key("a", 1)).returnItemCollectionMetrics(size))
                .itemCollectionMetrics());
        assertNull(client().putItem(p -> p.tableName(name).item(key("a", 1))).itemCollectionMetrics());
        var put = client().putItem(p -> p.tableName(name).item(key("a", 1)).returnItemCollectionMetrics(size))
                .itemCollectionMetrics();
        assertEquals(Map.of("pk", s("a")), put.itemCollectionKey());
        assertEquals(List.of(0.0, 1.0), put.sizeEstimateRangeGB());
        var update = client().updateItem(u -> u.tableName(name).key(key("b", 1)).returnItemCollectionMetrics(size))
                .itemCollectionMetrics();
        assertEquals(Map.of("pk", s("b")), update.itemCollectionKey());
        assertEquals(Map.of("pk", s("b")),
                client().deleteItem(d -> d.tableName(name).key(key("b", 1)).returnItemCollectionMetrics(size))
                        .itemCollectionMetrics().itemCollectionKey());
        var batch = client().batchWriteItem(b -> b.returnItemCollectionMetrics(size)
                .requestItems(Map.of(name, List.of(write(key("c", 1)), write(key("c", 2))))));
        assertEquals(Map.of("pk", s("c")), of(batch.itemCollectionMetrics(), name).getFirst().itemCollectionKey());
        var transaction = client().transactWriteItems(
                t -> t.returnItemCollectionMetrics(size).transactItems(i -> i.put(p -> p.tableName(name).item(key("d", 1)))));
        assertEquals(Map.of("pk", s("d")), of(transaction.itemCollectionMetrics(), name).getFirst().itemCollectionKey());
    }
}
