package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn table`: makes, lists, shows and removes tables of a running server.
@Command(name = "table", mixinStandardHelpOptions = true, description = "Makes, lists, shows and removes tables of items.")
final class TableCommand {
    private final Invocation invocation;

    TableCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a table.")
    int create(@Mixin ClientOptions client, @Parameters(paramLabel = "TABLE") String name,
            @Option(names = "--key", required = true, paramLabel = "ATTR[:TYPE][,ATTR[:TYPE]]", description = "partition key and, if wanted, sort key; types are S (text, the default), N (number) and B (bytes)") String key,
            @Option(names = "--index", paramLabel = "NAME=KEY", description = "a global index of whole items; may be repeated") @Nullable Map<String, String> indexes,
            @Option(names = "--local-index", paramLabel = "NAME=KEY", description = "a local index of whole items: the table's partition key and another sort key; may be repeated") @Nullable Map<String, String> localIndexes,
            @Option(names = "--stream", arity = "0..1", fallbackValue = "NEW_AND_OLD_IMAGES", paramLabel = "VIEW", description = "tell of changes: KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES (the default of --stream)") @Nullable String stream) {
        var types = new TreeMap<String, String>();
        var request = new LinkedHashMap<String, @Nullable Object>();
        request.put("TableName", name);
        request.put("BillingMode", "PAY_PER_REQUEST");
        request.put("KeySchema", key(key, types));
        if (indexes != null)
            request.put("GlobalSecondaryIndexes", indexes(indexes, types));
        if (localIndexes != null)
            request.put("LocalSecondaryIndexes", indexes(localIndexes, types));
        if (stream != null)
            request.put("StreamSpecification", Map.of("StreamEnabled", true, "StreamViewType", stream));
        request.put("AttributeDefinitions", types.entrySet().stream().map(
                type -> Map.of("AttributeName", type.getKey(), "AttributeType", type.getValue())).toList());
        try (var items = client.connectToItems(invocation)) {
            items.callOnce("CreateTable", request);
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
        return 0;
    }

    /// Its schema; what it says of types is added to `types`.
    private static List<Map<String, @Nullable Object>> key(String text, Map<String, String> types) {
        var key = TableKey.of(text);
        key.types().forEach((name, type) -> {
            var before = types.put(name, type);
            if (before != null && !before.equals(type))
                throw new CommandException("`" + name + "` is of type " + before + " in one key and " + type + " in another",
                        ExitCode.USAGE);
        });
        return key.schema();
    }

    private static List<Map<String, @Nullable Object>> indexes(Map<String, String> keys, Map<String, String> types) {
        var indexes = new ArrayList<Map<String, @Nullable Object>>();
        keys.forEach((name, key) -> indexes.add(Map.of("IndexName", name, "KeySchema", key(key, types), "Projection",
                Map.of("ProjectionType", "ALL"))));
        return indexes;
    }

    @Command(name = "list", aliases = "ls", mixinStandardHelpOptions = true, description = "Lists the tables.")
    int list(@Mixin ClientOptions client) throws IOException {
        boolean json = client.json(invocation);
        try (var items = client.connectToItems(invocation)) {
            var page = items.call("ListTables", Map.of());
            try (var rows = new Rows(invocation, json, text("table", 0))) {
                while (true) {
                    for (var name : Json.list(page, "TableNames"))
                        rows.add(name);
                    var last = page.get("LastEvaluatedTableName");
                    if (last == null)
                        return 0;
                    page = items.call("ListTables", Map.of("ExclusiveStartTableName", last));
                }
            }
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
    }

    @Command(name = "describe", mixinStandardHelpOptions = true, description = "Shows what is known of a table.")
    int describe(@Mixin ClientOptions client, @Parameters(paramLabel = "TABLE") String name) throws IOException {
        boolean json = client.json(invocation);
        Map<String, @Nullable Object> table;
        try (var items = client.connectToItems(invocation)) {
            table = Json.map(items.call("DescribeTable", Map.of("TableName", name)), "Table");
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
        if (json) {
            Json.print(invocation.out(), table);
            return 0;
        }
        try (var rows = new Rows(invocation, false, text("name", 16), text("value", 0))) {
            rows.add("table", Json.text(table, "TableName"));
            rows.add("status", Json.text(table, "TableStatus"));
            rows.add("key", key(table, types(table)));
            rows.add("items", Json.text(table, "ItemCount"));
            rows.add("bytes", Json.text(table, "TableSizeBytes"));
            for (var kind : List.of("Global", "Local"))
                for (var index : Json.list(table, kind + "SecondaryIndexes"))
                    rows.add(kind.toLowerCase(Locale.ROOT) + " index",
                            Json.text(Json.map(index), "IndexName") + " " + key(Json.map(index), types(table)));
            if (table.get("StreamSpecification") != null)
                rows.add("stream", Json.text(Json.map(table, "StreamSpecification"), "StreamViewType"));
        }
        return 0;
    }

    private static Map<String, String> types(Map<String, @Nullable Object> table) {
        var types = new TreeMap<String, String>();
        for (var type : Json.list(table, "AttributeDefinitions"))
            types.put(Json.text(Json.map(type), "AttributeName"), Json.text(Json.map(type), "AttributeType"));
        return types;
    }

    private static String key(Map<String, @Nullable Object> of, Map<String, String> types) {
        return Json.list(of, "KeySchema").stream().map(part -> Json.text(Json.map(part), "AttributeName"))
                .map(name -> name + ":" + types.get(name)).collect(Collectors.joining(","));
    }

    @Command(name = "delete", aliases = "rm", mixinStandardHelpOptions = true, description = "Removes a table with all its items.")
    int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "TABLE") String name) {
        try (var items = client.connectToItems(invocation)) {
            items.callOnce("DeleteTable", Map.of("TableName", name));
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
        return 0;
    }
}
