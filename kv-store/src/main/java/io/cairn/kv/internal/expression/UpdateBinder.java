package io.cairn.kv.internal.expression;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resolves an update's placeholders, and refuses what they make wrong: first names in the paths that it changes, then such paths in each other's
/// way, then what stands at the right: what is not defined, and operands that do not fit. All from the last action to the first, as DynamoDB does it.
final class UpdateBinder {
    private static final Kind KIND = Kind.UPDATE;
    private static final String MISMATCH = "An operand in the update expression has an incorrect data type";
    private final Binding binding;

    private UpdateBinder(Binding binding) {
        this.binding = binding;
    }

    static BoundUpdate bind(List<Syntax.Action> actions, Binding binding) {
        var binder = new UpdateBinder(binding);
        var paths = new ArrayList<DocumentPath>(actions.size());
        for (var action : actions.reversed())
            paths.addFirst(binding.path(KIND, action.path()));
        Overlap.refuse(KIND, paths);
        var bound = new ArrayList<Action>(actions.size());
        for (int i = actions.size() - 1; i >= 0; i--)
            bound.addFirst(binder.bind(actions.get(i), paths.get(i)));
        return new BoundUpdate(bound);
    }

    private Action bind(Syntax.Action action, DocumentPath path) {
        return switch (action) {
            case Syntax.Action.Set(_, var value) -> new Action.Set(path, formula(value));
            case Syntax.Action.Remove _ -> new Action.Remove(path);
            case Syntax.Action.Add(_, var literal) -> {
                var value = binding.value(KIND, literal);
                if (value.type() != ValueType.N && !value.type().isSet())
                    throw wrongOperand("ADD", value.type());
                yield new Action.Add(path, value, MISMATCH);
            }
            case Syntax.Action.Delete(_, var literal) -> {
                var value = binding.value(KIND, literal);
                if (!value.type().isSet())
                    throw wrongOperand("DELETE", value.type());
                yield new Action.Delete(path, value, MISMATCH);
            }
        };
    }

    private Formula formula(Syntax.Term term) {
        return switch (term) {
            case Syntax.Path path -> new Formula.Attribute(binding.path(KIND, path));
            case Syntax.Literal literal -> new Formula.Literal(binding.value(KIND, literal));
            case Syntax.Sum(var left, var right, boolean minus) -> {
                var sum = new Formula.Sum(formula(left), formula(right), minus);
                check(minus ? "-" : "+", sum.left(), ValueType.N);
                check(minus ? "-" : "+", sum.right(), ValueType.N);
                yield sum;
            }
            case Syntax.Call(var function, var arguments, _) -> call(function, arguments);
        };
    }

    private Formula call(String function, List<Syntax.Term> arguments) {
        var operands = new ArrayList<Formula>(arguments.size());
        for (var argument : arguments)
            operands.add(formula(argument));
        var first = operands.getFirst();
        if (operands.size() != 2)
            throw KIND.refused("Incorrect number of operands for operator or function; operator or function: " + function
                    + ", number of operands: " + operands.size());
        if (function.equals("list_append")) {
            check(function, first, ValueType.L);
            check(function, operands.get(1), ValueType.L);
            return new Formula.Append(first, operands.get(1));
        }
        if (first instanceof Formula.Attribute(var path)) {
            if (operands.get(1).equals(first))
                throw KIND.refused("The first operand must be distinct from the remaining operands for this operator or function;"
                        + " operator: " + function + ", first operand: " + path);
            return new Formula.IfNotExists(path, operands.get(1));
        }
        throw KIND.refused("Operator or function requires a document path; operator or function: " + function);
    }

    private static void check(String operator, Formula operand, ValueType expected) {
        var type = type(operand);
        if (type != null && type != expected)
            throw KIND.refused("Incorrect operand type for operator or function; operator or function: " + operator
                    + ", operand type: " + type);
    }

    /// Null when only an item tells.
    private static @Nullable ValueType type(Formula formula) {
        return switch (formula) {
            case Formula.Literal(var place) -> place.type();
            case Formula.Attribute _,Formula.IfNotExists _ -> null;
            case Formula.Append _ -> ValueType.L;
            case Formula.Sum _ -> ValueType.N;
        };
    }

    private static KvRefusedException wrongOperand(String operator, ValueType type) {
        return KIND.refused("Incorrect operand type for operator or function; operator: " + operator + ", operand type: "
                + Texts.longName(type) + ", typeSet: ALLOWED_FOR_" + operator + "_OPERAND");
    }
}
