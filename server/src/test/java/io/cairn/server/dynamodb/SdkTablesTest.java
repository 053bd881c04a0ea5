package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsStatus;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableClass;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/// Tables: made, told, changed, listed, tagged, deleted.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkTablesTest extends SdkSuite {
    private TableDescription describe(String table) {
        return client().describeTable(t -> t.tableName(table)).table();
    }

    @Test
    void aTableIsToldAsItWasMade() {
        client().createTable(t -> t.tableName("Made.it_all-1").billingMode(BillingMode.PROVISIONED)
                .provisionedThroughput(units(5, 6))
                .attributeDefinitions(attribute("h", ScalarAttributeType.S), attribute("r", ScalarAttributeType.B),
                        attribute("x", ScalarAttributeType.N))
                .keySchema(hash("h"), range("r"))
                .localSecondaryIndexes(i -> i.indexName("local").keySchema(hash("h"), range("x"))
                        .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY)))
                .globalSecondaryIndexes(i -> i.indexName("global").keySchema(hash("x")).provisionedThroughput(units(1, 2))
                        .projection(p -> p.projectionType(ProjectionType.INCLUDE).nonKeyAttributes("a", "b")))
                .tableClass(TableClass.STANDARD_INFREQUENT_ACCESS).deletionProtectionEnabled(true)
                .streamSpecification(x -> x.streamEnabled(true).streamViewType(StreamViewType.KEYS_ONLY))
                .tags(Tag.builder().key("team").value("blue").build()));
        client().waiter().waitUntilTableExists(t -> t.tableName("Made.it_all-1"));
        var table = describe("Made.it_all-1");
        assertEquals(TableStatus.ACTIVE, table.tableStatus());
        assertEquals(List.of(hash("h"), range("r")), table.keySchema());
        assertEquals(Map.of("h", ScalarAttributeType.S, "r", ScalarAttributeType.B, "x", ScalarAttributeType.N), types(table));
        assertEquals(5, table.provisionedThroughput().readCapacityUnits());
        assertEquals(6, table.provisionedThroughput().writeCapacityUnits());
        assertEquals(0, table.provisionedThroughput().numberOfDecreasesToday());
        assertEquals("arn:aws:dynamodb:us-east-1:000000000000:table/Made.it_all-1", table.tableArn());
        assertTrue(table.tableId().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), table.tableId());
        assertEquals(TableClass.STANDARD_INFREQUENT_ACCESS, table.tableClassSummary().tableClass());
        assertTrue(table.deletionProtectionEnabled());
        assertEquals(0L, table.itemCount());
        assertEquals(StreamViewType.KEYS_ONLY, table.streamSpecification().streamViewType());
        assertEquals(table.tableArn() + "/stream/" + table.latestStreamLabel(), table.latestStreamArn());
        var local = table.localSecondaryIndexes().getFirst();
        assertEquals(List.of(hash("h"), range("x")), local.keySchema());
        assertEquals(ProjectionType.KEYS_ONLY, local.projection().projectionType());
        var global = table.globalSecondaryIndexes().getFirst();
        assertEquals(table.tableArn() + "/index/global", global.indexArn());
        assertEquals(List.of("a", "b"), global.projection().nonKeyAttributes());
        assertEquals("ACTIVE", global.indexStatusAsString());
        assertEquals(2, global.provisionedThroughput().writeCapacityUnits());
        assertEquals(table.tableName(), describe(table.tableArn()).tableName(), "by its ARN");
    }

    private static ProvisionedThroughput units(long read, long write) {
        return ProvisionedThroughput.builder().readCapacityUnits(read).writeCapacityUnits(write).build();
    }

    private static Map<String, ScalarAttributeType> types(TableDescription table) {
        var types = new TreeMap<String, ScalarAttributeType>();
        table.attributeDefinitions().forEach(a -> types.put(a.attributeName(), a.attributeType()));
        return types;
    }

    @Test
    void billingModesFollowOneAnother() {
        var name = table("billing");
        var onDemand = describe(name);
        assertEquals(BillingMode.PAY_PER_REQUEST, onDemand.billingModeSummary().billingMode());
        assertEquals(0, onDemand.provisionedThroughput().readCapacityUnits());
        assertInvalid(
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
                () -> client().updateTable(t -> t.tableName(name).provisionedThroughput(units(1, 1))));
        client().updateTable(t -> t.tableName(name).billingMode(BillingMode.PROVISIONED).provisionedThroughput(units(3, 4)));
        assertEquals(4, describe(name).provisionedThroughput().writeCapacityUnits());
        client().updateTable(t -> t.tableName(name).provisionedThroughput(units(7, 4)));
        assertEquals(7, describe(name).provisionedThroughput().readCapacityUnits());
        client().updateTable(t -> t.tableName(name).billingMode(BillingMode.PAY_PER_REQUEST)
                .onDemandThroughput(o -> o.maxReadRequestUnits(10L).maxWriteRequestUnits(20L)));
        var again = describe(name);
        assertEquals(BillingMode.PAY_PER_REQUEST, again.billingModeSummary().billingMode());
        assertEquals(20L, again.onDemandThroughput().maxWriteRequestUnits());
    }

    @Test
    void protectionClassAndStreamAreChanged() {
        var name = table("changed", t -> t.deletionProtectionEnabled(true));
        assertInvalid(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
                () -> client().deleteTable(t -> t.tableName(name)));
        var off = client().updateTable(t -> t.tableName(name).deletionProtectionEnabled(false)).tableDescription();
        assertFalse(off.deletionProtectionEnabled());
        client().updateTable(t -> t.tableName(name).tableClass(TableClass.STANDARD_INFREQUENT_ACCESS));
        assertEquals(TableClass.STANDARD_INFREQUENT_ACCESS, describe(name).tableClassSummary().tableClass());
        client().updateTable(t -> t.tableName(name)
                .streamSpecification(x -> x.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE)));
        var first = describe(name).latestStreamArn();
        client().updateTable(t -> t.tableName(name).streamSpecification(x -> x.streamEnabled(false)));
        assertNull(describe(name).streamSpecification());
        client().updateTable(t -> t.tableName(name)
                .streamSpecification(x -> x.streamEnabled(true).streamViewType(StreamViewType.OLD_IMAGE)));
        assertNotEquals(first, describe(name).latestStreamArn(), "another stream");
        client().updateTable(t -> t.tableName(name).sseSpecification(x -> x.enabled(true)));
        assertEquals("ENABLED", describe(name).sseDescription().statusAsString());
        var deleted = client().deleteTable(t -> t.tableName(name)).tableDescription();
        assertEquals(TableStatus.DELETING, deleted.tableStatus());
        client().waiter().waitUntilTableNotExists(t -> t.tableName(name));
    }

    @Test
    void whatCannotBeATableIsRefused() {
        var name = table("refused");
        assertRefused("ResourceInUseException", "Table already exists: refused", () -> table("refused"));
        assertRefused("ResourceNotFoundException", "Requested resource not found: Table: none not found",
                () -> client().describeTable(t -> t.tableName("none")));
        assertRefused("ResourceNotFoundException", "Requested resource not found: Table: none not found",
                () -> client().deleteTable(t -> t.tableName("none")));
        assertInvalid(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
                () -> client().updateTable(t -> t.tableName(name)));
        assertInvalid(
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
                () -> client().createTable(t -> t.tableName("unpaid").keySchema(hash("pk"))
                        .attributeDefinitions(attribute("pk", ScalarAttributeType.S))));
        assertInvalid(
                "No defined key schema.  A key schema containing at least a hash key must be defined for all tables",
                () -> client().createTable(t -> t.tableName("keyless").billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attribute("pk", ScalarAttributeType.S))));
        assertInvalid(
                "1 validation error detected: Value 'no' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
                () -> table("no"));
        assertInvalid(
                "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
                () -> client().createTable(t -> t.tableName("hashonly").billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("x", ScalarAttributeType.S))
                        .keySchema(hash("pk")).localSecondaryIndexes(i -> i.indexName("local").keySchema(hash("pk"), range("x"))
                                .projection(p -> p.projectionType(ProjectionType.ALL)))));
        assertInvalid(
                "One or more parameter values were invalid: Table is being created with stream disabled, UserStreamViewType cannot be specified",
                () -> table("streamless", t -> t.streamSpecification(x -> x.streamEnabled(false).streamViewType("KEYS_ONLY"))));
        assertEquals(name, describe(name).tableName());
    }

    @Test
    void listsPageInOrder() {
        IntStream.range(0, 5).forEach(i -> table("zz-list-" + i));
        var first = client().listTables(l -> l.exclusiveStartTableName("zz-list-").limit(2));
        assertEquals(List.of("zz-list-0", "zz-list-1"), first.tableNames());
        assertEquals("zz-list-1", first.lastEvaluatedTableName());
        var names = new ArrayList<String>();
        client().listTablesPaginator(l -> l.exclusiveStartTableName("zz-list-0").limit(3))
                .forEach(p -> names.addAll(p.tableNames()));
        assertEquals(List.of("zz-list-1", "zz-list-2", "zz-list-3", "zz-list-4"), names);
        var last = client().listTables(l -> l.exclusiveStartTableName("zz-list-3").limit(1));
        assertEquals(List.of("zz-list-4"), last.tableNames());
        assertInvalid(
                "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
                () -> client().listTables(l -> l.limit(101)));
    }

    @Test
    void tagsAreSetReplacedListedAndRemoved() {
        var arn = describe(table("tagged", t -> t.tags(Tag.builder().key("a").value("1").build()))).tableArn();
        client().tagResource(t -> t.resourceArn(arn).tags(x -> x.key("b").value("2"), x -> x.key("a").value("é")));
        assertEquals(Map.of("a", "é", "b", "2"), tags(arn));
        client().untagResource(t -> t.resourceArn(arn).tagKeys("a", "never"));
        assertEquals(Map.of("b", "2"), tags(arn));
        var many = IntStream.range(0, 50).mapToObj(i -> Tag.builder().key("k" + i).value("").build()).toList();
        assertRefusedCode("ValidationException", () -> client().tagResource(t -> t.resourceArn(arn).tags(many)));
        assertEquals(Map.of("b", "2"), tags(arn));
        assertRefused("ResourceNotFoundException", "Requested resource not found: ResourcArn: " + arn + "x not found",
                () -> client().listTagsOfResource(t -> t.resourceArn(arn + "x")));
    }

    private Map<String, String> tags(String arn) {
        var tags = new TreeMap<String, String>();
        client().listTagsOfResource(t -> t.resourceArn(arn)).tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        return tags;
    }

    /// One of two changes at once was undone by the other.
    @Test
    void changesAtOnceAllTakeEffect() throws Exception {
        try (var callers = Executors.newFixedThreadPool(6)) {
            for (int round = 0; round < 8; round++) {
                var name = table("at-once-" + round);
                var arn = describe(name).tableArn();
                var calls = new ArrayList<Callable<Object>>();
                for (int i = 0; i < 3; i++) {
                    var key = "k" + i;
                    calls.add(() -> client().tagResource(t -> t.resourceArn(arn).tags(tag -> tag.key(key).value("v"))));
                }
                calls.add(() -> client().updateTable(t -> t.tableName(name).deletionProtectionEnabled(true)));
                calls.add(() -> client().updateTable(t -> t.tableName(name)
                        .attributeDefinitions(attribute("g", ScalarAttributeType.S))
                        .globalSecondaryIndexUpdates(u -> u.create(i -> i.indexName("by-g").keySchema(hash("g"))
                                .projection(p -> p.projectionType(ProjectionType.ALL))))));
                calls.add(() -> client().updateTimeToLive(t -> t.tableName(name)
                        .timeToLiveSpecification(s -> s.enabled(true).attributeName("ttl"))));
                for (var called : callers.invokeAll(calls))
                    called.get();
                assertEquals(Map.of("k0", "v", "k1", "v", "k2", "v"), tags(arn));
                assertTrue(describe(name).deletionProtectionEnabled());
                assertEquals("by-g", describe(name).globalSecondaryIndexes().getFirst().indexName());
                assertEquals(TimeToLiveStatus.ENABLED, ttl(name).timeToLiveStatus());
                client().updateTable(t -> t.tableName(name).deletionProtectionEnabled(false));
            }
        }
    }

    @Test
    void timeToLiveIsSwitchedOnAndOff() {
        var name = table("expiring");
        assertEquals(TimeToLiveStatus.DISABLED, ttl(name).timeToLiveStatus());
        var set = client()
                .updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(true).attributeName("till")));
        assertEquals("till", set.timeToLiveSpecification().attributeName());
        assertEquals(TimeToLiveStatus.ENABLED, ttl(name).timeToLiveStatus());
        assertEquals("till", ttl(name).attributeName());
        assertInvalid("TimeToLive is already enabled", () -> client()
                .updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(true).attributeName("till"))));
        assertInvalid("TimeToLive is active on a different AttributeName: current AttributeName is till", () -> client()
                .updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(false).attributeName("other"))));
        client().updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(false).attributeName("till")));
        assertEquals(TimeToLiveStatus.DISABLED, ttl(name).timeToLiveStatus());
        assertInvalid("TimeToLive is already disabled", () -> client()
                .updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(false).attributeName("till"))));
    }

    private TimeToLiveDescription ttl(String table) {
        return client().describeTimeToLive(t -> t.tableName(table)).timeToLiveDescription();
    }

    /// What has expired goes, what has not stays, as does what lies more than five years back (developer guide, "Using time to live").
    @Test
    void expiredItemsGo() throws InterruptedException {
        var name = table("expiry");
        client().updateTimeToLive(t -> t.tableName(name).timeToLiveSpecification(x -> x.enabled(true).attributeName("till")));
        long now = System.currentTimeMillis() / 1000;
        put(name, "{'pk':'a','sk':1,'till':" + (now - 5) + "}");
        put(name, "{'pk':'a','sk':2,'till':" + (now + 3600) + "}");
        put(name, "{'pk':'a','sk':3,'till':'" + (now - 5) + "'}");
        put(name, "{'pk':'a','sk':4,'till':" + (now - 6L * 366 * 86400) + "}");
        put(name, "{'pk':'a','sk':5}");
        for (int tries = 0; !get(name, "a", 1).isEmpty() && tries < 200; tries++)
            Thread.sleep(50);
        assertEquals(List.of("2", "3", "4", "5"), each(client().scan(x -> x.tableName(name)).items(), "sk"));
    }

    @Test
    void limitsEndpointsAndBackupsAreTold() {
        var limits = client().describeLimits();
        assertEquals(List.of(80_000L, 80_000L, 40_000L, 40_000L),
                List.of(limits.accountMaxReadCapacityUnits(), limits.accountMaxWriteCapacityUnits(),
                        limits.tableMaxReadCapacityUnits(), limits.tableMaxWriteCapacityUnits()));
        var endpoint = client().describeEndpoints().endpoints().getFirst();
        assertEquals(server().uri().getAuthority(), endpoint.address());
        assertEquals(1440L, endpoint.cachePeriodInMinutes());
        var name = table("backups");
        var backups = client().describeContinuousBackups(b -> b.tableName(name)).continuousBackupsDescription();
        assertEquals(ContinuousBackupsStatus.DISABLED, backups.continuousBackupsStatus());
    }
}
