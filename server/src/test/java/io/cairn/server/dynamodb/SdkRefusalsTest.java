package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.Capacity;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// What the service refuses before it looks at any item, and its words for it; and what it counts. Found by comparing with DynamoDB Local.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkRefusalsTest {
    @TempDir
    Path directory;

    private DynamoDbServer server;
    private DynamoDbClient client;

    private static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    /// `music`: key `artist`, `title`; local index `byYear` (keys only), global index `byGenre` (keys only).
    @BeforeEach
    void createMusic() throws Exception {
        server = DynamoDbServer.start(directory);
        client = server.client();
        client.createTable(t -> t.tableName("music")
                .attributeDefinitions(a -> a.attributeName("artist").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("title").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("year").attributeType(ScalarAttributeType.N),
                        a -> a.attributeName("genre").attributeType(ScalarAttributeType.S))
                .keySchema(k -> k.attributeName("artist").keyType(KeyType.HASH),
                        k -> k.attributeName("title").keyType(KeyType.RANGE))
                .provisionedThroughput(p -> p.readCapacityUnits(5L).writeCapacityUnits(6L))
                .localSecondaryIndexes(i -> i.indexName("byYear").projection(p -> p.projectionType(ProjectionType.KEYS_ONLY))
                        .keySchema(k -> k.attributeName("artist").keyType(KeyType.HASH),
                                k -> k.attributeName("year").keyType(KeyType.RANGE)))
                .globalSecondaryIndexes(i -> i.indexName("byGenre").projection(p -> p.projectionType(ProjectionType.KEYS_ONLY))
                        .keySchema(k -> k.attributeName("genre").keyType(KeyType.HASH))
                        .provisionedThroughput(p -> p.readCapacityUnits(5L).writeCapacityUnits(5L))));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static void refuses(String message, Executable request) {
        assertEquals(message, assertThrows(DynamoDbException.class, request).awsErrorDetails().errorMessage());
    }

    private static Map<String, AttributeValue> key(String artist, String title) {
        return Map.of("artist", s(artist), "title", s(title));
    }

    @Test
    void pathsIntoKeys() {
        var text = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
        refuses(text + "Key: artist",
                () -> client.getItem(g -> g.tableName("music").key(key("a", "t")).projectionExpression("artist.x")));
        refuses(text + "Key: title", () -> client.putItem(p -> p.tableName("music").item(key("a", "t"))
                .conditionExpression("attribute_exists(title[0])")));
        refuses(text + "IndexKey: genre", () -> client.updateItem(u -> u.tableName("music").key(key("a", "t"))
                .updateExpression("REMOVE genre.x")));
        refuses(text + "IndexKey: genre", () -> client.updateItem(u -> u.tableName("music").key(key("a", "t"))
                .updateExpression("SET label = if_not_exists(genre.x, label)")));
        refuses(text + "IndexKey: year", () -> client.scan(q -> q.tableName("music").filterExpression("attribute_exists(#y.x)")
                .expressionAttributeNames(Map.of("#y", "year"))));
    }

    @Test
    void oneItemTwiceByNameAndByArn() {
        var arn = client.describeTable(t -> t.tableName("music")).table().tableArn();
        var put = WriteRequest.builder().putRequest(p -> p.item(key("a", "t"))).build();
        refuses("Provided list of item keys contains duplicates", () -> client
                .batchWriteItem(b -> b.requestItems(Map.of("music", List.of(put), arn, List.of(put)))));
        var get = KeysAndAttributes.builder().keys(key("a", "t")).build();
        refuses("Provided list of item keys contains duplicates",
                () -> client.batchGetItem(b -> b.requestItems(Map.of("music", get, arn, get))));
    }

    @Test
    void aTransactionOfMoreThanFourMegabytes() {
        var pad = s("x".repeat(390_000));
        var updates = IntStream.range(0, 11).mapToObj(i -> TransactWriteItem.builder().update(u -> u.tableName("music")
                .key(key("a", "t" + i)).updateExpression("SET filler = :p").expressionAttributeValues(Map.of(":p", pad))).build())
                .toList();
        refuses("Collection size of items in transaction exceeded the limit of 4 MB",
                () -> client.transactWriteItems(t -> t.transactItems(updates)));
        assertEquals(0, client.scan(x -> x.tableName("music")).count());
    }

    @Test
    void unitsOfAnIndexAgainstTheBillingMode() {
        refuses("One or more parameter values were invalid: ProvisionedThroughput is not specified for index: by-g",
                () -> client.createTable(t -> t.tableName("units").keySchema(k -> k.attributeName("p").keyType(KeyType.HASH))
                        .attributeDefinitions(a -> a.attributeName("p").attributeType(ScalarAttributeType.S))
                        .provisionedThroughput(p -> p.readCapacityUnits(1L).writeCapacityUnits(1L))
                        .globalSecondaryIndexes(i -> i.indexName("by-g").projection(p -> p.projectionType(ProjectionType.ALL))
                                .keySchema(k -> k.attributeName("p").keyType(KeyType.HASH)))));
        refuses("One or more parameter values were invalid: ProvisionedThroughput should not be specified for index: by-g when BillingMode is PAY_PER_REQUEST",
                () -> client.createTable(t -> t.tableName("units").keySchema(k -> k.attributeName("p").keyType(KeyType.HASH))
                        .attributeDefinitions(a -> a.attributeName("p").attributeType(ScalarAttributeType.S))
                        .billingMode("PAY_PER_REQUEST")
                        .globalSecondaryIndexes(i -> i.indexName("by-g").projection(p -> p.projectionType(ProjectionType.ALL))
                                .provisionedThroughput(p -> p.readCapacityUnits(1L).writeCapacityUnits(1L))
                                .keySchema(k -> k.attributeName("p").keyType(KeyType.HASH)))));
        refuses("One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
                () -> client.createTable(t -> t.tableName("units").keySchema(k -> k.attributeName("p").keyType(KeyType.HASH))
                        .attributeDefinitions(a -> a.attributeName("p").attributeType(ScalarAttributeType.S),
                                a -> a.attributeName("q").attributeType(ScalarAttributeType.S))
                        .billingMode("PAY_PER_REQUEST")));
    }

    @Test
    void oneItemTwiceInATransactionOfReads() {
        var get = TransactGetItem.builder().get(g -> g.tableName("music").key(key("a", "t"))).build();
        refuses("Transaction request cannot include multiple operations on one item",
                () -> client.transactGetItems(t -> t.transactItems(get, get)));
    }

    @Test
    void anIndexKeyUpdatedToAnotherType() {
        refuses("The update expression attempted to update the secondary index key to unsupported type",
                () -> client.updateItem(u -> u.tableName("music").key(key("a", "t")).updateExpression("SET genre = :v")
                        .expressionAttributeValues(Map.of(":v", AttributeValue.fromN("1")))));
    }

    @Test
    void filtersByWhatTheIndexHasNot() {
        refuses("One or more parameter values were invalid: Secondary index byGenre does not project one or more filter attributes: [label]",
                () -> client.query(q -> q.tableName("music").indexName("byGenre").keyConditionExpression("genre = :g")
                        .filterExpression("attribute_exists(label)").expressionAttributeValues(Map.of(":g", s("g")))));
    }

    @Test
    void filtersByKeysSayWhichMemberTheyAre() {
        var equal = Condition.builder().comparisonOperator(ComparisonOperator.EQ).attributeValueList(s("a")).build();
        refuses("QueryFilter can only contain non-primary key attributes: Primary key attribute: artist",
                () -> client.query(
                        q -> q.tableName("music").keyConditions(Map.of("artist", equal)).queryFilter(Map.of("artist", equal))));
    }

    @Test
    void aConditionalOperatorWithNothingToJoin() {
        refuses("ConditionalOperator cannot be used without Filter or Expected",
                () -> client.putItem(p -> p.tableName("music").item(key("a", "t")).conditionalOperator("AND")));
    }

    @Test
    void valuesThatNoExpressionCanName() {
        refuses("ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
                () -> client.scan(q -> q.tableName("music").projectionExpression("label")
                        .expressionAttributeValues(Map.of(":v", s("v")))));
    }

    @Test
    void legacyValuesAreLookedAtOneByOne() {
        var in = Condition.builder().comparisonOperator(ComparisonOperator.IN)
                .attributeValueList(AttributeValue.fromNul(true), s("a"))
                .build();
        refuses("One or more parameter values were invalid: ComparisonOperator IN is not valid for NULL AttributeValue type",
                () -> client.scan(q -> q.tableName("music").scanFilter(Map.of("label", in))));
    }

    @Test
    void throughputThatStaysAsItIs() {
        refuses("The provisioned throughput for the table will not change. The requested value equals the current value."
                + " Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5."
                + " Current WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6."
                + " Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                () -> client.updateTable(u -> u.tableName("music")
                        .provisionedThroughput(p -> p.readCapacityUnits(5L).writeCapacityUnits(6L))));
    }

    @Test
    void expiryByAnotherAttribute() {
        client.updateTimeToLive(u -> u.tableName("music").timeToLiveSpecification(t -> t.attributeName("ttl").enabled(true)));
        refuses("TimeToLive is active on a different AttributeName: current AttributeName is ttl", () -> client.updateTimeToLive(
                u -> u.tableName("music").timeToLiveSpecification(t -> t.attributeName("other").enabled(true))));
    }

    @Test
    void indexesOnDemandHaveNoThroughput() {
        client.updateTable(u -> u.tableName("music").billingMode(BillingMode.PAY_PER_REQUEST));
        var index = client.describeTable(d -> d.tableName("music")).table().globalSecondaryIndexes().getFirst();
        assertEquals(0, index.provisionedThroughput().readCapacityUnits());
        assertEquals(0, index.provisionedThroughput().writeCapacityUnits());
    }

    @Test
    void tablesThatAreNotThere() {
        refuses("Requested resource not found", () -> client.getItem(g -> g.tableName("none").key(key("a", "t"))));
        refuses("Requested resource not found", () -> client.putItem(p -> p.tableName("none").item(key("a", "t"))));
        refuses("Requested resource not found: Table: none not found", () -> client.describeTable(d -> d.tableName("none")));
    }

    @Test
    void aStartOutsideTheRange() {
        refuses("The provided starting key does not match the range key predicate",
                () -> client.query(q -> q.tableName("music").keyConditionExpression("artist = :a AND title > :t")
                        .expressionAttributeValues(Map.of(":a", s("a"), ":t", s("m"))).exclusiveStartKey(key("a", "b"))));
        refuses("The provided starting key is outside query boundaries based on provided conditions",
                () -> client.query(q -> q.tableName("music").keyConditionExpression("artist = :a")
                        .expressionAttributeValues(Map.of(":a", s("a"))).exclusiveStartKey(key("b", "b"))));
    }

    /// Two small items: half a unit for the index's rows together, half a unit for each item.
    @Test
    void itemsFetchedForALocalIndexAreCounted() {
        for (var title : List.of("one", "two"))
            client.putItem(p -> p.tableName("music")
                    .item(Map.of("artist", s("a"), "title", s(title), "year", AttributeValue.fromN("1"))));
        var consumed = client.query(q -> q.tableName("music").indexName("byYear").keyConditionExpression("artist = :a")
                .expressionAttributeValues(Map.of(":a", s("a"))).select(Select.ALL_ATTRIBUTES)
                .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)).consumedCapacity();
        assertEquals(1.5, consumed.capacityUnits());
        assertEquals(1.0, consumed.table().capacityUnits());
        assertEquals(Map.of("byYear", Capacity.builder().capacityUnits(0.5).build()), consumed.localSecondaryIndexes());
    }

    /// API reference, TransactWriteItems: "any item collections that were affected by individual UpdateItem, PutItem, or DeleteItem operations".
    @Test
    void aCheckAffectsNoCollection() {
        client.putItem(p -> p.tableName("music").item(key("a", "t")));
        var answer = client.transactWriteItems(t -> t.returnItemCollectionMetrics(ReturnItemCollectionMetrics.SIZE).transactItems(
                i -> i.conditionCheck(
                        c -> c.tableName("music").key(key("a", "t")).conditionExpression("attribute_exists(artist)")),
                i -> i.put(p -> p.tableName("music").item(key("b", "t")))));
        assertEquals(List.of(Map.of("artist", s("b"))), answer.itemCollectionMetrics().getOrDefault("music", List.of()).stream()
                .map(ItemCollectionMetrics::itemCollectionKey).toList());
    }
}
