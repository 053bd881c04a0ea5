package io.cairn.kv.internal.expression;

import io.cairn.kv.KeyCondition;
import io.cairn.kv.KeyCondition.Comparison;
import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes a key condition of a clause: comparisons of names with values, AND between them, and nothing else.
final class KeyConditionBinder {
    private static final Kind KIND = Kind.KEY_CONDITION;
    private final ConditionBinder binder;
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private KeyConditionBinder(Binding binding) {
        this.binder = new ConditionBinder(KIND, binding);
    }

    static KeyCondition bind(Syntax.Clause clause, Binding binding) {
        var keys = new KeyConditionBinder(binding);
        var _ = keys.binder.bind(clause); // refuses what no condition can be
        keys.add(clause);
        return new KeyCondition(keys.comparisons);
    }

    private void add(Syntax.Clause clause) {
        switch (clause) {
            case Syntax.And(var left, var right) -> {
                add(left);
                add(right);
            }
            case Syntax.Compare(var comparator, var left, var right) -> compare(comparator, left, right);
            case Syntax.Between(var value, var lower, var upper) -> {
                requirePathFirst("BETWEEN", value);
                add(Operator.BETWEEN, binder.resolve(List.of(value, lower, upper)));
            }
            case Syntax.Call(var function, var arguments, _) -> {
                if (!function.equals("begins_with"))
                    throw unsupported(function);
                requirePathFirst(function, arguments.getFirst());
                add(Operator.BEGINS_WITH, binder.resolve(arguments));
            }
            case Syntax.Or _ -> throw unsupported("OR");
            case Syntax.Not _ -> throw unsupported("NOT");
            case Syntax.In _ -> throw unsupported("IN");
        }
    }

    private void compare(Comparator comparator, Syntax.Term left, Syntax.Term right) {
        var operator = switch (right instanceof Syntax.Path ? comparator.mirrored() : comparator) {
            case EQ -> Operator.EQ;
            case LT -> Operator.LT;
            case LE -> Operator.LE;
            case GT -> Operator.GT;
            case GE -> Operator.GE;
            case NE -> throw unsupported("<>");
        };
        add(operator, binder.resolve(List.of(left, right)));
    }

    private void add(Operator operator, List<ConditionBinder.Term> terms) {
        String name = null;
        var operands = new ArrayList<byte[]>(2);
        for (var term : terms)
            switch (term) {
                case ConditionBinder.Term.Path(var path) -> {
                    if (name != null)
                        throw invalid("Multiple attribute names used in one condition");
                    if (!path.isTop())
                        throw KvRefusedException.validation(
                                "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: "
                                        + path.top().name());
                    name = path.top().name();
                }
                case ConditionBinder.Term.Value(var place) ->
                    operands.add(Arrays.copyOfRange(place.bytes(), place.at(), Encoded.end(place.bytes(), place.at())));
                case ConditionBinder.Term.Call _ ->
                    throw KvRefusedException.validation("KeyConditionExpressions cannot contain nested operations");
            }
        if (name == null)
            throw invalid("No key attribute specified");
        if (!names.add(name))
            throw KvRefusedException.validation("KeyConditionExpressions must only contain one condition per key");
        comparisons.add(new Comparison(name, operator, operands));
    }

    private static void requirePathFirst(String operator, Syntax.Term first) {
        if (!(first instanceof Syntax.Path))
            throw invalid(operator + " operator must have the key attribute as its first operand");
    }

    private static KvRefusedException unsupported(String operator) {
        return KvRefusedException.validation("Invalid operator used in KeyConditionExpression: " + operator);
    }

    private static KvRefusedException invalid(String what) {
        return KvRefusedException.validation("Invalid condition in KeyConditionExpression: " + what);
    }
}
