package io.cairn.kv.internal.expression;

import io.cairn.kv.ValueSink;
import io.cairn.kv.internal.item.Encoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which parts of a value are wanted: paths as a tree, in the order in which a value has them. Immutable.
sealed interface Selection {
    /// All of it.
    record Whole() implements Selection {
        static final Whole WHOLE = new Whole();
    }

    /// Entries of a map.
    ///
    /// @param names sorted
    record Fields(byte[][] names, Selection[] parts) implements Selection {
        /// Tells what of the `count` entries, the first at `from`, is wanted.
        void tell(byte[] bytes, int from, int count, ValueSink sink) {
            int entry = from;
            int left = count;
            for (int i = 0; i < names.length; i++)
                for (; left > 0; left--) {
                    int nameAt = Encoded.afterVarint(bytes, entry);
                    int value = nameAt + Encoded.varint(bytes, entry);
                    int order = Arrays.compareUnsigned(bytes, nameAt, value, names[i], 0, names[i].length);
                    if (order > 0)
                        break;
                    if (order == 0 && parts[i].isIn(bytes, value)) {
                        sink.name(bytes, nameAt, value - nameAt);
                        parts[i].tell(bytes, value, sink);
                    }
                    entry = Encoded.end(bytes, value);
                }
        }
    }

    /// Elements of a list.
    ///
    /// @param indexes sorted
    record Elements(int[] indexes, Selection[] parts) implements Selection {}

    /// Whether the value at `at` has anything of it: a map or list is told only then.
    default boolean isIn(byte[] bytes, int at) {
        return switch (this) {
            case Whole _ -> true;
            case Fields(var names, var parts) -> {
                if (bytes[at] == Encoded.M)
                    for (int i = 0; i < names.length; i++) {
                        int value = Encoded.find(bytes, at, names[i]);
                        if (value >= 0 && parts[i].isIn(bytes, value))
                            yield true;
                    }
                yield false;
            }
            case Elements(var indexes, var parts) -> {
                if (bytes[at] == Encoded.L)
                    for (int i = 0; i < indexes.length; i++) {
                        int element = Encoded.element(bytes, at, indexes[i]);
                        if (element >= 0 && parts[i].isIn(bytes, element))
                            yield true;
                    }
                yield false;
            }
        };
    }

    /// Tells what of the value at `at` is wanted; there is some.
    default void tell(byte[] bytes, int at, ValueSink sink) {
        switch (this) {
            case Whole _ -> Encoded.tell(bytes, at, sink);
            case Fields fields -> {
                sink.beginMap();
                fields.tell(bytes, Encoded.first(bytes, at), Encoded.count(bytes, at), sink);
                sink.end();
            }
            case Elements(var indexes, var parts) -> {
                sink.beginList();
                for (int i = 0; i < indexes.length; i++) {
                    int element = Encoded.element(bytes, at, indexes[i]);
                    if (element >= 0 && parts[i].isIn(bytes, element))
                        parts[i].tell(bytes, element, sink);
                }
                sink.end();
            }
        }
    }

    static Fields of(List<DocumentPath> paths) {
        return fields(paths, 0);
    }

    private static Selection of(List<DocumentPath> paths, int step) {
        if (paths.getFirst().steps().size() == step)
            return Whole.WHOLE;
        return switch (paths.getFirst().steps().get(step)) {
            case DocumentPath.Field _ -> fields(paths, step);
            case DocumentPath.Element _ -> elements(paths, step);
        };
    }

    private static Fields fields(List<DocumentPath> paths, int step) {
        var parts = new TreeMap<byte[], List<DocumentPath>>(Arrays::compareUnsigned);
        for (var path : paths)
            if (path.steps().get(step) instanceof DocumentPath.Field field)
                parts.computeIfAbsent(field.utf8(), _ -> new ArrayList<>(1)).add(path);
        return new Fields(parts.keySet().toArray(byte[][]::new), parts(parts, step));
    }

    private static Elements elements(List<DocumentPath> paths, int step) {
        var parts = new TreeMap<Integer, List<DocumentPath>>();
        for (var path : paths)
            if (path.steps().get(step) instanceof DocumentPath.Element(int index))
                parts.computeIfAbsent(index, _ -> new ArrayList<>(1)).add(path);
        return new Elements(parts.keySet().stream().mapToInt(Integer::intValue).toArray(), parts(parts, step));
    }

    private static Selection[] parts(Map<?, List<DocumentPath>> paths, int step) {
        return paths.values().stream().map(inner -> of(inner, step + 1)).toArray(Selection[]::new);
    }
}
