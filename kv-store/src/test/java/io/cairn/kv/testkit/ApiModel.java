package io.cairn.kv.testkit;

import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The model of [KvContract], asked in the words of DynamoDB's API. One thread.
public final class ApiModel {
    private static final Instant NOW = Instant.EPOCH;
    private static final String ATTRIBUTES = "Attributes";
    private final KvModel model = new KvModel();

    public ApiModel(List<TableDefinition> tables) {
        tables.forEach(model::create);
    }

    /// Every item of a table.
    public Set<Map<String, Value>> items(String table) {
        return model.table(table).items();
    }

    /// Pages of a Query of the table itself are told one by one, as `Pages`; of an index, where either of two rows with the same key may come first,
    /// and of a Scan, which has an order of its own, all items together.
    public ApiAnswer answer(ApiCall call) {
        try {
            return switch (call.step()) {
                case Step.Do(var write) -> written(model.write(write, NOW), call);
                case Step.Transact(var writes, var token) -> {
                    model.transact(writes, token, call.members(), NOW);
                    yield ApiAnswer.of(Map.of());
                }
                case Step.Get(var items) -> got(call, items);
                case Step.Ask(var wanted) -> pages(wanted, null);
                case Step.AskFrom(var wanted, var start) -> pages(wanted, start);
                case Step.Walk walk -> scanned(walk);
                case Step.TransactAgain _,Step.TurnIndex _,Step.TurnStream _,Step.TurnExpiry _,Step.Drop _,Step.Tend _,Step.Advance _,Step.Reopen _,Step.Crash _ ->
                    throw new IllegalArgumentException("no request: " + call.step());
            };
        } catch (ModelRefused e) {
            var members = new LinkedHashMap<String, Object>();
            if (e.item != null && "ALL_OLD".equals(call.members().get("ReturnValuesOnConditionCheckFailure")))
                members.put("Item", e.item);
            return new ApiAnswer(e.reason, members, List.of(), e.codes);
        }
    }

    private static ApiAnswer written(Write.Done done, ApiCall call) {
        var attributes = switch (String.valueOf(call.members().get("ReturnValues"))) {
            case "ALL_OLD" -> done.before();
            case "ALL_NEW" -> done.after();
            default -> null;
        };
        if (String.valueOf(call.members().get("ReturnValues")).startsWith("UPDATED"))
            return ApiAnswer.of(Map.of(), ATTRIBUTES);
        return ApiAnswer.of(attributes == null ? Map.of() : Map.of(ATTRIBUTES, attributes));
    }

    private ApiAnswer got(ApiCall call, List<Step.Address> items) {
        return switch (call.operation()) {
            case "GetItem" -> ApiAnswer.of(item(items.getFirst()));
            case "TransactGetItems" -> ApiAnswer.of(Map.of("Responses", items.stream().map(this::item).toList()));
            default -> {
                var responses = new TreeMap<String, List<Map<String, Value>>>();
                for (var item : items) {
                    var found = model.get(item.table(), item.key());
                    var table = responses.computeIfAbsent(item.table(), _ -> new ArrayList<>());
                    if (found != null)
                        table.add(found);
                }
                yield ApiAnswer.of(Map.of("Responses", responses, "UnprocessedKeys", Map.of()));
            }
        };
    }

    private Map<String, Object> item(Step.Address address) {
        var item = model.get(address.table(), address.key());
        return item == null ? Map.of() : Map.of("Item", item);
    }

    private ApiAnswer pages(Wanted wanted, @Nullable Map<String, Value> startKey) {
        var pages = new ArrayList<Map<String, Object>>();
        var items = new ArrayList<Map<String, Value>>();
        int scanned = 0;
        var start = startKey;
        if (wanted.filter() != null)
            model.table(wanted.table()).checkFilter(wanted.index(), Spelling.attributes(wanted.filter()));
        do {
            var page = model.table(wanted.table()).query(wanted, start);
            var told = new LinkedHashMap<String, Object>(
                    Map.of("Items", page.items(), "Count", page.items().size(), "ScannedCount", page.scanned()));
            start = page.lastKey();
            if (start != null)
                told.put("LastEvaluatedKey", start);
            pages.add(told);
            items.addAll(page.items());
            scanned += page.scanned();
        } while (start != null);
        if (wanted.index() == null)
            return ApiAnswer.of(Map.of("Pages", pages));
        return ApiAnswer.of(Map.of("Items", items, "Count", items.size(), "ScannedCount", scanned));
    }

    private ApiAnswer scanned(Step.Walk walk) {
        var all = model.table(walk.table()).scan(walk.index());
        var filter = walk.filter();
        var held = all.stream().filter(item -> filter == null || filter.holds(item)).toList();
        return ApiAnswer.of(Map.of("Items", held, "Count", held.size(), "ScannedCount", all.size()));
    }
}
