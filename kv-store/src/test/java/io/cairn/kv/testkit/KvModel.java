package io.cairn.kv.testkit;

import io.cairn.kv.Reason;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.Step.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a store of items is: tables that are maps, and nothing else. No latches, no bytes, no disk. One thread.
final class KvModel {
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    private final TreeMap<String, ModelTable> tables = new TreeMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private int groups;

    /// Streams that were switched off, or whose tables were dropped, the oldest first.
    private final List<Ended> ended = new ArrayList<>();

    private record Token(Object request, Instant expires) {}

    /// What a stream had told at its end.
    record Ended(String table, StreamView view, List<ModelTable.Told> told) {}

    List<Ended> ended(String table) {
        return ended.stream().filter(stream -> stream.table.equals(table)).toList();
    }

    Set<String> endedNames() {
        return ended.stream().map(Ended::table).collect(Collectors.toCollection(TreeSet::new));
    }

    private void end(ModelTable table) {
        var view = table.definition.stream();
        if (view != null)
            ended.add(new Ended(table.definition.name(), view, List.copyOf(table.told())));
    }

    KvModel copy() {
        var copy = new KvModel();
        tables.forEach((name, table) -> copy.tables.put(name, table.copy()));
        copy.tokens.putAll(tokens);
        copy.groups = groups;
        copy.ended.addAll(ended);
        return copy;
    }

    List<String> names() {
        return List.copyOf(tables.keySet());
    }

    ModelTable table(String name) {
        var table = tables.get(name);
        if (table == null)
            throw new ModelRefused(Reason.NOT_FOUND);
        return table;
    }

    void create(TableDefinition definition) {
        if (tables.containsKey(definition.name()))
            throw new ModelRefused(Reason.IN_USE);
        tables.put(definition.name(), new ModelTable(definition));
    }

    void drop(String name) {
        end(table(name));
        tables.remove(name);
    }

    /// Indexes that come are filled at the next [#tend].
    void alter(TableDefinition definition) {
        var table = table(definition.name());
        var old = table.definition;
        if (old.stream() != null && definition.stream() != null && old.stream() != definition.stream())
            throw new ModelRefused(Reason.VALIDATION);
        if (definition.stream() == null)
            end(table);
        if (old.stream() != definition.stream())
            table.forget();
        for (var index : definition.indexes())
            if (old.index(index.name()) == null)
                table.creating.add(index.name());
        table.creating.removeIf(name -> definition.index(name) == null);
        table.definition = definition;
    }

    Write.Done write(Write write, Instant now) {
        var table = table(write.table());
        var done = table.evaluate(write);
        table.become(done, false, now, groups++);
        return done;
    }

    /// @param token null for none
    /// @param request of which the token is
    List<Write.Done> transact(List<Write> writes, @Nullable String token, Object request, Instant now) {
        var keys = new HashSet<List<Object>>();
        var codes = new ArrayList<String>();
        for (var write : writes)
            table(write.table()).refuseEmptyKey(write.key());
        for (var write : writes)
            codes.add(code(() -> once(keys, write.table(), table(write.table()).check(write))));
        requireOnce(codes);
        requireNone(codes);
        var known = token == null ? null : tokens.get(token);
        if (known != null && known.expires.isAfter(now)) {
            if (!known.request.equals(request))
                throw new ModelRefused(Reason.TOKEN_MISMATCH);
            return List.of();
        }
        var all = new ArrayList<Write.Done>();
        codes.clear();
        for (var write : writes)
            codes.add(code(() -> all.add(table(write.table()).evaluate(write))));
        requireNone(codes);
        for (int i = 0; i < writes.size(); i++)
            table(writes.get(i).table()).become(all.get(i), false, now, groups++);
        if (token != null)
            tokens.put(token, new Token(request, now.plus(TOKEN_LIFE)));
        return all;
    }

    private static void once(Set<List<Object>> keys, String table, List<Value> key) {
        if (!keys.add(List.of(table, key)))
            throw new ModelRefused(Reason.TRANSACTION_CANCELED, null, List.of());
    }

    private static void requireOnce(List<String> codes) {
        if (codes.contains("twice"))
            throw new ModelRefused(Reason.VALIDATION);
    }

    private static void requireNone(List<String> codes) {
        if (!codes.stream().allMatch("None"::equals))
            throw new ModelRefused(Reason.TRANSACTION_CANCELED, null, codes);
    }

    private static String code(Runnable request) {
        try {
            request.run();
            return "None";
        } catch (ModelRefused e) {
            return switch (e.reason) {
                case CONDITION_FAILED -> "ConditionalCheckFailed";
                case VALIDATION -> "ValidationError";
                case TRANSACTION_CANCELED -> "twice";
                default -> throw e;
            };
        }
    }

    /// What goes on without being asked: items expire, indexes are filled.
    void tend(Instant now) {
        for (var table : tables.values()) {
            table.expire(now, groups++);
            table.creating.clear();
        }
    }

    /// Items as of one moment; null for those that are not there.
    List<@Nullable Map<String, Value>> transactGet(List<Address> items) {
        var keys = new HashSet<List<Object>>();
        var codes = new ArrayList<String>();
        for (var address : items)
            table(address.table()).refuseEmptyKey(address.key());
        for (var address : items)
            codes.add(code(() -> once(keys, address.table(), table(address.table()).keyAlone(address.key()))));
        requireOnce(codes);
        requireNone(codes);
        var found = new ArrayList<@Nullable Map<String, Value>>();
        for (var address : items)
            found.add(get(address.table(), address.key()));
        return found;
    }

    @Nullable
    Map<String, Value> get(String table, Map<String, Value> key) {
        return table(table).get(key);
    }
}
