package io.cairn.kv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The attributes that identify an item, or by which an index finds it. A table has one of each at most; a global index up to
/// [#MAX_PARTS] of each, of which a query gives all of `partition` and the first few of `sort`.
public record KeySchema(List<String> partition, List<String> sort) {
    public static final int MAX_PARTS = 4;

    public KeySchema {
        partition = List.copyOf(partition);
        sort = List.copyOf(sort);
        if (partition.isEmpty() || partition.size() > MAX_PARTS || sort.size() > MAX_PARTS)
            throw new IllegalArgumentException(
                    "a key has 1 to 4 partition attributes and up to 4 sort attributes: " + partition + sort);
    }

    public static KeySchema of(String partition) {
        return new KeySchema(List.of(partition), List.of());
    }

    public static KeySchema of(String partition, String sort) {
        return new KeySchema(List.of(partition), List.of(sort));
    }

    /// All of them, in order.
    public List<String> names() {
        var names = new ArrayList<>(partition);
        names.addAll(sort);
        return names;
    }

    public boolean hasDuplicates() {
        return new HashSet<>(names()).size() < partition.size() + sort.size();
    }
}
