package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/// DynamoDB Streams: shards, iterators, and records in each form of view.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkStreamsTest extends SdkSuite {
    private String streamed(String name, StreamViewType view) {
        table(name, t -> t.streamSpecification(x -> x.streamEnabled(true).streamViewType(view)));
        return client().describeTable(t -> t.tableName(name)).table().latestStreamArn();
    }

    private List<String> shards(String arn) {
        return streams().describeStream(d -> d.streamArn(arn)).streamDescription().shards().stream().map(shard -> shard.shardId())
                .toList();
    }

    private String iterator(String arn, String shard, ShardIteratorType type, @Nullable String sequence) {
        return streams().getShardIterator(i -> {
            i.streamArn(arn).shardId(shard).shardIteratorType(type);
            if (sequence != null)
                i.sequenceNumber(sequence);
        }).shardIterator();
    }

    private List<Record> read(String iterator) {
        return streams().getRecords(r -> r.shardIterator(iterator)).records();
    }

    /// Of all shards, oldest first.
    private List<Record> all(String arn) {
        var all = new ArrayList<Record>();
        for (var shard : shards(arn))
            all.addAll(read(iterator(arn, shard, ShardIteratorType.TRIM_HORIZON, null)));
        all.sort(Comparator.comparing(record -> record.dynamodb().sequenceNumber()));
        return all;
    }

    /// The shard that has something to tell.
    private String shardOf(String arn) {
        return shards(arn).stream().filter(shard -> !read(iterator(arn, shard, ShardIteratorType.TRIM_HORIZON, null)).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(value = StreamViewType.class, names = "UNKNOWN_TO_SDK_VERSION", mode = EnumSource.Mode.EXCLUDE)
    void recordsHaveTheImagesOfTheirView(StreamViewType view) {
        var name = "view-" + view;
        var arn = streamed(name, view);
        put(name, "{'pk':'a','sk':1,'v':1}");
        client().updateItem(u -> u.tableName(name).key(key("a", 1)).updateExpression("ADD v :one")
                .expressionAttributeValues(Map.of(":one", n(1))));
        client().deleteItem(d -> d.tableName(name).key(key("a", 1)));
        var records = all(arn);
        assertEquals(List.of(OperationType.INSERT, OperationType.MODIFY, OperationType.REMOVE),
                records.stream().map(Record::eventName).toList());
        var one = item("{'pk':'a','sk':1,'v':1}");
        var two = item("{'pk':'a','sk':1,'v':2}");
        boolean before = view == StreamViewType.OLD_IMAGE || view == StreamViewType.NEW_AND_OLD_IMAGES;
        boolean after = view == StreamViewType.NEW_IMAGE || view == StreamViewType.NEW_AND_OLD_IMAGES;
        for (int i = 0; i < 3; i++) {
            var told = records.get(i).dynamodb();
            assertEquals(key("a", 1), told.keys());
            assertEquals(view, told.streamViewType());
            assertEquals(before && i > 0, told.hasOldImage(), "old image of " + i);
            assertEquals(after && i < 2, told.hasNewImage(), "new image of " + i);
            if (before && i > 0)
                assertEquals(i == 1 ? one : two, told.oldImage());
            if (after && i < 2)
                assertEquals(i == 0 ? one : two, told.newImage());
            assertTrue(told.sizeBytes() > 0);
            assertTrue(told.approximateCreationDateTime().isAfter(Instant.now().minusSeconds(600)));
            assertEquals("aws:dynamodb", records.get(i).eventSource());
            assertEquals("1.1", records.get(i).eventVersion());
            assertEquals("us-east-1", records.get(i).awsRegion());
        }
        assertEquals(3, records.stream().map(Record::eventID).distinct().count());
    }

    @Test
    void iteratorsStandWhereTheyWereAsked() {
        var arn = streamed("iterators", StreamViewType.NEW_IMAGE);
        for (int i = 0; i < 5; i++)
            put("iterators", "{'pk':'a','sk':1,'v':" + i + "}");
        var shard = shardOf(arn);
        var sequences = read(iterator(arn, shard, ShardIteratorType.TRIM_HORIZON, null)).stream()
                .map(r -> r.dynamodb().sequenceNumber()).toList();
        assertEquals(5, sequences.size());
        assertEquals(sequences.subList(2, 5),
                sequences(iterator(arn, shard, ShardIteratorType.AT_SEQUENCE_NUMBER, sequences.get(2))));
        assertEquals(sequences.subList(3, 5),
                sequences(iterator(arn, shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, sequences.get(2))));
        var latest = iterator(arn, shard, ShardIteratorType.LATEST, null);
        put("iterators", "{'pk':'a','sk':1,'v':9}");
        assertEquals(List.of("9"), read(latest).stream().map(r -> of(r.dynamodb().newImage(), "v").n()).toList());
        var paged = new ArrayList<String>();
        var next = iterator(arn, shard, ShardIteratorType.TRIM_HORIZON, null);
        for (int page = 0; page < 4; page++) {
            var at = next;
            var records = streams().getRecords(r -> r.shardIterator(at).limit(2));
            assertEquals(page < 3 ? 2 : 0, records.records().size());
            records.records().forEach(r -> paged.add(of(r.dynamodb().newImage(), "v").n()));
            next = records.nextShardIterator();
            assertNotNull(next, "an open shard goes on");
        }
        assertEquals(List.of("0", "1", "2", "3", "4", "9"), paged);
    }

    private List<String> sequences(String iterator) {
        return read(iterator).stream().map(record -> record.dynamodb().sequenceNumber()).toList();
    }

    @Test
    void streamsAreListedAndDescribedInPages() {
        var arn = streamed("described", StreamViewType.KEYS_ONLY);
        var told = streams().describeStream(d -> d.streamArn(arn)).streamDescription();
        assertEquals("described", told.tableName());
        assertEquals(StreamStatus.ENABLED, told.streamStatus());
        assertEquals(StreamViewType.KEYS_ONLY, told.streamViewType());
        assertEquals(List.of(hash("pk"), range("sk")), told.keySchema());
        assertTrue(arn.endsWith("/stream/" + told.streamLabel()), arn);
        assertTrue(told.shards().stream().allMatch(shard -> shard.sequenceNumberRange().startingSequenceNumber() != null
                && shard.sequenceNumberRange().endingSequenceNumber() == null), "all are open");
        assertEquals(shards(arn), shardsInPages(arn));
        var open = told.shards().getFirst().shardId();
        assertTrue(streams().describeStream(d -> d.streamArn(arn).shardFilter(f -> f.type("CHILD_SHARDS").shardId(open)))
                .streamDescription().shards().isEmpty(), "an open shard has no children");
        streamed("described-too", StreamViewType.KEYS_ONLY);
        assertEquals(List.of(arn), streams().listStreams(l -> l.tableName("described")).streams().stream()
                .map(stream -> stream.streamArn()).toList());
        var names = namesInPages();
        assertTrue(names.containsAll(List.of("described", "described-too")), names::toString);
        assertEquals(names.stream().distinct().toList(), names);
    }

    private List<String> shardsInPages(String arn) {
        var ids = new ArrayList<String>();
        String last = null;
        do {
            var from = last;
            var page = streams().describeStream(d -> d.streamArn(arn).limit(3).exclusiveStartShardId(from)).streamDescription();
            assertTrue(page.shards().size() <= 3);
            page.shards().forEach(shard -> ids.add(shard.shardId()));
            last = page.lastEvaluatedShardId();
        } while (last != null);
        return ids;
    }

    private List<String> namesInPages() {
        var names = new ArrayList<String>();
        String last = null;
        do {
            var from = last;
            var page = streams().listStreams(l -> l.limit(1).exclusiveStartStreamArn(from));
            assertTrue(page.streams().size() <= 1);
            page.streams().forEach(stream -> names.add(stream.tableName()));
            last = page.lastEvaluatedStreamArn();
        } while (last != null);
        return names;
    }

    /// Writing what stands there already, removing nothing and failing leave no record; a transaction leaves one for each item.
    @Test
    void onlyChangesAreTold() {
        var arn = streamed("changes", StreamViewType.KEYS_ONLY);
        put("changes", "{'pk':'a','sk':1,'v':1}");
        put("changes", "{'pk':'a','sk':1,'v':1}");
        client().deleteItem(d -> d.tableName("changes").key(key("none", 1)));
        assertRefusedCode("ConditionalCheckFailedException",
                () -> client().deleteItem(
                        d -> d.tableName("changes").key(key("a", 1)).conditionExpression("attribute_not_exists(pk)")));
        client().transactWriteItems(t -> t.transactItems(i -> i.put(p -> p.tableName("changes").item(key("b", 1))),
                i -> i.delete(p -> p.tableName("changes").key(key("a", 1)))));
        var told = all(arn).stream().map(r -> of(r.dynamodb().keys(), "pk").s() + " " + r.eventName()).sorted().toList();
        assertEquals(List.of("a INSERT", "a REMOVE", "b INSERT"), told);
    }

    /// Who removed an expired item is told (developer guide, "DynamoDB Streams and Time to Live").
    @Test
    void expiryIsToldAsTheServicesOwn() throws InterruptedException {
        var arn = streamed("expired", StreamViewType.OLD_IMAGE);
        client().updateTimeToLive(
                t -> t.tableName("expired").timeToLiveSpecification(x -> x.enabled(true).attributeName("till")));
        put("expired", "{'pk':'a','sk':1,'till':" + (System.currentTimeMillis() / 1000 - 5) + "}");
        var records = all(arn);
        for (int tries = 0; records.size() < 2 && tries < 200; tries++) {
            Thread.sleep(50);
            records = all(arn);
        }
        assertEquals(List.of(OperationType.INSERT, OperationType.REMOVE), records.stream().map(Record::eventName).toList());
        assertNull(records.get(0).userIdentity());
        assertEquals("dynamodb.amazonaws.com", records.get(1).userIdentity().principalId());
        assertEquals("Service", records.get(1).userIdentity().type());
    }

    @Test
    void whatIsNoStreamIsRefused() {
        var arn = streamed("refused", StreamViewType.KEYS_ONLY);
        var shard = shards(arn).getFirst();
        assertRefusedCode("ResourceNotFoundException", () -> streams().describeStream(d -> d.streamArn(arn + "0")));
        assertRefusedCode("ResourceNotFoundException",
                () -> iterator(arn, "shardId-00000000000000000000-00000000", ShardIteratorType.LATEST, null));
        assertRefusedCode("ValidationException", () -> read("no iterator at all"));
        assertRefusedCode("ValidationException", () -> iterator(arn, shard, ShardIteratorType.AT_SEQUENCE_NUMBER, null));
        var latest = iterator(arn, shard, ShardIteratorType.LATEST, null);
        assertInvalid(
                "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000",
                () -> streams().getRecords(r -> r.shardIterator(latest).limit(1001)));
        assertRefusedCode("ValidationException", () -> streams().describeStream(d -> d.streamArn(arn).limit(101)));
        assertRefusedCode("ValidationException", () -> streams().listStreams(l -> l.limit(101)));
        client().updateTable(t -> t.tableName("refused").streamSpecification(x -> x.streamEnabled(false)));
        // It ended, and is read on for a day.
        assertEquals("DISABLED", streams().describeStream(d -> d.streamArn(arn)).streamDescription().streamStatusAsString());
        assertEquals(List.of(arn), streams().listStreams(l -> l.tableName("refused")).streams().stream()
                .map(stream -> stream.streamArn()).toList());
    }
}
