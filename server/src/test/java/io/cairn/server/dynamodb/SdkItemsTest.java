package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// Items, pages, batches, transactions and streams through today's SDK, against a whole server on real files.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkItemsTest {
    @TempDir
    Path directory;

    private static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private static void createMusic(DynamoDbClient client) {
        client.createTable(t -> t.tableName("Music").billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(a -> a.attributeName("artist").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("song").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("year").attributeType(ScalarAttributeType.N),
                        a -> a.attributeName("genre").attributeType(ScalarAttributeType.S))
                .keySchema(k -> k.attributeName("artist").keyType(KeyType.HASH),
                        k -> k.attributeName("song").keyType(KeyType.RANGE))
                .localSecondaryIndexes(i -> i.indexName("by-year")
                        .keySchema(k -> k.attributeName("artist").keyType(KeyType.HASH),
                                k -> k.attributeName("year").keyType(KeyType.RANGE))
                        .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY)))
                .globalSecondaryIndexes(i -> i.indexName("by-genre")
                        .keySchema(k -> k.attributeName("genre").keyType(KeyType.HASH),
                                k -> k.attributeName("year").keyType(KeyType.RANGE))
                        .projection(p -> p.projectionType(ProjectionType.INCLUDE).nonKeyAttributes("note")))
                .streamSpecification(x -> x.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)));
        client.waiter().waitUntilTableExists(t -> t.tableName("Music"));
    }

    private static Map<String, AttributeValue> song(String artist, String song, int year, String genre) {
        return Map.of("artist", s(artist), "song", s(song), "year", n(year), "genre", s(genre), "note", s("n" + year), "all",
                AttributeValue.fromM(
                        Map.of("l", AttributeValue.fromL(List.of(n(1), s("é\"\\\u0001"), AttributeValue.fromNul(true))), "b",
                                AttributeValue.fromB(SdkBytes.fromByteArray(new byte[]{0, 1, (byte) 0xFF})), "ss",
                                AttributeValue.fromSs(List.of("a", "b")), "t", AttributeValue.fromBool(true))));
    }

    private static Map<String, AttributeValue> key(String artist, String song) {
        return Map.of("artist", s(artist), "song", s(song));
    }

    @Test
    void itemsAreThereAfterTheServerWasStartedAgain() throws Exception {
        var item = song("A", "one", 1990, "rock");
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            createMusic(client);
            assertFalse(client.putItem(p -> p.tableName("Music").item(item)).hasAttributes());
            var failed = assertThrows(ConditionalCheckFailedException.class,
                    () -> client.putItem(p -> p.tableName("Music").item(item).conditionExpression("attribute_not_exists(#a)")
                            .expressionAttributeNames(Map.of("#a", "artist"))
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            assertEquals(item, failed.item());
        }
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            assertEquals(TableStatus.ACTIVE, client.describeTable(t -> t.tableName("Music")).table().tableStatus());
            assertEquals(List.of("Music"), client.listTables().tableNames());
            assertEquals(item, client.getItem(g -> g.tableName("Music").key(key("A", "one")).consistentRead(true)).item());
            var updated = client.updateItem(u -> u.tableName("Music").key(key("A", "one"))
                    .updateExpression("SET #y = #y + :one, plays = if_not_exists(plays, :zero) + :one REMOVE note")
                    .expressionAttributeNames(Map.of("#y", "year"))
                    .expressionAttributeValues(Map.of(":one", n(1), ":zero", n(0))).returnValues(ReturnValue.UPDATED_NEW));
            assertEquals(Map.of("year", n(1991), "plays", n(1)), updated.attributes());
            var deleted = client.deleteItem(d -> d.tableName("Music").key(key("A", "one")).returnValues(ReturnValue.ALL_OLD)
                    .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES));
            assertEquals(n(1991), deleted.attributes().get("year"));
            assertEquals(3.0, deleted.consumedCapacity().capacityUnits());
            assertEquals(1.0, of(deleted.consumedCapacity().globalSecondaryIndexes(), "by-genre").capacityUnits());
            assertFalse(client.getItem(g -> g.tableName("Music").key(key("A", "one"))).hasItem());
        }
    }

    @Test
    void queriesAndScansPage() throws Exception {
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            createMusic(client);
            for (int from = 0; from < 100; from += 25) {
                var writes = IntStream.range(from, from + 25)
                        .mapToObj(i -> WriteRequest.builder().putRequest(
                                PutRequest.builder()
                                        .item(song("A" + i % 2, "s%03d".formatted(i), 2000 - i, i % 3 == 0 ? "jazz" : "rock"))
                                        .build())
                                .build())
                        .toList();
                assertTrue(client.batchWriteItem(b -> b.requestItems(Map.of("Music", writes))).unprocessedItems().isEmpty());
            }
            var songs = new ArrayList<String>();
            for (var page : client
                    .queryPaginator(q -> q.tableName("Music").limit(7).keyConditionExpression("artist = :a and song > :s")
                            .filterExpression("genre = :g").projectionExpression("song")
                            .expressionAttributeValues(Map.of(":a", s("A0"), ":s", s("s050"), ":g", s("jazz")))))
                page.items().forEach(item -> songs.add(of(item, "song").s()));
            assertEquals(List.of("s054", "s060", "s066", "s072", "s078", "s084", "s090", "s096"), songs);
            var years = client
                    .query(q -> q.tableName("Music").indexName("by-year").select(Select.ALL_ATTRIBUTES).scanIndexForward(false)
                            .limit(2).keyConditionExpression("artist = :a").expressionAttributeValues(Map.of(":a", s("A1"))))
                    .items();
            assertEquals(List.of(song("A1", "s001", 1999, "rock"), song("A1", "s003", 1997, "jazz")), years);
            var jazz = client.query(q -> q.tableName("Music").indexName("by-genre").keyConditionExpression("genre = :g")
                    .expressionAttributeValues(Map.of(":g", s("jazz"))));
            assertEquals(34, jazz.count());
            assertEquals(Set.of("artist", "song", "year", "genre", "note"), jazz.items().getFirst().keySet());
            int count = 0;
            for (int segment = 0; segment < 4; segment++) {
                int at = segment;
                for (var page : client.scanPaginator(x -> x.tableName("Music").segment(at).totalSegments(4).limit(10)))
                    count += page.count();
            }
            assertEquals(100, count);
            var got = client.batchGetItem(b -> b.requestItems(
                    Map.of("Music",
                            KeysAndAttributes.builder().keys(key("A0", "s000"), key("A1", "s001"), key("A1", "none")).build())));
            assertEquals(2, of(got.responses(), "Music").size());
        }
    }

    @Test
    void transactionsAndStreams() throws Exception {
        try (var server = DynamoDbServer.start(directory); var client = server.client(); var streams = server.streams()) {
            createMusic(client);
            var put = TransactWriteItem.builder().put(p -> p.tableName("Music").item(song("A", "one", 1, "x"))).build();
            var check = TransactWriteItem.builder().conditionCheck(
                    c -> c.tableName("Music").key(key("B", "two")).conditionExpression("attribute_exists(artist)")).build();
            var canceled = assertThrows(TransactionCanceledException.class,
                    () -> client.transactWriteItems(t -> t.transactItems(put, check)));
            assertEquals(List.of("None", "ConditionalCheckFailed"),
                    canceled.cancellationReasons().stream().map(r -> r.code()).toList());
            var second = TransactWriteItem.builder().put(p -> p.tableName("Music").item(song("B", "two", 2, "x"))).build();
            client.transactWriteItems(t -> t.transactItems(put, second).clientRequestToken("token"));
            client.transactWriteItems(t -> t.transactItems(put, second).clientRequestToken("token"));
            var got = client.transactGetItems(t -> t.transactItems(
                    TransactGetItem.builder().get(g -> g.tableName("Music").key(key("A", "one"))).build(),
                    TransactGetItem.builder().get(g -> g.tableName("Music").key(key("C", "none"))).build()));
            assertEquals(song("A", "one", 1, "x"), got.responses().getFirst().item());
            assertFalse(got.responses().get(1).hasItem());
            client.deleteItem(d -> d.tableName("Music").key(key("A", "one")));
            var arn = streams.listStreams(l -> l.tableName("Music")).streams().getFirst().streamArn();
            var seen = new ArrayList<String>();
            for (var shard : streams.describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
                var iterator = streams.getShardIterator(
                        i -> i.streamArn(arn).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
                for (var record : streams.getRecords(r -> r.shardIterator(iterator)).records())
                    seen.add(of(record.dynamodb().keys(), "artist").s() + " " + record.eventNameAsString());
            }
            seen.sort(null);
            assertEquals(List.of("A INSERT", "A REMOVE", "B INSERT"), seen);
        }
    }

    /// Developer guide, "Change data capture for DynamoDB Streams": the data stays readable for 24 hours.
    @Test
    void aStreamThatWasSwitchedOffOrWhoseTableIsGoneIsReadOn() throws Exception {
        try (var server = DynamoDbServer.start(directory);
                var client = server.client();
                var streams = server.streams();
                var user = server.streams(DynamoDbServer.USER_KEY, DynamoDbServer.USER_SECRET)) {
            createMusic(client);
            client.putItem(p -> p.tableName("Music").item(song("A", "one", 1, "x")));
            var off = arnOf(streams);
            client.updateTable(u -> u.tableName("Music").streamSpecification(x -> x.streamEnabled(false)));
            client.putItem(p -> p.tableName("Music").item(song("B", "untold", 1, "x")));
            assertEquals(off, arnOf(streams));
            assertEquals(List.of("A INSERT"), told(streams, off, "DISABLED"));
            Thread.sleep(5); // a label has milliseconds
            client.updateTable(u -> u.tableName("Music")
                    .streamSpecification(x -> x.streamEnabled(true).streamViewType(StreamViewType.KEYS_ONLY)));
            client.deleteItem(d -> d.tableName("Music").key(key("A", "one")));
            var arns = streams.listStreams(l -> l.tableName("Music")).streams().stream().map(stream -> stream.streamArn())
                    .toList();
            assertEquals(2, arns.size());
            assertEquals(off, arns.getFirst());
            assertEquals(List.of("A REMOVE"), told(streams, arns.getLast(), "ENABLED"));
            client.deleteTable(d -> d.tableName("Music"));
            assertEquals(arns, streams.listStreams().streams().stream().map(stream -> stream.streamArn()).toList());
            assertEquals(List.of("A REMOVE"), told(streams, arns.getLast(), "DISABLED"));
            assertEquals(List.of("A INSERT"), told(streams, off, "DISABLED"));
            assertTrue(user.listStreams().streams().isEmpty());
            assertThrows(DynamoDbException.class, () -> user.describeStream(d -> d.streamArn(off)));
        }
    }

    private static String arnOf(DynamoDbStreamsClient streams) {
        var listed = streams.listStreams(l -> l.tableName("Music")).streams();
        assertEquals(1, listed.size());
        return listed.getFirst().streamArn();
    }

    private static List<String> told(DynamoDbStreamsClient streams, String arn, String status) {
        var described = streams.describeStream(d -> d.streamArn(arn)).streamDescription();
        assertEquals(status, described.streamStatusAsString());
        assertEquals("Music", described.tableName());
        assertEquals(2, described.keySchema().size());
        var seen = new ArrayList<String>();
        for (var shard : described.shards()) {
            assertEquals(status.equals("DISABLED"), shard.sequenceNumberRange().endingSequenceNumber() != null);
            var iterator = streams.getShardIterator(
                    i -> i.streamArn(arn).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            var page = streams.getRecords(r -> r.shardIterator(iterator));
            assertEquals(status.equals("DISABLED"), page.nextShardIterator() == null, "a closed shard ends");
            page.records()
                    .forEach(record -> seen.add(of(record.dynamodb().keys(), "artist").s() + " " + record.eventNameAsString()));
        }
        return seen;
    }

    /// Each was refused for want of a second condition to join it with.
    @Test
    void aLegacyConditionMayStandAlone() throws Exception {
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            createMusic(client);
            client.putItem(p -> p.tableName("Music").item(song("A", "one", 1990, "rock")));
            client.putItem(p -> p.tableName("Music").item(song("A", "two", 1991, "jazz")));
            assertThrows(ConditionalCheckFailedException.class,
                    () -> client.deleteItem(d -> d.tableName("Music").key(key("A", "one"))
                            .expected(Map.of("genre", ExpectedAttributeValue.builder().value(s("jazz")).build()))));
            var jazz = Map.of("genre",
                    Condition.builder().comparisonOperator(ComparisonOperator.EQ).attributeValueList(s("jazz")).build());
            assertEquals(1, client.scan(x -> x.tableName("Music").scanFilter(jazz)).count());
            assertEquals(1, client.query(q -> q.tableName("Music").queryFilter(jazz).keyConditions(Map.of("artist",
                    Condition.builder().comparisonOperator(ComparisonOperator.EQ).attributeValueList(s("A")).build()))).count());
        }
    }

    @Test
    void othersAreDeniedAndBadInputIsNamed() throws Exception {
        try (var server = DynamoDbServer.start(directory);
                var client = server.client();
                var user = server.client(DynamoDbServer.USER_KEY, DynamoDbServer.USER_SECRET);
                var stranger = server.client("AKNOBODY", "x")) {
            createMusic(client);
            assertEquals("AccessDeniedException", code(() -> user.getItem(g -> g.tableName("Music").key(key("A", "one")))));
            assertEquals("UnrecognizedClientException", code(() -> stranger.listTables()));
            assertEquals("InvalidSignatureException", code(() -> server.client(DynamoDbServer.ROOT_KEY, "wrong").listTables()));
            assertEquals("ResourceNotFoundException", code(() -> client.getItem(g -> g.tableName("None").key(key("A", "one")))));
            assertEquals("ValidationException",
                    code(() -> client.getItem(g -> g.tableName("Music").key(Map.of("artist", s("a"))))));
            assertEquals("UnknownOperationException", code(() -> client.listBackups()));
            assertTrue(user.listTables().tableNames().isEmpty());
            try (var streams = server.streams(DynamoDbServer.USER_KEY, DynamoDbServer.USER_SECRET)) {
                assertTrue(streams.listStreams().streams().isEmpty(), "others' streams are left out, not denied");
            }
        }
    }

    /// All were told in the words of DescribeTable.
    @Test
    void anUnknownTableIsToldInTheWordsOfTheOperation() throws Exception {
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            var arn = "arn:aws:dynamodb:us-east-1:000000000000:table/None";
            assertEquals("Requested resource not found",
                    message(() -> client.getItem(g -> g.tableName("None").key(key("A", "1")))));
            assertEquals("Requested resource not found", message(() -> client.scan(g -> g.tableName("None"))));
            assertEquals("Requested resource not found: Table: None not found",
                    message(() -> client.describeTable(t -> t.tableName("None"))));
            assertEquals("Requested resource not found: ResourcArn: " + arn + " not found",
                    message(() -> client.listTagsOfResource(t -> t.resourceArn(arn))));
            assertEquals("TableNotFoundException", code(() -> client.describeContinuousBackups(t -> t.tableName("None"))));
        }
    }

    /// The table told when it was made instead, and nothing once it was provisioned again (API reference, BillingModeSummary).
    @Test
    void aTableTellsWhenItWasLastPutOnDemand() throws Exception {
        try (var server = DynamoDbServer.start(directory); var client = server.client()) {
            var before = Instant.now().minusSeconds(1);
            createMusic(client);
            client.updateTable(t -> t.tableName("Music").billingMode(BillingMode.PROVISIONED)
                    .provisionedThroughput(p -> p.readCapacityUnits(1L).writeCapacityUnits(1L)));
            var provisioned = client.describeTable(t -> t.tableName("Music")).table().billingModeSummary();
            assertEquals(BillingMode.PROVISIONED, provisioned.billingMode());
            assertTrue(provisioned.lastUpdateToPayPerRequestDateTime().isAfter(before), provisioned::toString);
            client.updateTable(t -> t.tableName("Music").billingMode(BillingMode.PAY_PER_REQUEST));
            var again = client.describeTable(t -> t.tableName("Music")).table().billingModeSummary();
            assertTrue(again.lastUpdateToPayPerRequestDateTime().isAfter(provisioned.lastUpdateToPayPerRequestDateTime()),
                    again::toString);
        }
    }

    private static String message(Executable call) {
        return assertThrows(DynamoDbException.class, call).awsErrorDetails().errorMessage();
    }

    private static <T> T of(Map<String, T> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static String code(Executable call) {
        return assertThrows(DynamoDbException.class, call).awsErrorDetails().errorCode();
    }
}
