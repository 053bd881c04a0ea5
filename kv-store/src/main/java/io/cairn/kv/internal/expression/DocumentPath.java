package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Where a value stands within an item: a name, then names and indexes of what is in it.
///
/// @param steps the first is a [Step.Field]
record DocumentPath(List<Step> steps) {
    sealed interface Step {}

    /// @param utf8 the name; here so that it is made once
    record Field(String name, byte[] utf8) implements Step {
        Field(String name) {
            this(name, name.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Field field && name.equals(field.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    record Element(int index) implements Step {}

    static DocumentPath of(String name) {
        return new DocumentPath(List.of(new Field(name)));
    }

    /// The attribute that it begins with.
    Field top() {
        return switch (steps.getFirst()) {
            case Field field -> field;
            case Element _ -> throw new IllegalStateException("a path begins with a name: " + this);
        };
    }

    boolean isTop() { return steps.size() == 1; }

    /// Where the value stands in the item's bytes, or -1.
    int find(Item item) {
        int at = item.find(top().utf8);
        for (int i = 1; i < steps.size() && at >= 0; i++)
            at = find(item.encoded(), at, steps.get(i));
        return at;
    }

    @Nullable
    Place in(Item item) {
        int at = find(item);
        return at < 0 ? null : new Place(item.encoded(), at);
    }

    /// Whether the item has the map or list that the last step is within, so that something can be set there.
    boolean hasParent(Item item) {
        if (isTop())
            return true;
        int at = item.find(top().utf8);
        for (int i = 1; i < steps.size() - 1 && at >= 0; i++)
            at = find(item.encoded(), at, steps.get(i));
        return at >= 0 && switch (steps.getLast()) {
            case Field _ -> item.encoded()[at] == Encoded.M;
            case Element _ -> item.encoded()[at] == Encoded.L;
        };
    }

    private static int find(byte[] bytes, int at, Step step) {
        return switch (step) {
            case Field field -> bytes[at] == Encoded.M ? Encoded.find(bytes, at, field.utf8) : -1;
            case Element(int index) -> bytes[at] == Encoded.L ? Encoded.element(bytes, at, index) : -1;
        };
    }

    /// As error texts have it: `[a, [1], b]`.
    @Override
    public String toString() {
        var text = new StringJoiner(", ", "[", "]");
        for (var step : steps)
            text.add(switch (step) {
                case Field field -> field.name;
                case Element(int index) -> "[" + index + "]";
            });
        return text.toString();
    }
}
