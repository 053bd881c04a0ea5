package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn item`: puts, gets, removes and finds items of a running server's tables.
@Command(name = "item", mixinStandardHelpOptions = true, description = "Puts, gets, removes and finds items of tables.", footer = {
        "",
        "Items are plain JSON: texts, numbers, truths, null, lists and maps. --dynamodb-json has them with their types, which sets and bytes need."})
final class ItemCommand {
    private final Invocation invocation;

    ItemCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "put", mixinStandardHelpOptions = true, description = "Puts an item, over one that has its key.")
    int put(@Mixin ClientOptions client, @Mixin ItemOptions form, @Parameters(paramLabel = "TABLE") String table,
            @Parameters(paramLabel = "ITEM", description = "JSON, @FILE, or - for stdin") String item,
            @Option(names = "--if", paramLabel = "CONDITION", description = "only if this holds of what stands there, as attribute_not_exists(artist)") @Nullable String condition)
            throws IOException {
        var request = request(table, form);
        request.put("Item", form.item(item, "the item", invocation));
        write(client, "PutItem", request, condition);
        return 0;
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Shows an item.")
    int get(@Mixin ClientOptions client, @Mixin ItemOptions form, @Parameters(paramLabel = "TABLE") String table,
            @Parameters(paramLabel = "KEY", description = "JSON, @FILE, or - for stdin") String key) throws IOException {
        var request = request(table, form);
        request.put("Key", form.item(key, "the key", invocation));
        request.put("ConsistentRead", true);
        boolean json = client.json(invocation);
        try (var items = client.connectToItems(invocation)) {
            var answer = items.call("GetItem", request);
            if (answer.get("Item") == null)
                throw new CommandException(
                        "there is no item of this key in " + table + "; see what there is with: bin/cairn item scan "
                                + table);
            show(form.shown(Json.map(answer, "Item")), json);
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
        return 0;
    }

    private void show(Map<String, @Nullable Object> item, boolean json) throws IOException {
        if (json) {
            Json.print(invocation.out(), item);
            return;
        }
        try (var rows = new Rows(invocation, false, Rows.Column.text("attribute", 24), Rows.Column.text("value", 0))) {
            for (var attribute : item.entrySet())
                rows.add(attribute.getKey(), Json.text(attribute.getValue()));
        }
    }

    @Command(name = "delete", aliases = "rm", mixinStandardHelpOptions = true, description = "Removes an item, if it is there.")
    int delete(@Mixin ClientOptions client, @Mixin ItemOptions form, @Parameters(paramLabel = "TABLE") String table,
            @Parameters(paramLabel = "KEY", description = "JSON, @FILE, or - for stdin") String key,
            @Option(names = "--if", paramLabel = "CONDITION", description = "only if this holds of what stands there") @Nullable String condition)
            throws IOException {
        var request = request(table, form);
        request.put("Key", form.item(key, "the key", invocation));
        write(client, "DeleteItem", request, condition);
        return 0;
    }

    @Command(name = "query", mixinStandardHelpOptions = true, description = "Finds the items of one partition key, in order of their sort keys.")
    int query(@Mixin ClientOptions client, @Mixin ItemOptions form, @Parameters(paramLabel = "TABLE") String table,
            @Parameters(paramLabel = "CONDITION", description = "of the key, as 'artist = :a AND #y > :min', with --values and --names") String keys,
            @Option(names = "--index", paramLabel = "NAME", description = "by an index's key") @Nullable String index,
            @Option(names = "--filter", paramLabel = "CONDITION", description = "only those of which this holds") @Nullable String filter,
            @Option(names = "--limit", paramLabel = "N", description = "at most so many") @Nullable Integer limit,
            @Option(names = "--descending", description = "largest sort key first") boolean descending) throws IOException {
        var request = request(table, form);
        request.put("KeyConditionExpression", keys);
        request.put("ScanIndexForward", !descending);
        find(client, form, "Query", request, new Found(index, filter, limit));
        return 0;
    }

    @Command(name = "scan", mixinStandardHelpOptions = true, description = "Shows all items, in no particular order.")
    int scan(@Mixin ClientOptions client, @Mixin ItemOptions form, @Parameters(paramLabel = "TABLE") String table,
            @Option(names = "--index", paramLabel = "NAME", description = "those that an index has") @Nullable String index,
            @Option(names = "--filter", paramLabel = "CONDITION", description = "only those of which this holds") @Nullable String filter,
            @Option(names = "--limit", paramLabel = "N", description = "at most so many") @Nullable Integer limit)
            throws IOException {
        find(client, form, "Scan", request(table, form), new Found(index, filter, limit));
        return 0;
    }

    private Map<String, @Nullable Object> request(String table, ItemOptions form) throws IOException {
        var request = new LinkedHashMap<String, @Nullable Object>();
        request.put("TableName", table);
        form.into(request, invocation);
        return request;
    }

    private void write(ClientOptions client, String operation, Map<String, @Nullable Object> request,
            @Nullable String condition) {
        if (condition != null)
            request.put("ConditionExpression", condition);
        try (var items = client.connectToItems(invocation)) {
            if (condition == null)
                items.call(operation, request);
            else
                items.callOnce(operation, request); // done twice, it could refuse what it did itself
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
    }

    private record Found(@Nullable String index, @Nullable String filter, @Nullable Integer limit) {
        void into(Map<String, @Nullable Object> request) {
            if (limit != null && limit < 1)
                throw new CommandException("--limit cannot be " + limit + "; it must be at least 1", ExitCode.USAGE);
            if (index != null)
                request.put("IndexName", index);
            if (filter != null)
                request.put("FilterExpression", filter);
            else if (limit != null) // with a filter it would count what is looked at
                request.put("Limit", limit);
        }
    }

    /// Page by page, so that any number of items takes no memory.
    private void find(ClientOptions client, ItemOptions form, String operation, Map<String, @Nullable Object> request,
            Found found)
            throws IOException {
        found.into(request);
        boolean json = client.json(invocation);
        int left = found.limit == null ? Integer.MAX_VALUE : found.limit;
        try (var items = client.connectToItems(invocation)) {
            var page = items.call(operation, request); // what is refused prints nothing
            try (var out = new Listing(invocation, json)) {
                while (true) {
                    for (var item : Json.list(page, "Items"))
                        if (left-- > 0)
                            out.add(form.shown(Json.map(item)));
                    if (left <= 0 || page.get("LastEvaluatedKey") == null)
                        return;
                    request.put("ExclusiveStartKey", page.get("LastEvaluatedKey"));
                    page = items.call(operation, request);
                }
            }
        } catch (DynamoDbException e) {
            throw e.forPeople();
        }
    }

    /// Items as one JSON array, or for people one a line.
    private static final class Listing implements AutoCloseable {
        private final Invocation invocation;
        private final @Nullable JsonGenerator json;

        Listing(Invocation invocation, boolean json) throws IOException {
            this.invocation = invocation;
            this.json = json ? Json.generator(invocation.out()) : null;
            if (this.json != null)
                this.json.writeStartArray();
        }

        void add(Map<String, @Nullable Object> item) throws IOException {
            if (json == null)
                invocation.out().println(Rows.printable(Json.text(item)));
            else
                Json.write(json, item);
        }

        @Override
        public void close() throws IOException {
            if (json == null)
                return;
            json.writeEndArray();
            json.close();
            invocation.out().println();
        }
    }
}
