package io.cairn.kv.testkit;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.Page;
import io.cairn.kv.Reason;
import io.cairn.kv.StreamRecord.Change;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.Wanted.ModelPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A table as a map from keys to items. An index is nothing but a walk over all of it.
final class ModelTable {
    private static final Duration MAX_EXPIRED = Duration.ofDays(5 * 365);
    private static final int MAX_PARTITION_KEY = 2048;
    private static final int MAX_SORT_KEY = 1024;
    TableDefinition definition;
    /// Indexes that are not yet filled: they cannot be read.
    final Set<String> creating = new HashSet<>();
    private final TreeMap<List<Value>, Map<String, Value>> items = new TreeMap<>(ModelTable::compare);
    /// Since it was switched on.
    private final List<Told> told = new ArrayList<>();

    /// A change as the stream tells it.
    ///
    /// @param group those of one group may come in any order
    record Told(Change change, boolean expired, Map<String, Value> keys, @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after, Instant at, int group) {}

    ModelTable(TableDefinition definition) {
        this.definition = definition;
    }

    ModelTable copy() {
        var copy = new ModelTable(definition);
        copy.creating.addAll(creating);
        copy.items.putAll(items);
        copy.told.addAll(told);
        return copy;
    }

    static int compare(List<Value> left, List<Value> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = Plain.compare(left.get(i), right.get(i));
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static ModelRefused invalid() {
        return new ModelRefused(Reason.VALIDATION);
    }

    Set<Map<String, Value>> items() {
        return new HashSet<>(items.values());
    }

    List<Told> told() {
        return told;
    }

    void forget() {
        told.clear();
    }

    List<String> keyNames(@Nullable String index) {
        var names = new LinkedHashSet<String>();
        if (index != null)
            names.addAll(index(index).key().names());
        names.addAll(definition.key().names());
        return List.copyOf(names);
    }

    /// The values of a key, each of which must be of its type and not empty.
    private List<Value> key(KeySchema schema, Map<String, Value> item) {
        var key = new ArrayList<Value>();
        for (var name : schema.names()) {
            var value = item.get(name);
            if (value == null || value.type() != definition.attributes().get(name) || isEmpty(value))
                throw invalid();
            key.add(value);
        }
        checkSizes(schema, item);
        return key;
    }

    private static void checkSizes(KeySchema schema, Map<String, Value> item) {
        if (!fits(schema, item))
            throw invalid();
    }

    private static boolean fits(KeySchema schema, Map<String, Value> item) {
        return size(schema.partition(), item) <= MAX_PARTITION_KEY && size(schema.sort(), item) <= MAX_SORT_KEY;
    }

    private static int size(List<String> names, Map<String, Value> item) {
        return names.stream().filter(item::containsKey).mapToInt(name -> Plain.size(Map.of("", item.get(name)))).sum();
    }

    private static boolean isEmpty(Value value) {
        return !(value instanceof Value.N) && Plain.bytes(value).length == 0;
    }

    /// In a transaction this is told before anything else.
    void refuseEmptyKey(Map<String, Value> item) {
        for (var name : definition.key().names()) {
            var value = item.get(name);
            if (value != null && value.type() == definition.attributes().get(name) && isEmpty(value))
                throw invalid();
        }
    }

    List<Value> keyAlone(Map<String, Value> key) {
        if (key.size() != definition.key().names().size())
            throw invalid();
        return key(definition.key(), key);
    }

    /// What stood before, and is not changed, may be none that an index can have.
    private void checkIndexKeys(Map<String, Value> before, Map<String, Value> item) {
        for (var index : definition.indexes()) {
            if (!before.isEmpty()
                    && index.key().names().stream().allMatch(name -> Objects.equals(before.get(name), item.get(name))))
                continue;
            for (var name : index.key().names()) {
                var value = item.get(name);
                if (value != null && (value.type() != definition.attributes().get(name) || isEmpty(value)))
                    throw invalid();
            }
            checkSizes(index.key(), item);
        }
    }

    /// With its rows in local indexes, of which those that are not filled yet cannot be.
    private void checkSize(Map<String, Value> item) {
        int size = Plain.size(item);
        for (var index : definition.indexes())
            if (index.isLocal() && item.keySet().containsAll(index.key().names()))
                size += Plain.size(projected(index, item));
        if (size > Item.MAX_SIZE)
            throw invalid();
    }

    @Nullable
    Map<String, Value> get(Map<String, Value> key) {
        return items.get(keyAlone(key));
    }

    /// The values of the key that a write is of; refused when the write can never be done.
    List<Value> check(Write write) {
        if (!(write instanceof Write.Put))
            return keyAlone(write.key());
        var key = key(definition.key(), write.key());
        checkIndexKeys(Map.of(), write.key());
        checkSize(write.key());
        return key;
    }

    /// What the write would do now.
    Write.Done evaluate(Write write) {
        var before = items.get(check(write));
        var condition = write.condition();
        if (condition != null && !condition.holds(before == null ? Map.of() : before))
            throw new ModelRefused(Reason.CONDITION_FAILED, before, List.of());
        return new Write.Done(before, switch (write) {
            case Write.Put put -> put.key();
            case Write.Delete _ -> null;
            case Write.Check _ -> before;
            case Write.Update update -> {
                var after = update.changes().apply(before == null ? update.key() : before);
                if (before == null && update.changes().onlyRemoves())
                    yield null;
                checkIndexKeys(before == null ? Map.of() : before, after);
                checkSize(after);
                yield after;
            }
        });
    }

    /// Does it. What stays as it is changes nothing and is not told.
    void become(Write.Done done, boolean expired, Instant at, int group) {
        var some = done.after() == null ? done.before() : done.after();
        if (some == null || some.equals(done.before()) && done.after() != null)
            return;
        var key = key(definition.key(), some);
        if (done.after() == null)
            items.remove(key);
        else
            items.put(key, done.after());
        var view = definition.stream();
        if (view != null)
            told.add(new Told(done.before() == null ? Change.INSERT : done.after() == null ? Change.REMOVE : Change.MODIFY,
                    expired,
                    project(some, definition.key().names()), view.hasOld() ? done.before() : null,
                    view.hasNew() ? done.after() : null, at, group));
    }

    void expire(Instant now, int group) {
        var attribute = definition.ttlAttribute();
        if (attribute == null)
            return;
        for (var item : List.copyOf(items.values()))
            if (item.get(attribute) instanceof Value.N(var number)) {
                long second = number.longValue();
                if (number.signum() > 0 && second < now.getEpochSecond()
                        && second >= now.minus(MAX_EXPIRED).getEpochSecond())
                    become(new Write.Done(item, null), true, now, group);
            }
    }

    private static Map<String, Value> project(Map<String, Value> item, List<String> names) {
        var part = new TreeMap<>(item);
        part.keySet().retainAll(names);
        return Plain.of(part);
    }

    private IndexDefinition index(String name) {
        var index = definition.index(name);
        if (index == null || creating.contains(name))
            throw invalid();
        return index;
    }

    /// A row of the table or of an index.
    ///
    /// @param key of the index, then of the table
    private record Row(List<Value> key, Map<String, Value> item, Map<String, Value> whole) {}

    /// Items whose attributes of the index's key are all there are in it. (One may be of a wrong type: it stood before the index.)
    private List<Row> rows(@Nullable String name) {
        var index = name == null ? null : index(name);
        var rows = new ArrayList<Row>();
        items.forEach((base, item) -> {
            var key = new ArrayList<Value>();
            for (var part : index == null ? List.<String>of() : index.key().names()) {
                var value = item.get(part);
                if (value == null || value.type() != definition.attributes().get(part) || isEmpty(value))
                    return;
                key.add(value);
            }
            if (index != null && !fits(index.key(), item))
                return;
            key.addAll(base);
            rows.add(new Row(key, index == null ? item : projected(index, item), item));
        });
        rows.sort(Comparator.comparing(Row::key, ModelTable::compare));
        return rows;
    }

    private Map<String, Value> projected(IndexDefinition index, Map<String, Value> item) {
        if (index.projection().kind() == IndexProjection.Kind.ALL)
            return item;
        var names = new ArrayList<>(index.key().names());
        names.addAll(definition.key().names());
        names.addAll(index.projection().names());
        return project(item, names);
    }

    Set<Map<String, Value>> scan(@Nullable String index) {
        var all = new HashSet<Map<String, Value>>();
        rows(index).forEach(row -> all.add(row.item));
        return all;
    }

    /// @param startKey null to begin
    ModelPage query(Wanted wanted, @Nullable Map<String, Value> startKey) {
        var schema = wanted.index() == null ? definition.key() : index(wanted.index()).key();
        var names = keyNames(wanted.index());
        if (startKey != null && !within(startKey, schema, wanted))
            throw invalid();
        var items = new ArrayList<Map<String, Value>>();
        int scanned = 0;
        long bytes = 0;
        var rows = rows(wanted.index());
        var start = startKey == null ? null : start(wanted.index(), startKey);
        for (var row : wanted.forward() ? rows : rows.reversed()) {
            if (!within(row.item, schema, wanted))
                continue;
            if (start != null && (wanted.forward() ? compare(row.key, start) <= 0 : compare(row.key, start) >= 0))
                continue;
            var item = wanted.whole() ? row.whole : row.item;
            scanned++;
            bytes += Plain.size(item);
            if (wanted.filter() == null || wanted.filter().holds(item))
                items.add(item);
            if (scanned == wanted.limit() || bytes >= Page.MAX_BYTES)
                return new ModelPage(items, scanned, bytes, project(row.whole, names));
        }
        return new ModelPage(items, scanned, bytes, null);
    }

    /// A query's filter can neither be about its keys, which have a condition of their own, nor about what its index has not.
    void checkFilter(@Nullable String name, Collection<String> attributes) {
        var index = name == null ? null : index(name);
        var keys = index == null ? definition.key().names() : index.key().names();
        if (attributes.stream().anyMatch(keys::contains))
            throw invalid();
        if (index != null && index.projection().kind() != IndexProjection.Kind.ALL)
            for (var attribute : attributes)
                if (!keyNames(name).contains(attribute) && !index.projection().names().contains(attribute))
                    throw invalid();
    }

    private List<Value> start(@Nullable String index, Map<String, Value> startKey) {
        var key = new ArrayList<Value>();
        if (index != null)
            index(index).key().names().forEach(name -> key.add(startKey.get(name)));
        definition.key().names().forEach(name -> key.add(startKey.get(name)));
        return key;
    }

    private static boolean within(Map<String, Value> item, KeySchema schema, Wanted wanted) {
        for (int i = 0; i < schema.partition().size(); i++)
            if (!wanted.partition().get(i).equals(item.get(schema.partition().get(i))))
                return false;
        for (int i = 0; i < wanted.sort().size(); i++) {
            var value = item.get(schema.sort().get(i));
            if (value == null || !wanted.sort().get(i).holds(value))
                return false;
        }
        return true;
    }
}
