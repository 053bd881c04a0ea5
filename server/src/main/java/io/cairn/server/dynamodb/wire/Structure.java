package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Members of a request, or of a part of one, by the names that the model has for them. What the request did not have, or had as null, is absent. Immutable
/// once decoded.
///
/// A getter of the wrong type is a slip of the program (`ClassCastException`), as is a name that the shape does not have (`IllegalArgumentException`).
/// Getters of attribute values throw a [KvRefusedException] when the values are none that can be: so the order in which they are
/// asked for is the order of those refusals.
public final class Structure {
    private final StructureShape shape;
    private final @Nullable Object[] values;

    /// @param values one for each of the shape's members; kept
    Structure(StructureShape shape, @Nullable Object[] values) {
        this.shape = shape;
        this.values = values;
    }

    public StructureShape shape() {
        return shape;
    }

    @Nullable
    Object at(int index) {
        return values[index];
    }

    private @Nullable Object get(String member) {
        return values[shape.index(member)];
    }

    public boolean has(String member) {
        return get(member) != null;
    }

    public @Nullable String string(String member) {
        return (String) get(member);
    }

    /// A member that the model requires, so that the decoder has seen to it.
    public String requiredString(String member) {
        var value = string(member);
        if (value == null)
            throw new IllegalStateException(member + " is absent");
        return value;
    }

    public @Nullable Integer integer(String member) {
        return (Integer) get(member);
    }

    public @Nullable Long longInteger(String member) {
        return (Long) get(member);
    }

    public @Nullable Double real(String member) {
        return (Double) get(member);
    }

    public @Nullable Boolean bool(String member) {
        return (Boolean) get(member);
    }

    /// False when it is absent.
    public boolean isTrue(String member) {
        return Boolean.TRUE.equals(get(member));
    }

    public @Nullable Instant time(String member) {
        return (Instant) get(member);
    }

    public @Nullable Structure structure(String member) {
        return (Structure) get(member);
    }

    /// Empty when it is absent: see [#has].
    public List<String> strings(String member) {
        return list(member, String.class);
    }

    /// Empty when it is absent.
    public List<Structure> structures(String member) {
        return list(member, Structure.class);
    }

    /// A list of attribute values or of maps of them; empty when it is absent. Attribute values are items as of [#value].
    public List<Item> items(String member) {
        var list = (List<?>) get(member);
        if (list == null)
            return List.of();
        var items = new ArrayList<Item>(list.size());
        for (var element : list)
            items.add(Unusable.item(element));
        return items;
    }

    /// Names with attribute values.
    public @Nullable Item item(String member) {
        var value = get(member);
        return value == null ? null : Unusable.item(value);
    }

    /// One attribute value: it stands under the empty name of the item.
    public @Nullable Item value(String member) {
        return item(member);
    }

    /// In the order of the request; empty when it is absent.
    public Map<String, String> stringMap(String member) {
        return map(member, String.class);
    }

    /// In the order of the request; empty when it is absent.
    public Map<String, Structure> structureMap(String member) {
        return map(member, Structure.class);
    }

    /// In the order of the request; empty when it is absent.
    public Map<String, List<Structure>> structureLists(String member) {
        var map = (Map<?, ?>) get(member);
        if (map == null)
            return Map.of();
        var lists = new LinkedHashMap<String, List<Structure>>();
        map.forEach((key, value) -> lists.put((String) key, checked((List<?>) value, Structure.class)));
        return lists;
    }

    private <T> List<T> list(String member, Class<T> type) {
        var list = (List<?>) get(member);
        return list == null ? List.of() : checked(list, type);
    }

    @SuppressWarnings("unchecked") // each element is looked at
    private static <T> List<T> checked(List<?> list, Class<T> type) {
        list.forEach(element -> check(element, type));
        return (List<T>) Collections.unmodifiableList(list);
    }

    @SuppressWarnings("unchecked") // each value is looked at
    private <T> Map<String, T> map(String member, Class<T> type) {
        var map = (Map<?, ?>) get(member);
        if (map == null)
            return Map.of();
        map.values().forEach(value -> check(value, type));
        return (Map<String, T>) Collections.unmodifiableMap(map);
    }

    private static void check(Object value, Class<?> type) {
        if (!type.isInstance(value))
            throw new ClassCastException(
                    "asked for " + type.getSimpleName() + "s, but there stands a " + value.getClass().getSimpleName());
    }

    @Override
    public String toString() {
        return Echo.text(this);
    }
}
