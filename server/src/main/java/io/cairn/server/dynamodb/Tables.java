package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.ValueType;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// CreateTable, DescribeTable, UpdateTable, DeleteTable, ListTables.
final class Tables {
    private static final int PAGE = 100;

    private Tables() {}

    static void create(Call call) {
        var request = call.request();
        var indexes = new ArrayList<IndexDefinition>();
        for (var index : request.structures("LocalSecondaryIndexes"))
            indexes.add(Schemas.index(index, IndexDefinition.Scope.LOCAL));
        for (var index : request.structures("GlobalSecondaryIndexes"))
            indexes.add(Schemas.index(index, IndexDefinition.Scope.GLOBAL));
        requireNotEmpty(request, "LocalSecondaryIndexes", "List of LocalSecondaryIndexes is empty");
        requireNotEmpty(request, "GlobalSecondaryIndexes", "List of GlobalSecondaryIndexes is empty");
        var settings = Settings.ownedBy(call.exchange().principal().canonicalId());
        settings = Billing.created(request, settings, call.now());
        for (var index : request.structures("GlobalSecondaryIndexes"))
            Billing.requireUnits(index, settings);
        var tags = new TreeMap<String, String>();
        for (var tag : request.structures("Tags"))
            tags.put(tag.requiredString("Key"), tag.requiredString("Value"));
        Tags.check(tags);
        var definition = new TableDefinition(Names.table(request.requiredString("TableName")), Schemas.key(request),
                types(request),
                indexes, stream(request.structure("StreamSpecification")), null, request.isTrue("DeletionProtectionEnabled"),
                settings.withTags(tags).item());
        var table = call.store().createTable(definition).describe();
        call.answer(described(call, "TableDescription", table, TableDescription.Status.ACTIVE));
    }

    private static void requireNotEmpty(Structure request, String member, String text) {
        if (request.has(member) && request.structures(member).isEmpty())
            throw validation("One or more parameter values were invalid: " + text);
    }

    private static Map<String, ValueType> types(Structure request) {
        var types = new TreeMap<String, ValueType>();
        for (var attribute : request.structures("AttributeDefinitions")) {
            var type = ValueType.valueOf(attribute.requiredString("AttributeType"));
            var before = types.put(attribute.requiredString("AttributeName"), type);
            if (before != null)
                throw validation("One or more parameter values were invalid: Duplicate AttributeName in AttributeDefinitions: "
                        + attribute.requiredString("AttributeName"));
        }
        return types;
    }

    private static @Nullable StreamView stream(@Nullable Structure specification) {
        if (specification == null)
            return null;
        var view = specification.string("StreamViewType");
        if (!specification.isTrue("StreamEnabled")) {
            if (view != null)
                throw validation(
                        "One or more parameter values were invalid: Table is being created with stream disabled, UserStreamViewType cannot be specified");
            return null;
        }
        if (view == null)
            throw validation("One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true");
        return StreamView.valueOf(view);
    }

    static void describe(Call call) {
        call.answer(described(call, "Table", call.table().describe(), TableDescription.Status.ACTIVE));
    }

    static void delete(Call call) {
        var table = call.table().describe();
        var last = call.store().deleteTable(table.name());
        call.answer(described(call, "TableDescription", last, TableDescription.Status.DELETING));
    }

    private static JsonWriter described(Call call, String member, TableDescription table, TableDescription.Status status) {
        var json = JsonWriter.start().beginObject();
        Descriptions.table(json.name(member), table, status, call.settings());
        return json.endObject();
    }

    static void list(Call call) {
        var request = call.request();
        var limit = request.integer("Limit");
        int max = limit == null ? PAGE : limit;
        var start = request.string("ExclusiveStartTableName");
        var json = JsonWriter.start().beginObject().name("TableNames").beginArray();
        int count = 0;
        String last = null;
        boolean more = false;
        for (var name : call.ownTables()) {
            if (start != null && name.compareTo(start) <= 0)
                continue;
            if (count == max) {
                more = true;
                break;
            }
            json.string(name);
            last = name;
            count++;
        }
        json.endArray();
        if (more && last != null)
            json.name("LastEvaluatedTableName").string(last);
        call.answer(json.endObject());
    }

    /// The table's new definition; refused when the request asks for nothing, or for two changes of indexes at once.
    static void update(Call call) {
        var request = call.request();
        requireOneChangeAnIndex(request.structures("GlobalSecondaryIndexUpdates"));
        var altered = call.alter(request.requiredString("TableName"), table -> updated(call, table));
        call.answer(described(call, "TableDescription", altered, TableDescription.Status.ACTIVE));
    }

    private static TableDefinition updated(Call call, TableDescription table) {
        var request = call.request();
        var wanted = table.definition();
        boolean asked = false;
        var settings = Settings.of(table);
        if (request.has("BillingMode") || request.has("ProvisionedThroughput") || request.has("OnDemandThroughput")
                || request.has("TableClass") || request.has("SSESpecification")) {
            settings = Billing.updated(request, settings, call.now());
            wanted = wanted.withSettings(settings.item());
            asked = true;
        }
        if (request.has("DeletionProtectionEnabled")) {
            wanted = wanted.withDeletionProtection(request.isTrue("DeletionProtectionEnabled"));
            asked = true;
        }
        var stream = request.structure("StreamSpecification");
        if (stream != null) {
            wanted = withStream(wanted, stream);
            asked = true;
        }
        var changes = request.structures("GlobalSecondaryIndexUpdates");
        if (!changes.isEmpty()) {
            wanted = withIndexes(call, wanted, changes, types(request));
            asked = true;
        }
        if (!asked)
            throw validation(
                    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
        return wanted;
    }

    /// Looked at before the table is.
    private static void requireOneChangeAnIndex(List<Structure> changes) {
        var names = new HashSet<String>();
        for (var change : changes) {
            boolean any = false;
            for (var kind : List.of("Update", "Create", "Delete")) {
                var action = change.structure(kind);
                if (action == null)
                    continue;
                any = true;
                var name = action.requiredString("IndexName");
                if (!names.add(name))
                    throw validation(
                            "One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: "
                                    + name);
            }
            if (!any)
                throw validation("One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update,"
                        + " GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
        }
    }

    private static TableDefinition withStream(TableDefinition table, Structure specification) {
        if (specification.isTrue("StreamEnabled")) {
            if (table.stream() != null)
                throw validation("Table already has an enabled stream: TableName: " + table.name());
            return table.withStream(stream(specification));
        }
        if (table.stream() == null)
            throw validation("Table has no stream to disable: TableName: " + table.name());
        return table.withStream(null);
    }

    private static TableDefinition withIndexes(Call call, TableDefinition table, List<Structure> changes,
            Map<String, ValueType> newTypes) {
        var indexes = new ArrayList<>(table.indexes());
        var types = new TreeMap<>(table.attributes());
        types.putAll(newTypes);
        int made = 0;
        for (var change : changes) {
            var create = change.structure("Create");
            var drop = change.structure("Delete");
            var throughput = change.structure("Update");
            if (create != null) {
                made++;
                var index = Schemas.index(create, IndexDefinition.Scope.GLOBAL);
                if (table.index(index.name()) != null)
                    throw validation("One or more parameter values were invalid: Index already exists: " + index.name());
                indexes.add(index);
            } else if (drop != null) {
                made++;
                var name = drop.requiredString("IndexName");
                if (!indexes.removeIf(index -> index.name().equals(name) && !index.isLocal()))
                    throw new KvRefusedException(Reason.NOT_FOUND,
                            "Requested resource not found: Index: " + name + " not found for table: " + table.name());
            } else if (throughput != null) {
                var name = throughput.requiredString("IndexName");
                int at = indexOf(indexes, name);
                if (at < 0)
                    throw new KvRefusedException(Reason.NOT_FOUND,
                            "Requested resource not found: Index: " + name + " not found for table: " + table.name());
                indexes.set(at, indexes.get(at).withSettings(Schemas.throughput(throughput)));
            }
        }
        if (made > 1)
            throw new KvRefusedException(Reason.LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
        var used = new ArrayList<>(table.key().names());
        indexes.forEach(index -> used.addAll(index.key().names()));
        types.keySet().retainAll(used);
        return table.withIndexes(indexes, types);
    }

    private static int indexOf(List<IndexDefinition> indexes, String name) {
        for (int i = 0; i < indexes.size(); i++)
            if (indexes.get(i).name().equals(name))
                return i;
        return -1;
    }
}
