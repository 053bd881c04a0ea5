package io.cairn.kv.internal.expression;

import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A value that an update changes inside: unfolded along the update's paths, bytes everywhere else. Indexes of a list are those before the
/// update, whatever is removed or set; the list closes its gaps when it is told. Not thread-safe.
sealed interface Tree {
    record Leaf(Place place) implements Tree {}

    record Fields(TreeMap<byte[], Tree> values) implements Tree {
        private static Fields of(Place map) {
            var values = new TreeMap<byte[], Tree>(Arrays::compareUnsigned);
            var bytes = map.bytes();
            int entry = Encoded.first(bytes, map.at());
            for (int i = Encoded.count(bytes, map.at()); i > 0; i--) {
                int value = Encoded.value(bytes, entry);
                values.put(Arrays.copyOfRange(bytes, Encoded.afterVarint(bytes, entry), value),
                        new Leaf(new Place(bytes, value)));
                entry = Encoded.end(bytes, value);
            }
            return new Fields(values);
        }
    }

    /// @param values by index; what lies behind the end is appended in the order of indexes
    record Elements(TreeMap<Integer, Tree> values) implements Tree {
        private static Elements of(Place list) {
            var values = new TreeMap<Integer, Tree>();
            var bytes = list.bytes();
            int element = Encoded.first(bytes, list.at());
            int count = Encoded.count(bytes, list.at());
            for (int i = 0; i < count; i++) {
                values.put(i, new Leaf(new Place(bytes, element)));
                element = Encoded.end(bytes, element);
            }
            return new Elements(values);
        }
    }

    /// Something to change inside when the value is a map or a list.
    static Tree unfolded(Place place) {
        return switch (place.tag()) {
            case Encoded.M -> Fields.of(place);
            case Encoded.L -> Elements.of(place);
            default -> new Leaf(place);
        };
    }

    /// What the path's last step is within, `root` being what its first step names; unfolded.
    static Tree parent(Tree root, DocumentPath path) {
        var parent = root;
        for (int i = 1; i < path.steps().size() - 1; i++) {
            var step = path.steps().get(i);
            var child = get(parent, step);
            if (child == null)
                throw invalidPath();
            if (child instanceof Leaf(var place)) {
                child = unfolded(place);
                put(parent, step, child);
            }
            parent = child;
        }
        return parent;
    }

    private static @Nullable Tree get(Tree parent, DocumentPath.Step step) {
        return switch (step) {
            case DocumentPath.Field field -> parent instanceof Fields(var values) ? values.get(field.utf8()) : null;
            case DocumentPath.Element(int index) -> parent instanceof Elements(var values) ? values.get(index) : null;
        };
    }

    /// Sets what is under the step, or removes it when there is no value.
    static void put(Tree parent, DocumentPath.Step step, @Nullable Tree value) {
        switch (step) {
            case DocumentPath.Field field -> {
                if (!(parent instanceof Fields(var values)))
                    throw invalidPath();
                put(values, field.utf8(), value);
            }
            case DocumentPath.Element(int index) -> {
                if (!(parent instanceof Elements(var values)))
                    throw invalidPath();
                put(values, index, value);
            }
        }
    }

    private static <K> void put(Map<K, Tree> values, K key, @Nullable Tree value) {
        if (value == null)
            values.remove(key);
        else
            values.put(key, value);
    }

    static KvRefusedException invalidPath() {
        return KvRefusedException.validation("The document path provided in the update expression is invalid for update");
    }

    /// The value with its changes.
    static Place encoded(Tree tree) {
        return Formula.built(writer -> tell(tree, writer));
    }

    private static void tell(Tree tree, ItemWriter writer) {
        switch (tree) {
            case Leaf(var place) -> writer.encoded(place.bytes(), place.at());
            case Fields(var values) -> {
                writer.beginMap();
                values.forEach((name, value) -> {
                    writer.name(name, 0, name.length);
                    tell(value, writer);
                });
                writer.end();
            }
            case Elements(var values) -> {
                writer.beginList();
                values.values().forEach(value -> tell(value, writer));
                writer.end();
            }
        }
    }
}
