package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.ConditionalOperator;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Query and Scan: their order, conditions, filters, forms of Select, segments, and how they page.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkPagesTest extends SdkSuite {
    private static final Map<String, AttributeValue> A = Map.of(":a", s("a"));

    /// `count` items under `a`, their sort keys 0, 1, ..., and one under `b`.
    private String filled(String name, int count, String padding) {
        table(name);
        var writes = new ArrayList<WriteRequest>();
        for (int i = 0; i < count; i++)
            writes.add(write(Map.of("pk", s("a"), "sk", n(i), "even", AttributeValue.fromBool(i % 2 == 0), "v", s(padding + i))));
        writes.add(write(key("b", 0)));
        for (int from = 0; from < writes.size(); from += 25) {
            var some = writes.subList(from, Math.min(writes.size(), from + 25));
            client().batchWriteItem(b -> b.requestItems(Map.of(name, some)));
        }
        return name;
    }

    private static WriteRequest write(Map<String, AttributeValue> item) {
        return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static QueryRequest.Builder ofA(String table) {
        return QueryRequest.builder().tableName(table).keyConditionExpression("pk = :a").expressionAttributeValues(A);
    }

    @Test
    void aQueryPagesForwardAndBackward() {
        var name = filled("paged", 7, "");
        var seen = new ArrayList<String>();
        var sizes = new ArrayList<Integer>();
        for (var page : client().queryPaginator(ofA(name).limit(3).build())) {
            sizes.add(page.count());
            seen.addAll(each(page.items(), "sk"));
        }
        assertEquals(numbers(0, 7), seen);
        assertEquals(List.of(3, 3, 1), sizes);
        var back = client().query(ofA(name).limit(4).scanIndexForward(false).build());
        assertEquals(List.of("6", "5", "4", "3"), each(back.items(), "sk"));
        assertEquals(key("a", 3), back.lastEvaluatedKey());
        var rest = client().query(ofA(name).scanIndexForward(false).exclusiveStartKey(back.lastEvaluatedKey()).build());
        assertEquals(List.of("2", "1", "0"), each(rest.items(), "sk"));
        assertFalse(rest.hasLastEvaluatedKey());
    }

    /// Where the limit is met there may be more, even if there is not.
    @Test
    void aPageThatIsFullHasANext() {
        var name = filled("full", 4, "");
        var full = client().query(ofA(name).limit(4).build());
        assertEquals(key("a", 3), full.lastEvaluatedKey());
        var next = client().query(ofA(name).limit(4).exclusiveStartKey(full.lastEvaluatedKey()).build());
        assertEquals(0, next.count());
        assertFalse(next.hasLastEvaluatedKey());
        var from = client().query(ofA(name).exclusiveStartKey(key("a", 100)).build());
        assertEquals(0, from.count(), "from behind the last");
    }

    @Test
    void aFilterCountsWhatItReadAndWhatItKept() {
        var name = filled("filtered", 10, "");
        var page = client().query(ofA(name).limit(5).filterExpression("even = :t")
                .expressionAttributeValues(Map.of(":a", s("a"), ":t", AttributeValue.fromBool(true))).build());
        assertEquals(List.of("0", "2", "4"), each(page.items(), "sk"));
        assertEquals(3, page.count());
        assertEquals(5, page.scannedCount());
        assertEquals(key("a", 4), page.lastEvaluatedKey());
        var none = client()
                .scan(x -> x.tableName(name).limit(2).filterExpression("v = :v").expressionAttributeValues(Map.of(":v", s("x"))));
        assertEquals(0, none.count());
        assertTrue(none.hasLastEvaluatedKey(), "an empty page is not the last");
    }

    /// A page ends at one megabyte, also when a filter keeps nothing of it.
    @Test
    void aPageEndsAtAMegabyte() {
        var name = filled("megabytes", 30, "x".repeat(100_000));
        var pages = client().queryPaginator(ofA(name).build()).stream().toList();
        assertEquals(List.of(11, 11, 8), pages.stream().map(p -> p.count()).toList());
        var counted = client().query(ofA(name).select(Select.COUNT).build());
        assertEquals(11, counted.count());
        assertFalse(counted.hasItems());
        var nothing = client().query(ofA(name).filterExpression("attribute_not_exists(v)").build());
        assertEquals(0, nothing.count());
        assertEquals(11, nothing.scannedCount());
        assertTrue(nothing.hasLastEvaluatedKey());
    }

    @Test
    void selectTellsWhatIsWanted() {
        var name = filled("selected", 3, "");
        assertEquals(List.of("even", "pk", "sk", "v"), client().query(ofA(name).select(Select.ALL_ATTRIBUTES).build()).items()
                .getFirst().keySet().stream().sorted().toList());
        var some = client().query(ofA(name).select(Select.SPECIFIC_ATTRIBUTES).projectionExpression("v, sk").build());
        assertEquals(Map.of("v", s("0"), "sk", n(0)), some.items().getFirst());
        var count = client().scan(x -> x.tableName(name).select(Select.COUNT));
        assertEquals(4, count.count());
        assertFalse(count.hasItems());
        assertInvalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
                () -> client().query(ofA(name).select(Select.ALL_PROJECTED_ATTRIBUTES).build()));
        assertInvalid("Cannot specify the ProjectionExpression when choosing to get only the Count",
                () -> client().query(ofA(name).select(Select.COUNT).projectionExpression("v").build()));
        assertInvalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
                () -> client().query(ofA(name).select(Select.SPECIFIC_ATTRIBUTES).build()));
        assertInvalid("Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES",
                () -> client().query(QueryRequest.builder().tableName(name).attributesToGet("v").select(Select.ALL_ATTRIBUTES)
                        .keyConditions(Map.of("pk", compare(ComparisonOperator.EQ, s("a")))).build()));
    }

    private static Condition compare(ComparisonOperator operator, AttributeValue... values) {
        return Condition.builder().comparisonOperator(operator).attributeValueList(values).build();
    }

    @ParameterizedTest
    @CsvSource({"sk = :x, 3", "sk < :x, 0 1 2", "sk <= :x, 0 1 2 3", "sk > :x, 4 5", "sk >= :x, 3 4 5",
            "sk between :x and :y, 3 4",
            ":x = sk, 3", ":x < sk, 4 5"})
    void keyConditionsBoundTheSortKey(String condition, String expected) {
        var name = "bounded";
        if (!client().listTables().tableNames().contains(name))
            filled(name, 6, "");
        var values = condition.contains(":y")
                ? Map.of(":a", s("a"), ":x", n(3), ":y", n(4))
                : Map.of(":a", s("a"), ":x", n(3));
        var page = client().query(
                q -> q.tableName(name).keyConditionExpression("pk = :a AND " + condition).expressionAttributeValues(values));
        assertEquals(List.of(expected.split(" ")), each(page.items(), "sk"));
    }

    @ParameterizedTest
    @CsvSource({"EQ, 3", "LT, 0 1 2", "LE, 0 1 2 3", "GT, 4 5", "GE, 3 4 5", "BETWEEN, 3 4"})
    void legacyKeyConditionsBoundTheSortKey(ComparisonOperator operator, String expected) {
        var name = "legacy-bounded";
        if (!client().listTables().tableNames().contains(name))
            filled(name, 6, "");
        var sort = operator == ComparisonOperator.BETWEEN ? compare(operator, n(3), n(4)) : compare(operator, n(3));
        var page = client()
                .query(q -> q.tableName(name).keyConditions(Map.of("pk", compare(ComparisonOperator.EQ, s("a")), "sk", sort)));
        assertEquals(List.of(expected.split(" ")), each(page.items(), "sk"));
    }

    @Test
    void legacyFiltersAreJoined() {
        var name = filled("legacy-filtered", 6, "");
        var either = Map.of("v", compare(ComparisonOperator.EQ, s("1")), "even",
                compare(ComparisonOperator.EQ, AttributeValue.fromBool(true)));
        assertEquals(List.of("0", "1", "2", "4"), each(client().query(q -> q.tableName(name).queryFilter(either)
                .keyConditions(Map.of("pk", compare(ComparisonOperator.EQ, s("a")))).conditionalOperator(ConditionalOperator.OR))
                .items(), "sk"));
        assertEquals(0,
                client().scan(x -> x.tableName(name).scanFilter(either).conditionalOperator(ConditionalOperator.AND)).count());
        assertEquals(1, client().scan(x -> x.tableName(name).attributesToGet("v")
                .scanFilter(Map.of("v", compare(ComparisonOperator.IN, s("3"), s("x"))))).count());
    }

    /// Strings by their UTF-8 bytes, numbers by value, binary values by unsigned bytes.
    @Test
    void sortKeysHaveTheOrderOfTheirType() {
        assertEquals(List.of("-10", "-1", "0", "0.5", "2", "10"),
                sorted("by-number", ScalarAttributeType.N, AttributeValue::fromN, "10", "-1", "0.5", "0", "-10", "2"));
        assertEquals(List.of("A", "Z", "a", "aa", "é", "\uFF5E", "\uD83D\uDE00"),
                sorted("by-string", ScalarAttributeType.S, AttributeValue::fromS, "a", "\uD83D\uDE00", "Z", "\uFF5E", "é", "aa",
                        "A"));
        assertEquals(List.of("\u0001", "\u007F", "\u0080", "\u00FF"), sorted("by-bytes", ScalarAttributeType.B,
                text -> AttributeValue.fromB(SdkBytes.fromString(text, StandardCharsets.ISO_8859_1)), "\u00FF", "\u0001",
                "\u0080", "\u007F"));
        var begins = client().query(q -> q.tableName("by-string").keyConditionExpression("pk = :a and begins_with(sk, :x)")
                .expressionAttributeValues(Map.of(":a", s("a"), ":x", s("a"))));
        assertEquals(List.of("a", "aa"), each(begins.items(), "sk"));
    }

    private List<String> sorted(String name, ScalarAttributeType type, Function<String, AttributeValue> value, String... keys) {
        table(name, t -> t.attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", type)));
        for (var key : keys)
            client().putItem(p -> p.tableName(name).item(Map.of("pk", s("a"), "sk", value.apply(key), "is", s(key))));
        return each(client().query(ofA(name).build()).items(), "is");
    }

    @Test
    void queriesThatCannotBeAreRefused() {
        var name = filled("refused-queries", 2, "");
        assertInvalid("Query condition missed key schema element: pk", () -> client().query(
                q -> q.tableName(name).keyConditionExpression("sk = :x").expressionAttributeValues(Map.of(":x", n(1)))));
        assertInvalid("Query key condition not supported", () -> client().query(
                q -> q.tableName(name).keyConditionExpression("pk > :x").expressionAttributeValues(Map.of(":x", s("a")))));
        assertInvalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
                () -> client().query(ofA(name).filterExpression("sk > :x")
                        .expressionAttributeValues(Map.of(":a", s("a"), ":x", n(1))).build()));
        assertInvalid("One or more parameter values were invalid: Condition parameter type does not match schema type",
                () -> client()
                        .query(q -> q.tableName(name).keyConditionExpression("pk = :x")
                                .expressionAttributeValues(Map.of(":x", n(1)))));
        assertInvalid(
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
                () -> client().query(ofA(name).limit(0).build()));
        assertInvalid("The provided starting key is outside query boundaries based on provided conditions",
                () -> client().query(ofA(name).exclusiveStartKey(key("b", 0)).build()));
        assertRefusedCode("ValidationException", () -> client().query(ofA(name).exclusiveStartKey(Map.of("pk", s("a"))).build()));
        assertInvalid("The table does not have the specified index: none",
                () -> client().query(ofA(name).indexName("none").build()));
        assertInvalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
                () -> client().query(q -> q.tableName(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8})
    void segmentsTogetherAreTheTable(int segments) {
        var name = table("segments-" + segments);
        for (int i = 0; i < 75; i += 25) {
            var writes = IntStream.range(i, i + 25).mapToObj(x -> write(key("p" + x, x))).toList();
            client().batchWriteItem(b -> b.requestItems(Map.of(name, writes)));
        }
        var seen = new HashSet<String>();
        for (int segment = 0; segment < segments; segment++) {
            int at = segment;
            for (var page : client()
                    .scanPaginator(x -> x.tableName(name).segment(at).totalSegments(segments).limit(4).consistentRead(true)))
                for (var pk : each(page.items(), "pk"))
                    assertTrue(seen.add(pk), pk + " twice");
        }
        assertEquals(75, seen.size());
    }

    @Test
    void segmentsThatCannotBeAreRefused() {
        var name = filled("refused-scans", 1, "");
        assertInvalid(
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
                () -> client().scan(x -> x.tableName(name).segment(0)));
        assertInvalid(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
                () -> client().scan(x -> x.tableName(name).totalSegments(2)));
        assertInvalid(
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2",
                () -> client().scan(x -> x.tableName(name).segment(2).totalSegments(2)));
        assertInvalid(
                "1 validation error detected: Value '1000001' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to 1000000",
                () -> client().scan(x -> x.tableName(name).segment(2).totalSegments(1_000_001)));
    }

    /// What is written and removed between two pages does not make another item come twice or not at all.
    @Test
    void aScanGoesOnWhereItWas() {
        var name = filled("moving", 20, "");
        var first = client().scan(x -> x.tableName(name).limit(8));
        client().deleteItem(d -> d.tableName(name).key(first.lastEvaluatedKey()));
        var seen = new ArrayList<>(first.items());
        client().scanPaginator(x -> x.tableName(name).limit(8).exclusiveStartKey(first.lastEvaluatedKey())).items()
                .forEach(seen::add);
        assertEquals(21, seen.size());
        assertEquals(21, new HashSet<>(seen).size());
    }
}
