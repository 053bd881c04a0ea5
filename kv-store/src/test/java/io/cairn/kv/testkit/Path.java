package io.cairn.kv.testkit;

import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a value stands within an item: the name of an attribute, then names in maps and indexes of lists.
record Path(String top, List<Step> steps) {
    sealed interface Step {
        record Name(String name) implements Step {}

        record At(int index) implements Step {}
    }

    static Path of(String top, Step... steps) {
        return new Path(top, List.of(steps));
    }

    static Step name(String name) {
        return new Step.Name(name);
    }

    static Step at(int index) {
        return new Step.At(index);
    }

    /// The value there, or null.
    @Nullable
    Value in(Map<String, Value> item) {
        var value = item.get(top);
        for (var step : steps)
            value = value == null ? null : child(value, step);
        return value;
    }

    static @Nullable Value child(Value value, Step step) {
        return switch (step) {
            case Step.Name(var name) -> value instanceof Value.M(var values) ? values.get(name) : null;
            case Step.At(int index) ->
                value instanceof Value.L(var elements) && index < elements.size() ? elements.get(index) : null;
        };
    }

    /// Whether there is something that the last step could lead into.
    boolean hasParent(Map<String, Value> item) {
        if (steps.isEmpty())
            return true;
        var parent = new Path(top, steps.subList(0, steps.size() - 1)).in(item);
        return switch (steps.getLast()) {
            case Step.Name _ -> parent instanceof Value.M;
            case Step.At _ -> parent instanceof Value.L;
        };
    }

    String text(Spelling spelling) {
        var text = new StringBuilder(spelling.name(top));
        for (var step : steps)
            switch (step) {
                case Step.Name(var name) -> text.append('.').append(spelling.name(name));
                case Step.At(int index) -> text.append('[').append(index).append(']');
            }
        return text.toString();
    }
}
