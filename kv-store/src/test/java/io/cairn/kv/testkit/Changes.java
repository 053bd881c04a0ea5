package io.cairn.kv.testkit;

import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An update of an item, which can be done by walking it and can be written as an expression. No path is within another.
record Changes(List<Change> changes) {
    private static final int MAX_DIGITS = 38;

    sealed interface Change { Path path(); }

    record Set(Path path, Formula formula) implements Change {}

    record Remove(Path path) implements Change {}

    /// @param value a number or a set
    record Add(Path path, Value value) implements Change {}

    /// @param value a set
    record Delete(Path path, Value value) implements Change {}

    /// The right side of a [Set]. Sees the item as it was.
    sealed interface Formula {
        record At(Path path) implements Formula {}

        record Literal(Value value) implements Formula {}

        record IfNotExists(Path path, Formula otherwise) implements Formula {}

        record Append(Formula first, Formula second) implements Formula {}

        record Sum(Formula left, Formula right, boolean minus) implements Formula {}
    }

    private static ModelRefused invalid() {
        return new ModelRefused(Reason.VALIDATION);
    }

    /// What is not there cannot be removed from, and is not made for that.
    boolean onlyRemoves() {
        return changes.stream().allMatch(change -> change instanceof Remove || change instanceof Delete);
    }

    /// The item after the update.
    Map<String, Value> apply(Map<String, Value> old) {
        var values = new LinkedHashMap<Path, @Nullable Value>();
        for (var change : changes) {
            if (!change.path().hasParent(old))
                throw invalid();
            values.put(change.path(), value(change, old));
        }
        var item = new TreeMap<>(old);
        var tops = changes.stream().map(change -> change.path().top()).distinct().toList();
        for (var top : tops) {
            var within = new HashMap<List<Path.Step>, @Nullable Value>();
            values.forEach((path, value) -> {
                if (path.top().equals(top))
                    within.put(path.steps(), value);
            });
            var after = within.containsKey(List.of()) ? within.get(List.of()) : changed(old.get(top), within);
            if (after == null)
                item.remove(top);
            else
                item.put(top, after);
        }
        return Plain.of(item);
    }

    /// The value after what was assigned within it, all judged by where things stood before.
    private static @Nullable Value changed(@Nullable Value old, Map<List<Path.Step>, @Nullable Value> within) {
        if (within.containsKey(List.of()))
            return within.get(List.of());
        if (within.isEmpty())
            return old;
        return switch (old) {
            case Value.M whole -> {
                var values = whole.values();
                var after = new TreeMap<>(values);
                for (var step : firsts(within)) {
                    var child = changed(Path.child(whole, step), inside(within, step));
                    var name = ((Path.Step.Name) step).name();
                    if (child == null)
                        after.remove(name);
                    else
                        after.put(name, child);
                }
                yield new Value.M(after);
            }
            case Value.L whole -> {
                var elements = whole.elements();
                var after = new TreeMap<Integer, Value>();
                for (int i = 0; i < elements.size(); i++)
                    after.put(i, elements.get(i));
                for (var step : firsts(within)) {
                    var child = changed(Path.child(whole, step), inside(within, step));
                    int index = ((Path.Step.At) step).index();
                    if (child == null)
                        after.remove(index);
                    else
                        after.put(index, child); // behind the end: it comes last, gaps close
                }
                yield new Value.L(new ArrayList<>(after.values()));
            }
            case null, default -> throw new AssertionError("a path without a parent was let through");
        };
    }

    private static List<Path.Step> firsts(Map<List<Path.Step>, @Nullable Value> within) {
        return within.keySet().stream().map(List::getFirst).distinct().sorted(Comparator.comparing(Object::toString)).toList();
    }

    private static Map<List<Path.Step>, @Nullable Value> inside(Map<List<Path.Step>, @Nullable Value> within, Path.Step step) {
        var inside = new HashMap<List<Path.Step>, @Nullable Value>();
        within.forEach((steps, value) -> {
            if (steps.getFirst().equals(step))
                inside.put(steps.subList(1, steps.size()), value);
        });
        return inside;
    }

    private static @Nullable Value value(Change change, Map<String, Value> old) {
        return switch (change) {
            case Set(_, var formula) -> Plain.value(value(formula, old));
            case Remove _ -> null;
            case Add(var path, var more) -> switch (path.in(old)) {
                case null -> Plain.value(more);
                case Value.N(var number) when more instanceof Value.N(var add) -> number(number.add(add));
                case Value.Set(var type, var members) when more instanceof Value.Set(var other, var added) && type == other -> {
                    var union = new ArrayList<>(members);
                    union.addAll(added);
                    yield Plain.value(new Value.Set(type, union));
                }
                default -> throw invalid();
            };
            case Delete(var path, var less) -> switch (path.in(old)) {
                case null -> null;
                case Value.Set(var type, var members) when less instanceof Value.Set(var other, var gone) && type == other -> {
                    var left = members.stream().filter(Predicate.not(gone::contains)).toList();
                    yield left.isEmpty() ? null : new Value.Set(type, left);
                }
                default -> throw invalid();
            };
        };
    }

    /// A result is not rounded: with more digits than a number has it is none.
    private static Value number(BigDecimal exact) {
        if (exact.stripTrailingZeros().precision() > MAX_DIGITS)
            throw invalid();
        return new Value.N(exact);
    }

    private static Value value(Formula formula, Map<String, Value> old) {
        return switch (formula) {
            case Formula.At(var path) -> {
                var value = path.in(old);
                if (value == null)
                    throw invalid();
                yield value;
            }
            case Formula.Literal(var value) -> value;
            case Formula.IfNotExists(var path, var otherwise) -> {
                var other = value(otherwise, old); // refused when it has no value, whether it is wanted or not
                var value = path.in(old);
                yield value == null ? other : value;
            }
            case Formula.Append(var first, var second) -> {
                if (!(value(first, old) instanceof Value.L(var begin)) || !(value(second, old) instanceof Value.L(var end)))
                    throw invalid();
                var all = new ArrayList<>(begin);
                all.addAll(end);
                yield new Value.L(all);
            }
            case Formula.Sum(var left, var right, boolean minus) -> {
                if (!(value(left, old) instanceof Value.N(var one)) || !(value(right, old) instanceof Value.N(var other)))
                    throw invalid();
                yield number(minus ? one.subtract(other) : one.add(other));
            }
        };
    }

    String text(Spelling spelling) {
        return clause("SET ", Set.class, spelling) + clause("REMOVE ", Remove.class, spelling)
                + clause("ADD ", Add.class, spelling) + clause("DELETE ", Delete.class, spelling);
    }

    private String clause(String word, Class<? extends Change> kind, Spelling spelling) {
        var texts = changes.stream().filter(kind::isInstance).map(change -> text(change, spelling)).toList();
        return texts.isEmpty() ? "" : texts.stream().collect(Collectors.joining(", ", word, " "));
    }

    private static String text(Change change, Spelling spelling) {
        var path = change.path().text(spelling);
        return switch (change) {
            case Set(_, var formula) -> path + " = " + text(formula, spelling);
            case Remove _ -> path;
            case Add(_, var value) -> path + " " + spelling.value(value);
            case Delete(_, var value) -> path + " " + spelling.value(value);
        };
    }

    private static String text(Formula formula, Spelling spelling) {
        return switch (formula) {
            case Formula.At(var path) -> path.text(spelling);
            case Formula.Literal(var value) -> spelling.value(value);
            case Formula.IfNotExists(var path, var otherwise) ->
                "if_not_exists(" + path.text(spelling) + ", " + text(otherwise, spelling) + ")";
            case Formula.Append(var first, var second) ->
                "list_append(" + text(first, spelling) + ", " + text(second, spelling) + ")";
            case Formula.Sum(var left, var right, boolean minus) ->
                text(left, spelling) + (minus ? " - " : " + ") + text(right, spelling);
        };
    }
}
