package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Local and global secondary indexes: what they project, how they follow their table, how they come and go.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkIndexesTest extends SdkSuite {
    private static final Projection ALL = Projection.builder().projectionType(ProjectionType.ALL).build();
    private static final Projection KEYS_ONLY = Projection.builder().projectionType(ProjectionType.KEYS_ONLY).build();
    private static final Projection INCLUDE = Projection.builder().projectionType(ProjectionType.INCLUDE).nonKeyAttributes("v")
            .build();

    private static LocalSecondaryIndex local(String name, Projection projection) {
        return LocalSecondaryIndex.builder().indexName(name).keySchema(hash("pk"), range("x")).projection(projection).build();
    }

    private static GlobalSecondaryIndex global(String name, Projection projection) {
        return GlobalSecondaryIndex.builder().indexName(name).keySchema(hash("x"), range("y")).projection(projection).build();
    }

    /// Local and global indexes on x (N) and y (S), one for each projection.
    private String indexed(String name) {
        return table(name, t -> t
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N),
                        attribute("x", ScalarAttributeType.N), attribute("y", ScalarAttributeType.S))
                .localSecondaryIndexes(local("local-all", ALL), local("local-keys", KEYS_ONLY), local("local-some", INCLUDE))
                .globalSecondaryIndexes(global("global-all", ALL), global("global-keys", KEYS_ONLY),
                        global("global-some", INCLUDE)));
    }

    private List<Map<String, AttributeValue>> query(String table, String index, String attribute, AttributeValue value) {
        return client().query(q -> q.tableName(table).indexName(index).keyConditionExpression(attribute + " = :v")
                .expressionAttributeValues(Map.of(":v", value))).items();
    }

    @ParameterizedTest
    @CsvSource({"local-all, pk sk v w x y", "local-keys, pk sk x", "local-some, pk sk v x", "global-all, pk sk v w x y",
            "global-keys, pk sk x y", "global-some, pk sk v x y"})
    void anIndexHasWhatItProjects(String index, String attributes) {
        var name = "projected";
        if (!client().listTables().tableNames().contains(name))
            put(indexed(name), "{'pk':'a','sk':1,'x':7,'y':'y1','v':'vv','w':'ww'}");
        var found = index.startsWith("local") ? query(name, index, "pk", s("a")) : query(name, index, "x", n(7));
        assertEquals(1, found.size());
        assertEquals(Set.of(attributes.split(" ")), found.getFirst().keySet());
        var scanned = client().scan(x -> x.tableName(name).indexName(index)).items();
        assertEquals(found, scanned);
        var projected = client().scan(x -> x.tableName(name).indexName(index).select(Select.ALL_PROJECTED_ATTRIBUTES)).items();
        assertEquals(found, projected);
    }

    /// A local index fetches from its table what it has not; a global one cannot.
    @Test
    void whatAnIndexDoesNotProject() {
        var name = indexed("fetched");
        put(name, "{'pk':'a','sk':1,'x':7,'y':'y1','v':'vv','w':'ww'}");
        var whole = get(name, "a", 1);
        for (var index : List.of("local-all", "local-keys", "local-some"))
            assertEquals(List.of(whole), client().query(q -> q.tableName(name).indexName(index).select(Select.ALL_ATTRIBUTES)
                    .consistentRead(true).keyConditionExpression("pk = :a").expressionAttributeValues(Map.of(":a", s("a"))))
                    .items());
        assertEquals(List.of(Map.of("w", s("ww"))),
                client().query(q -> q.tableName(name).indexName("local-keys").projectionExpression("w")
                        .keyConditionExpression("pk = :a").expressionAttributeValues(Map.of(":a", s("a")))).items());
        assertInvalid(
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index global-keys because its projection type is not ALL",
                () -> client().query(q -> q.tableName(name).indexName("global-keys").select(Select.ALL_ATTRIBUTES)
                        .keyConditionExpression("x = :x").expressionAttributeValues(Map.of(":x", n(7)))));
        assertInvalid("One or more parameter values were invalid: Global secondary index global-keys does not project [w]",
                () -> client().query(q -> q.tableName(name).indexName("global-keys").projectionExpression("w, x")
                        .keyConditionExpression("x = :x").expressionAttributeValues(Map.of(":x", n(7)))));
        assertInvalid("Consistent reads are not supported on global secondary indexes",
                () -> client().scan(q -> q.tableName(name).indexName("global-all").consistentRead(true)));
    }

    @Test
    void anIndexFollowsItsTable() {
        var name = indexed("followed");
        put(name, "{'pk':'a','sk':1,'x':7,'y':'y1'}");
        put(name, "{'pk':'a','sk':2,'x':7}");
        put(name, "{'pk':'a','sk':3,'y':'y1'}");
        assertEquals(List.of("1"), each(query(name, "global-all", "x", n(7)), "sk"), "only items that have the whole key");
        assertEquals(List.of("1", "2"), each(query(name, "local-keys", "pk", s("a")), "sk"));
        client().updateItem(u -> u.tableName(name).key(key("a", 2)).updateExpression("SET y = :y")
                .expressionAttributeValues(Map.of(":y", s("y0"))));
        assertEquals(List.of("2", "1"), each(query(name, "global-all", "x", n(7)), "sk"), "in the order of y");
        client().updateItem(u -> u.tableName(name).key(key("a", 1)).updateExpression("SET x = :x")
                .expressionAttributeValues(Map.of(":x", n(8))));
        assertEquals(List.of("2"), each(query(name, "global-keys", "x", n(7)), "sk"));
        assertEquals(List.of("1"), each(query(name, "global-keys", "x", n(8)), "sk"));
        client().updateItem(u -> u.tableName(name).key(key("a", 1)).updateExpression("REMOVE x"));
        client().deleteItem(d -> d.tableName(name).key(key("a", 2)));
        for (var index : List.of("global-all", "global-keys", "global-some", "local-all", "local-keys", "local-some"))
            assertEquals(0, client().scan(x -> x.tableName(name).indexName(index)).count(), index);
        assertInvalid(
                "One or more parameter values were invalid: Type mismatch for Index Key x Expected: N Actual: S IndexName: global-all",
                () -> putOnly(name, "global-all"));
    }

    /// A table whose only index is named: the service names any of those concerned.
    private void putOnly(String like, String index) {
        var name = table(like + "-typed", t -> t
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N),
                        attribute("x", ScalarAttributeType.N), attribute("y", ScalarAttributeType.S))
                .globalSecondaryIndexes(global(index, ALL)));
        put(name, "{'pk':'a','sk':9,'x':'seven'}");
    }

    /// Items with the same index key: each page goes on behind the last by the table's key.
    @Test
    void anIndexPagesThroughEqualKeys() {
        var name = indexed("equal");
        for (int i = 0; i < 9; i++)
            put(name, "{'pk':'p" + i + "','sk':" + i + ",'x':1,'y':'same'}");
        var seen = new ArrayList<String>();
        for (var page : client()
                .queryPaginator(q -> q.tableName(name).indexName("global-keys").limit(2).keyConditionExpression("x = :x")
                        .expressionAttributeValues(Map.of(":x", n(1))))) {
            seen.addAll(each(page.items(), "pk"));
            if (page.hasLastEvaluatedKey())
                assertEquals(Set.of("pk", "sk", "x", "y"), page.lastEvaluatedKey().keySet());
        }
        assertEquals(9, seen.size());
        assertEquals(9, new HashSet<>(seen).size());
        var backward = new ArrayList<String>();
        client().queryPaginator(q -> q.tableName(name).indexName("global-keys").limit(4).scanIndexForward(false)
                .keyConditionExpression("x = :x").expressionAttributeValues(Map.of(":x", n(1)))).items()
                .forEach(item -> backward.add(of(item, "pk").s()));
        assertEquals(seen.reversed(), backward);
    }

    @Test
    void anIndexIsAddedToALiveTableFilledAndDropped() throws InterruptedException {
        var name = table("live");
        for (int i = 0; i < 200; i += 25) {
            var writes = new ArrayList<WriteRequest>();
            for (int at = i; at < i + 25; at++)
                writes.add(WriteRequest.builder().putRequest(PutRequest.builder()
                        .item(Map.of("pk", s("p" + at), "sk", n(at), "x", at % 10 == 9 ? s("no number") : n(at % 4), "y",
                                s("y" + at)))
                        .build()).build());
            client().batchWriteItem(b -> b.requestItems(Map.of(name, writes)));
        }
        var asked = client().updateTable(t -> t.tableName(name)
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N),
                        attribute("x", ScalarAttributeType.N), attribute("y", ScalarAttributeType.S))
                .globalSecondaryIndexUpdates(
                        u -> u.create(c -> c.indexName("late").keySchema(hash("x"), range("y")).projection(KEYS_ONLY))));
        assertEquals("late", asked.tableDescription().globalSecondaryIndexes().getFirst().indexName());
        put(name, "{'pk':'meanwhile','sk':1,'x':0,'y':'y'}");
        await(name, IndexStatus.ACTIVE);
        int count = 0;
        for (int x = 0; x < 4; x++)
            count += query(name, "late", "x", n(x)).size();
        assertEquals(181, count, "those whose x is no number stay out");
        assertRefusedCode("LimitExceededException", () -> client().updateTable(t -> t.tableName(name)
                .attributeDefinitions(attribute("x", ScalarAttributeType.N), attribute("y", ScalarAttributeType.S))
                .globalSecondaryIndexUpdates(u -> u.create(c -> c.indexName("one").keySchema(hash("x")).projection(ALL)),
                        u -> u.create(c -> c.indexName("two").keySchema(hash("y")).projection(ALL)))));
        client().updateTable(t -> t.tableName(name).globalSecondaryIndexUpdates(u -> u.delete(d -> d.indexName("late"))));
        var after = client().describeTable(t -> t.tableName(name)).table();
        assertFalse(after.hasGlobalSecondaryIndexes());
        assertEquals(2, after.attributeDefinitions().size());
        assertInvalid("The table does not have the specified index: late", () -> query(name, "late", "x", n(1)));
        put(name, "{'pk':'free','sk':1,'x':'again'}");
        assertRefusedCode("ResourceNotFoundException",
                () -> client().updateTable(
                        t -> t.tableName(name).globalSecondaryIndexUpdates(u -> u.delete(d -> d.indexName("late")))));
    }

    /// An update of nothing was taken (texts recorded from the service by dynalite's tests).
    @Test
    void changesThatSayNothingOrTooMuchAreRefused() {
        var name = table("unchanged");
        assertInvalid(
                "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
                () -> client().updateTable(t -> t.tableName(name).globalSecondaryIndexUpdates(u -> {
                })));
        assertInvalid(
                "One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: abc",
                () -> client()
                        .updateTable(t -> t.tableName(name).globalSecondaryIndexUpdates(u -> u.delete(d -> d.indexName("abc")),
                                u -> u.delete(d -> d.indexName("abc")))));
    }

    private GlobalSecondaryIndexDescription await(String table, IndexStatus status) throws InterruptedException {
        for (int tries = 0; tries < 200; tries++) {
            var index = client().describeTable(t -> t.tableName(table)).table().globalSecondaryIndexes().getFirst();
            if (index.indexStatus() == status)
                return index;
            Thread.sleep(50);
        }
        throw new AssertionError("the index did not become " + status);
    }

    /// Up to four attributes for each half of a global index's key (developer guide, "Multi-attribute keys").
    @Test
    void aGlobalKeyCanHaveSeveralAttributes() {
        var name = table("several", t -> t
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N),
                        attribute("country", ScalarAttributeType.S), attribute("year", ScalarAttributeType.N),
                        attribute("city", ScalarAttributeType.S), attribute("day", ScalarAttributeType.N))
                .globalSecondaryIndexes(i -> i.indexName("places").projection(KEYS_ONLY)
                        .keySchema(hash("country"), hash("year"), range("city"), range("day"))));
        for (int i = 0; i < 12; i++)
            put(name,
                    "{'pk':'p','sk':" + i + ",'country':'" + (i < 9 ? "ch" : "at") + "','year':" + (2000 + i % 3) + ",'city':'c"
                            + i % 2
                            + "','day':" + i + "}");
        put(name, "{'pk':'p','sk':99,'country':'ch','year':2000,'city':'c0'}");
        assertEquals(List.of(hash("country"), hash("year"), range("city"), range("day")),
                client().describeTable(t -> t.tableName(name)).table().globalSecondaryIndexes().getFirst().keySchema());
        assertEquals(List.of("0", "6", "3"), places(name, "", Map.of()), "by city, then day; without a day it is not there");
        assertEquals(List.of("0", "6"), places(name, " AND city = :c", Map.of(":c", s("c0"))));
        assertEquals(List.of("6"), places(name, " AND city = :c AND #d > :d", Map.of(":c", s("c0"), ":d", n(3))));
        assertRefusedCode("ValidationException", () -> places(name, " AND #d > :d", Map.of(":d", n(3))));
        assertRefusedCode("ValidationException", () -> client().query(q -> q.tableName(name).indexName("places")
                .keyConditionExpression("country = :x").expressionAttributeValues(Map.of(":x", s("ch")))));
        var pages = new ArrayList<String>();
        client().scanPaginator(x -> x.tableName(name).indexName("places").limit(5)).items()
                .forEach(item -> pages.add(of(item, "sk").n()));
        assertEquals(12, pages.size());
        assertEquals(12, new HashSet<>(pages).size());
    }

    private List<String> places(String table, String more, Map<String, AttributeValue> values) {
        var all = new HashMap<>(values);
        all.putAll(Map.of(":x", s("ch"), ":y", n(2000)));
        return each(client().query(q -> q.tableName(table).indexName("places")
                .keyConditionExpression("country = :x AND #y = :y" + more)
                .expressionAttributeNames(more.contains("#d") ? Map.of("#y", "year", "#d", "day") : Map.of("#y", "year"))
                .expressionAttributeValues(all)).items(), "sk");
    }
}
