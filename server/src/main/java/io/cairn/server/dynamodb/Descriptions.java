package io.cairn.server.dynamodb;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.TableDescription;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.Value;
import io.cairn.server.dynamodb.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/// Tables as answers describe them: the API's TableDescription.
final class Descriptions {
    private static final DateTimeFormatter LABEL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS")
            .withZone(ZoneOffset.UTC);

    private Descriptions() {}

    /// How a stream is called.
    static String label(Instant enabled) {
        return LABEL.format(enabled);
    }

    static String streamArn(DynamoDbSettings server, String table, Instant enabled) {
        return server.tableArn(table) + "/stream/" + label(enabled);
    }

    static void table(JsonWriter json, TableDescription table, Status status, DynamoDbSettings server) {
        var definition = table.definition();
        var settings = Settings.of(table);
        json.beginObject().name("AttributeDefinitions").beginArray();
        definition.attributes()
                .forEach((name, type) -> json.beginObject().name("AttributeName").string(name).name("AttributeType")
                        .string(type.name()).endObject());
        json.endArray().name("TableName").string(table.name());
        keySchema(json, definition.key());
        json.name("TableStatus").string(status.name()).name("CreationDateTime").time(table.created());
        throughput(json, settings.readUnits(), settings.writeUnits());
        json.name("TableSizeBytes").number(table.sizeBytes()).name("ItemCount").number(table.itemCount());
        json.name("TableArn").string(server.tableArn(table.name())).name("TableId").string(UUID
                .nameUUIDFromBytes((table.id() + " " + table.created()).getBytes(StandardCharsets.UTF_8)).toString());
        if (settings.isOnDemand() || settings.onDemandSince() != 0)
            json.name("BillingModeSummary").beginObject().name("BillingMode").string(settings.billing())
                    .name("LastUpdateToPayPerRequestDateTime").time(onDemandSince(table, settings)).endObject();
        indexes(json, "LocalSecondaryIndexes", table, true, server);
        indexes(json, "GlobalSecondaryIndexes", table, false, server);
        var stream = definition.stream();
        if (stream != null && table.stream() != null)
            json.name("StreamSpecification").beginObject().name("StreamEnabled").bool(true).name("StreamViewType")
                    .string(stream.name())
                    .endObject().name("LatestStreamLabel").string(label(table.stream())).name("LatestStreamArn")
                    .string(streamArn(server, table.name(), table.stream()));
        if (settings.encrypted())
            json.name("SSEDescription").beginObject().name("Status").string("ENABLED").name("SSEType").string("KMS").endObject();
        json.name("TableClassSummary").beginObject().name("TableClass").string(settings.tableClass()).endObject();
        if (settings.maxReadUnits() != 0 || settings.maxWriteUnits() != 0)
            json.name("OnDemandThroughput").beginObject().name("MaxReadRequestUnits").number(settings.maxReadUnits())
                    .name("MaxWriteRequestUnits").number(settings.maxWriteUnits()).endObject();
        json.name("DeletionProtectionEnabled").bool(definition.deletionProtected()).endObject();
    }

    /// Tables of earlier versions do not have it.
    private static Instant onDemandSince(TableDescription table, Settings settings) {
        return settings.onDemandSince() == 0 ? table.created() : Instant.ofEpochMilli(settings.onDemandSince());
    }

    private static void throughput(JsonWriter json, long read, long write) {
        json.name("ProvisionedThroughput").beginObject().name("NumberOfDecreasesToday").number(0).name("ReadCapacityUnits")
                .number(read)
                .name("WriteCapacityUnits").number(write).endObject();
    }

    static void keySchema(JsonWriter json, KeySchema key) {
        json.name("KeySchema").beginArray();
        for (var name : key.partition())
            json.beginObject().name("AttributeName").string(name).name("KeyType").string("HASH").endObject();
        for (var name : key.sort())
            json.beginObject().name("AttributeName").string(name).name("KeyType").string("RANGE").endObject();
        json.endArray();
    }

    private static void indexes(JsonWriter json, String member, TableDescription table, boolean local, DynamoDbSettings server) {
        var indexes = table.definition().indexes().stream().filter(index -> index.isLocal() == local).toList();
        if (indexes.isEmpty())
            return;
        json.name(member).beginArray();
        for (var index : indexes)
            index(json, table, index, server);
        json.endArray();
    }

    private static void index(JsonWriter json, TableDescription table, IndexDefinition index, DynamoDbSettings server) {
        json.beginObject().name("IndexName").string(index.name());
        keySchema(json, index.key());
        json.name("Projection").beginObject().name("ProjectionType").string(index.projection().kind().name());
        if (index.projection().kind() == IndexProjection.Kind.INCLUDE) {
            json.name("NonKeyAttributes").beginArray();
            index.projection().names().forEach(json::string);
            json.endArray();
        }
        json.endObject();
        if (!index.isLocal()) {
            var status = table.indexStatus().get(index.name());
            json.name("IndexStatus").string(status == null ? Status.ACTIVE.name() : status.name());
            if (status == Status.CREATING)
                json.name("Backfilling").bool(true);
            boolean onDemand = Settings.of(table).isOnDemand();
            throughput(json, onDemand ? 0 : units(index.settings(), "read"), onDemand ? 0 : units(index.settings(), "write"));
        }
        json.name("IndexSizeBytes").number(0).name("ItemCount").number(0).name("IndexArn")
                .string(server.tableArn(table.name()) + "/index/" + index.name()).endObject();
    }

    private static long units(Item settings, String name) {
        return settings.get(name) instanceof Value.N(var number) ? number.longValue() : 0;
    }
}
