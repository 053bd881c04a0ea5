package io.cairn.kv.testkit;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The histories of [Histories] as requests to any server that speaks DynamoDB's API: what a client can ask of items, without crashes, the passing of
/// time and changes of tables; and without a start within rows of an index that have the same key, for those have no order. Names of tables have a suffix, so that several histories can go on beside each other.
public final class ApiHistories {
    /// Of so many histories one has items of hundreds of kilobytes.
    private static final int LARGE = 40;
    private static final int CLOSE = 400_000;
    private static final int BEYOND = 420_000;
    private final String suffix;

    public ApiHistories(String suffix) {
        this.suffix = suffix;
    }

    /// The tables as a history finds them: empty.
    public List<TableDefinition> tables() {
        return Histories.TABLES.stream().map(this::table).toList();
    }

    /// Without expiry, streams and keys of several attributes.
    private TableDefinition table(TableDefinition table) {
        var indexes = table.indexes().stream()
                .filter(index -> index.key().partition().size() == 1 && index.key().sort().size() <= 1).toList();
        var plain = Histories.typed(TableDefinition.of(table.name() + suffix, table.key(), Map.of()), indexes);
        return plain;
    }

    private @Nullable IndexDefinition index(String table, @Nullable String name) {
        return name == null ? null : definition(table).index(name);
    }

    private TableDefinition definition(String table) {
        return tables().stream().filter(one -> one.name().equals(table + suffix)).findFirst().orElseThrow();
    }

    /// The history of a seed. One thread at a time in a process: jqwik makes it.
    public List<ApiCall> of(long seed) {
        var random = new SplittableRandom(seed);
        boolean large = random.nextInt(LARGE) == 0;
        var calls = new ArrayList<ApiCall>();
        for (var step : Histories.of(seed))
            calls.addAll(calls(step instanceof Step.Crash(var inside, var _) ? inside : step, random, large));
        // A transaction is sent again by its very text.
        return repeated(calls);
    }

    private static List<ApiCall> repeated(List<ApiCall> calls) {
        var all = new ArrayList<ApiCall>();
        ApiCall last = null;
        for (var call : calls)
            if (call.step() instanceof Step.TransactAgain) {
                if (last != null)
                    all.add(last);
            } else {
                if (call.step() instanceof Step.Transact(var _, var token) && token != null)
                    last = call;
                all.add(call);
            }
        return all;
    }

    private List<ApiCall> calls(Step step, SplittableRandom random, boolean large) {
        return switch (step) {
            case Step.Do(var write) -> List.of(write(large ? large(write) : small(write), random));
            case Step.Transact(var writes, var token) -> List.of(transact(
                    writes.stream().map(write -> large ? large(write) : small(write)).toList(),
                    token == null ? null : token(random)));
            case Step.TransactAgain() -> List.of(new ApiCall("", Map.of(), step));
            case Step.Get(var items) -> gets(items);
            case Step.Ask(var wanted) -> asks(wanted, step);
            case Step.AskFrom(var wanted, var start) ->
                wanted.index() == null ? asks(unfiltered(wanted), from(wanted, start)) : List.of();
            case Step.Walk walk -> walks(walk);
            case Step.TurnIndex _,Step.TurnStream _,Step.TurnExpiry _,Step.Drop _,Step.Tend _,Step.Advance _,Step.Reopen _,Step.Crash _ ->
                List.of();
        };
    }

    private static String token(SplittableRandom random) {
        return "token-" + random.nextLong(Long.MAX_VALUE);
    }

    private static Write small(Write write) {
        if (!(write instanceof Write.Put(var table, var item, var condition)))
            return write;
        var small = new TreeMap<>(item);
        small.remove("pad");
        return new Write.Put(table, Plain.of(small), condition);
    }

    /// With one mistake, of two each server may name another.
    private static Write large(Write write) {
        if (!(write instanceof Write.Put(var table, var item, var condition)) || !item.containsKey("pad"))
            return write;
        var large = new TreeMap<>(item);
        // Well within the limit of an item or well beyond it: each server counts numbers and documents in its own way.
        int pad = Plain.bytes(Objects.requireNonNull(item.get("pad"))).length;
        large.put("pad", Value.s("p".repeat(pad < CLOSE ? pad : BEYOND)));
        if (!(large.get("a") instanceof Value.N))
            large.remove("a");
        if (Value.s("").equals(large.get("b")))
            large.remove("b");
        return new Write.Put(table, Plain.of(large), condition);
    }

    private static Wanted unfiltered(Wanted wanted) {
        return new Wanted(wanted.table(), wanted.index(), wanted.partition(), wanted.sort(), null, wanted.forward(),
                wanted.limit(),
                wanted.whole());
    }

    private String name(String table) {
        return table + suffix;
    }

    private ApiCall write(Write write, SplittableRandom random) {
        var named = named(write);
        var members = members(write);
        if (random.nextInt(2) == 0) {
            boolean update = write instanceof Write.Update;
            var returns = List.of("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW");
            members.put("ReturnValues", returns.get(random.nextInt(update ? returns.size() : 2)));
        }
        if (write.condition() != null && random.nextInt(2) == 0)
            members.put("ReturnValuesOnConditionCheckFailure", random.nextInt(4) == 0 ? "NONE" : "ALL_OLD");
        return new ApiCall(operation(write), members, new Step.Do(named));
    }

    private static String operation(Write write) {
        return switch (write) {
            case Write.Put _ -> "PutItem";
            case Write.Update _ -> "UpdateItem";
            case Write.Delete _ -> "DeleteItem";
            case Write.Check _ -> throw new IllegalArgumentException("only in a transaction");
        };
    }

    private Write named(Write write) {
        return switch (write) {
            case Write.Put(var table, var item, var condition) -> new Write.Put(name(table), item, condition);
            case Write.Update(var table, var key, var changes, var condition) ->
                new Write.Update(name(table), key, changes, condition);
            case Write.Delete(var table, var key, var condition) -> new Write.Delete(name(table), key, condition);
            case Write.Check(var table, var key, var condition) -> new Write.Check(name(table), key, condition);
        };
    }

    private Map<String, Object> members(Write write) {
        var spelling = new Spelling();
        var members = new LinkedHashMap<String, Object>();
        members.put("TableName", name(write.table()));
        members.put(write instanceof Write.Put ? "Item" : "Key", write.key());
        if (write instanceof Write.Update update)
            members.put("UpdateExpression", update.changes().text(spelling).strip());
        var condition = write.condition();
        if (condition != null)
            members.put("ConditionExpression", condition.text(spelling));
        spelling.into(members);
        return members;
    }

    private ApiCall transact(List<Write> writes, @Nullable String token) {
        var items = new ArrayList<Object>();
        for (var write : writes) {
            var members = members(write);
            if (write.condition() != null && write.key().hashCode() % 2 == 0)
                members.put("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
            items.add(Map.of(write instanceof Write.Check ? "ConditionCheck" : operation(write).replace("Item", ""), members));
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("TransactItems", items);
        if (token != null)
            members.put("ClientRequestToken", token);
        return new ApiCall("TransactWriteItems", members, new Step.Transact(writes.stream().map(this::named).toList(), token));
    }

    /// Each by itself, all in a batch, all in a transaction.
    private List<ApiCall> gets(List<Step.Address> items) {
        var named = items.stream().map(item -> new Step.Address(name(item.table()), item.key())).toList();
        var calls = new ArrayList<ApiCall>();
        var batch = new TreeMap<String, Object>();
        var gets = new ArrayList<Object>();
        for (var item : named) {
            calls.add(new ApiCall("GetItem", Map.of("TableName", item.table(), "Key", item.key()), new Step.Get(List.of(item))));
            gets.add(Map.of("Get", Map.of("TableName", item.table(), "Key", item.key())));
            batch.put(item.table(), Map.of("Keys",
                    named.stream().filter(one -> one.table().equals(item.table())).map(Step.Address::key).toList()));
        }
        calls.add(new ApiCall("BatchGetItem", Map.of("RequestItems", batch), new Step.Get(named)));
        calls.add(new ApiCall("TransactGetItems", Map.of("TransactItems", gets), new Step.Get(named)));
        return calls;
    }

    /// None for an index that these tables have not.
    private List<ApiCall> asks(Wanted wanted, Step step) {
        if (wanted.index() != null && index(wanted.table(), wanted.index()) == null)
            return List.of();
        var index = index(wanted.table(), wanted.index());
        var names = index == null ? definition(wanted.table()).key().names() : index.key().names();
        var spelling = new Spelling();
        var members = new LinkedHashMap<String, Object>();
        members.put("TableName", name(wanted.table()));
        if (index != null)
            members.put("IndexName", index.name());
        members.put("KeyConditionExpression", wanted.text(names, spelling));
        var filter = wanted.filter();
        if (filter != null)
            members.put("FilterExpression", filter.text(spelling));
        spelling.into(members);
        if (!wanted.forward())
            members.put("ScanIndexForward", false);
        if (wanted.limit() > 0)
            members.put("Limit", wanted.limit());
        if (wanted.whole())
            members.put("Select", "ALL_ATTRIBUTES");
        if (step instanceof Step.AskFrom from)
            members.put("ExclusiveStartKey", from.startKey());
        return List.of(new ApiCall("Query", members, step instanceof Step.AskFrom from
                ? new Step.AskFrom(named(wanted), from.startKey())
                : new Step.Ask(named(wanted))));
    }

    private Step from(Wanted wanted, Map<String, Value> attributes) {
        var start = new TreeMap<>(attributes);
        var index = index(wanted.table(), wanted.index());
        var names = new ArrayList<>(definition(wanted.table()).key().names());
        if (index != null)
            names.addAll(index.key().names());
        start.keySet().retainAll(names);
        return new Step.AskFrom(wanted, start);
    }

    private Wanted named(Wanted wanted) {
        return new Wanted(name(wanted.table()), wanted.index(), wanted.partition(), wanted.sort(), wanted.filter(),
                wanted.forward(), wanted.limit(), wanted.whole());
    }

    /// A request for each segment; the model answers the first with everything.
    private List<ApiCall> walks(Step.Walk walk) {
        if (walk.index() != null && index(walk.table(), walk.index()) == null)
            return List.of();
        var spelling = new Spelling();
        var members = new LinkedHashMap<String, Object>();
        members.put("TableName", name(walk.table()));
        if (walk.index() != null)
            members.put("IndexName", walk.index());
        var filter = walk.filter();
        if (filter != null)
            members.put("FilterExpression", filter.text(spelling));
        spelling.into(members);
        if (walk.limit() > 0)
            members.put("Limit", walk.limit());
        if (walk.segments() > 1)
            members.put("TotalSegments", walk.segments());
        return List.of(new ApiCall("Scan", members,
                new Step.Walk(name(walk.table()), walk.index(), filter, walk.limit(),
                        walk.segments())));
    }
}
