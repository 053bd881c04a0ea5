package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.StreamDescription;
import io.cairn.kv.StreamRecord;
import io.cairn.kv.StreamRecord.Sequence;
import io.cairn.kv.StreamShard;
import io.cairn.kv.TableStream;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Structure;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// ListStreams, DescribeStream, GetShardIterator, GetRecords. An iterator is a text that says where it stands and when it was made, so nothing is
/// kept for it.
final class Streams {
    private static final Duration ITERATOR_LIFE = Duration.ofMinutes(15);
    private static final int MAX_PAGE = 100;
    private static final int MAX_RECORDS = 1000;
    private final InstantSource clock;

    Streams(InstantSource clock) {
        this.clock = clock;
    }

    void list(Call call) {
        var request = call.request();
        var only = request.string("TableName");
        int max = limit(call, MAX_PAGE);
        var start = request.string("ExclusiveStartStreamArn");
        var json = JsonWriter.start().beginObject().name("Streams").beginArray();
        String last = null;
        int count = 0;
        boolean more = false;
        for (var stream : streams(call, only)) {
            var name = stream.table().name();
            var arn = Descriptions.streamArn(call.settings(), name, stream.label());
            if (start != null && arn.compareTo(start) <= 0)
                continue;
            if (count == max) {
                more = true;
                break;
            }
            json.beginObject().name("StreamArn").string(arn).name("TableName").string(name).name("StreamLabel")
                    .string(Descriptions.label(stream.label())).endObject();
            last = arn;
            count++;
        }
        json.endArray();
        if (more && last != null)
            json.name("LastEvaluatedStreamArn").string(last);
        call.answer(json.endObject());
    }

    /// How many the request asks for; as many as there can be, when it does not say.
    private static int limit(Call call, int max) {
        var limit = call.request().integer("Limit");
        if (limit != null && limit > max)
            throw validation("1 validation error detected: Value '" + limit
                    + "' at 'limit' failed to satisfy constraint: Member must have value less than or equal to " + max);
        return limit == null ? max : limit;
    }

    /// The caller's streams, or those of one table, which may have been deleted since; in the order of their ARNs.
    private static List<StreamDescription> streams(Call call, @Nullable String table) {
        if (table == null)
            return inOrder(call, call.store().streams().stream().filter(stream -> call.owns(stream.table())));
        var name = Names.table(table);
        var streams = inOrder(call, call.store().streams(name).stream());
        if (streams.isEmpty())
            call.table(name); // there is such a table
        streams.forEach(stream -> call.requireOwner(stream.table()));
        return streams;
    }

    private static List<StreamDescription> inOrder(Call call, Stream<StreamDescription> streams) {
        return streams.sorted(Comparator.comparing(
                stream -> Descriptions.streamArn(call.settings(), stream.table().name(), stream.label()))).toList();
    }

    /// The stream that an ARN names.
    private static StreamDescription stream(Call call, String arn) {
        var name = Names.table(arn);
        var label = Names.streamLabel(arn);
        for (var stream : call.store().streams(name))
            if (Descriptions.label(stream.label()).equals(label)) {
                call.requireOwner(stream.table());
                return stream;
            }
        throw new KvRefusedException(Reason.NOT_FOUND, "Requested resource not found: Stream: " + arn + " not found");
    }

    private static TableStream changes(Call call, StreamDescription stream) {
        return call.store().stream(stream.table().name(), stream.label());
    }

    void describe(Call call) {
        var request = call.request();
        var arn = request.requiredString("StreamArn");
        var stream = stream(call, arn);
        int max = limit(call, MAX_PAGE);
        var start = request.string("ExclusiveStartShardId");
        var filter = request.structure("ShardFilter");
        var shards = changes(call, stream).shards().stream().filter(shard -> start == null || shard.id().compareTo(start) > 0)
                .filter(shard -> filter == null || isChild(shard, filter)).toList();
        var page = shards.subList(0, Math.min(max, shards.size()));
        var json = JsonWriter.start().beginObject().name("StreamDescription").beginObject();
        head(json, stream, arn);
        json.name("Shards").beginArray();
        page.forEach(shard -> shard(json, shard));
        json.endArray();
        if (page.size() < shards.size())
            json.name("LastEvaluatedShardId").string(page.getLast().id());
        call.answer(json.endObject().endObject());
    }

    private static boolean isChild(StreamShard shard, Structure filter) {
        var parent = filter.string("ShardId");
        return parent == null || parent.equals(shard.parent());
    }

    private static void head(JsonWriter json, StreamDescription stream, String arn) {
        json.name("StreamArn").string(arn).name("StreamLabel").string(Descriptions.label(stream.label())).name("StreamStatus")
                .string(stream.disabled() == null ? "ENABLED" : "DISABLED").name("StreamViewType").string(view(stream))
                .name("CreationRequestDateTime").time(stream.label()).name("TableName").string(stream.table().name());
        Descriptions.keySchema(json, stream.table().key());
    }

    private static String view(StreamDescription stream) {
        var view = stream.table().stream();
        return view == null ? "" : view.name();
    }

    private static void shard(JsonWriter json, StreamShard shard) {
        json.beginObject().name("ShardId").string(shard.id());
        if (shard.parent() != null)
            json.name("ParentShardId").string(shard.parent());
        json.name("SequenceNumberRange").beginObject().name("StartingSequenceNumber").string(shard.from().toString());
        if (shard.to() != null)
            json.name("EndingSequenceNumber").string(shard.to().toString());
        json.endObject().endObject();
    }

    void iterator(Call call) {
        var request = call.request();
        var arn = request.requiredString("StreamArn");
        var shard = request.requiredString("ShardId");
        var stream = changes(call, stream(call, arn));
        var latest = stream.latest(shard);
        var type = request.requiredString("ShardIteratorType");
        var sequence = request.string("SequenceNumber");
        boolean needs = type.endsWith("SEQUENCE_NUMBER");
        if (needs && sequence == null)
            throw validation(
                    "One or more parameter values were invalid: SequenceNumber must be specified for ShardIteratorType " + type);
        if (!needs && sequence != null)
            throw validation(
                    "One or more parameter values were invalid: SequenceNumber must not be specified for ShardIteratorType "
                            + type);
        var at = switch (type) {
            case "TRIM_HORIZON" -> Sequence.FIRST;
            case "LATEST" -> latest;
            case "AT_SEQUENCE_NUMBER" -> sequence(sequence);
            default -> sequence(sequence).next();
        };
        call.answer(
                JsonWriter.start().beginObject().name("ShardIterator").string(new Iterator(arn, shard, at, clock.millis()).text())
                        .endObject());
    }

    private static Sequence sequence(@Nullable String text) {
        try {
            return Sequence.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw validation("Invalid SequenceNumber: " + text);
        }
    }

    /// Where a reader stands.
    private record Iterator(String arn, String shard, Sequence at, long madeMillis) {
        String text() {
            var plain = String.join("|", arn, shard, at.toString(), Long.toString(madeMillis));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        }

        static Iterator parse(String text) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\\|", -1);
                if (parts.length == 4)
                    return new Iterator(parts[0], parts[1], Sequence.parse(parts[2]), Long.parseLong(parts[3]));
            } catch (IllegalArgumentException e) {
                // as below
            }
            throw validation("Invalid ShardIterator");
        }
    }

    void records(Call call) {
        var request = call.request();
        var iterator = Iterator.parse(request.requiredString("ShardIterator"));
        if (iterator.madeMillis + ITERATOR_LIFE.toMillis() < clock.millis())
            throw new KvRefusedException(Reason.EXPIRED, "Iterator expired. The iterator was created more than 15 minutes ago.");
        var stream = stream(call, iterator.arn);
        var page = changes(call, stream).read(iterator.shard, iterator.at, limit(call, MAX_RECORDS));
        call.requireRoom(page.records().stream().mapToLong(Streams::bytes).sum());
        var json = JsonWriter.start().beginObject();
        if (page.next() != null)
            json.name("NextShardIterator").string(new Iterator(iterator.arn, iterator.shard, page.next(), clock.millis()).text());
        json.name("Records").beginArray();
        for (var record : page.records())
            record(json, record, view(stream), call.settings());
        call.answer(json.endArray().endObject());
    }

    private static long bytes(StreamRecord record) {
        long size = record.keys().size();
        if (record.after() != null)
            size += record.after().size();
        if (record.before() != null)
            size += record.before().size();
        return size;
    }

    private static void record(JsonWriter json, StreamRecord record, String view, DynamoDbSettings settings) {
        json.beginObject().name("awsRegion").string(settings.region()).name("dynamodb").beginObject()
                .name("ApproximateCreationDateTime").time(record.at()).name("Keys").item(record.keys());
        if (record.after() != null)
            json.name("NewImage").item(record.after());
        if (record.before() != null)
            json.name("OldImage").item(record.before());
        json.name("SequenceNumber").string(record.sequence().toString()).name("SizeBytes").number(bytes(record))
                .name("StreamViewType")
                .string(view).endObject();
        json.name("eventID").string("%032x".formatted(new BigInteger(record.sequence().toString()))).name("eventName")
                .string(record.change().name()).name("eventSource").string("aws:dynamodb").name("eventVersion").string("1.1");
        if (record.expired())
            json.name("userIdentity").beginObject().name("PrincipalId").string("dynamodb.amazonaws.com").name("Type")
                    .string("Service").endObject();
        json.endObject();
    }
}
