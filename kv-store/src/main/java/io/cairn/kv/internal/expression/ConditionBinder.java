package io.cairn.kv.internal.expression;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Resolves a condition's placeholders, and refuses what their values make wrong: clause after clause, and within one first what is not
/// defined, then counts of operands, then operands that are the same, then types, as DynamoDB does it.
final class ConditionBinder {
    /// What DynamoDB says of an operand that only an item tells the type of.
    private static final String ANY_TYPE = "{BS,DECIMALSET,INTSET,S,BOOL,DOUBLE,DICT,M,HD,SS,L,DECIMAL,DOUBLESET,FS,INT,NS,FLOAT,B,NULL,N,HDS}";
    private final Kind kind;
    private final Binding binding;
    private final Set<String> attributes = new LinkedHashSet<>();
    private final Set<String> nested = new LinkedHashSet<>();

    ConditionBinder(Kind kind, Binding binding) {
        this.kind = kind;
        this.binding = binding;
    }

    /// Names at the top of the item that were in what was bound so far.
    Set<String> attributes() {
        return attributes;
    }

    /// Those of them that were looked into.
    Set<String> nested() {
        return nested;
    }

    /// A term with its placeholders resolved, not yet checked.
    sealed interface Term {
        record Path(DocumentPath path) implements Term {}

        record Value(Place place) implements Term {}

        record Call(String function, List<Term> arguments) implements Term {}
    }

    BoundCondition bind(Syntax.Clause clause) {
        return switch (clause) {
            case Syntax.And(var left, var right) -> new BoundCondition.And(bind(left), bind(right));
            case Syntax.Or(var left, var right) -> new BoundCondition.Or(bind(left), bind(right));
            case Syntax.Not(var inner) -> new BoundCondition.Not(bind(inner));
            case Syntax.Compare(var comparator, var left, var right) -> compare(comparator, resolve(left), resolve(right));
            case Syntax.Between(var value, var lower, var upper) -> between(resolve(value), resolve(lower), resolve(upper));
            case Syntax.In(var value, var candidates) -> in(resolve(value), resolve(candidates));
            case Syntax.Call call -> call(resolve(call));
        };
    }

    List<Term> resolve(List<Syntax.Term> terms) {
        var resolved = new ArrayList<Term>(terms.size());
        for (var term : terms)
            resolved.add(resolve(term));
        return resolved;
    }

    Term resolve(Syntax.Term term) {
        return switch (term) {
            case Syntax.Path path -> {
                var bound = binding.path(kind, path);
                attributes.add(bound.top().name());
                if (!bound.isTop())
                    nested.add(bound.top().name());
                yield new Term.Path(bound);
            }
            case Syntax.Literal literal -> new Term.Value(binding.value(kind, literal));
            case Syntax.Call call -> resolve(call);
            case Syntax.Sum _ -> throw new IllegalStateException("no sums in conditions");
        };
    }

    Term.Call resolve(Syntax.Call call) {
        return new Term.Call(call.function(), resolve(call.arguments()));
    }

    private BoundCondition compare(Comparator comparator, Term left, Term right) {
        checkCalls(left, right);
        checkDistinct(comparator.symbol(), left, right);
        checkTypes(left, right);
        if (comparator != Comparator.EQ && comparator != Comparator.NE)
            checkOrdered(comparator.symbol(), left, right);
        return new BoundCondition.Compare(comparator, operand(left), operand(right));
    }

    private BoundCondition between(Term value, Term lower, Term upper) {
        checkCalls(value, lower, upper);
        checkDistinct("BETWEEN", value, lower);
        checkDistinct("BETWEEN", value, upper);
        checkTypes(value, lower, upper);
        checkOrdered("BETWEEN", value, lower, upper);
        checkBounds(lower, upper);
        return new BoundCondition.Between(operand(value), operand(lower), operand(upper));
    }

    private BoundCondition in(Term value, List<Term> candidates) {
        checkCalls(value);
        candidates.forEach(this::checkCalls);
        for (var candidate : candidates)
            checkDistinct("IN", value, candidate);
        checkTypes(value);
        candidates.forEach(this::checkTypes);
        return new BoundCondition.In(operand(value), candidates.stream().map(this::operand).toList());
    }

    private BoundCondition call(Term.Call call) {
        checkCalls(call);
        checkTypes(call);
        var arguments = call.arguments;
        return switch (call.function) {
            case "attribute_exists" -> new BoundCondition.Exists(path(call));
            case "attribute_not_exists" -> new BoundCondition.Not(new BoundCondition.Exists(path(call)));
            case "attribute_type" -> new BoundCondition.HasType(operand(arguments.getFirst()), namedType(arguments.get(1)));
            case "begins_with" -> new BoundCondition.BeginsWith(operand(arguments.getFirst()), operand(arguments.get(1)));
            case "contains" -> new BoundCondition.Contains(operand(arguments.getFirst()), operand(arguments.get(1)));
            default -> throw new IllegalStateException("the parser let a function pass: " + call.function);
        };
    }

    Operand operand(Term term) {
        return switch (term) {
            case Term.Path(var path) -> new Operand.Attribute(path);
            case Term.Value(var place) -> new Operand.Literal(place);
            case Term.Call(_, var arguments) -> new Operand.Size(operand(arguments.getFirst()));
        };
    }

    private DocumentPath path(Term.Call call) {
        if (call.arguments.getFirst() instanceof Term.Path(var path))
            return path;
        throw kind.refused("Operator or function requires a document path; operator or function: " + call.function);
    }

    /// Numbers of operands, inner functions first.
    private void checkCalls(Term... terms) {
        for (var term : terms)
            if (term instanceof Term.Call(var function, var arguments)) {
                for (var argument : arguments)
                    checkCalls(argument);
                int count = arguments.size();
                if (count != operandCount(function))
                    throw kind.refused("Incorrect number of operands for operator or function; operator or function: " + function
                            + ", number of operands: " + count);
                if (count == 2)
                    checkDistinct(function, arguments.getFirst(), arguments.get(1));
            }
    }

    private static int operandCount(String function) {
        return switch (function) {
            case "attribute_exists", "attribute_not_exists", "size" -> 1;
            default -> 2;
        };
    }

    private void checkDistinct(String operator, Term first, Term second) {
        if (first instanceof Term.Path(var one) && second instanceof Term.Path(var two) && one.equals(two))
            throw kind.refused(
                    "The first operand must be distinct from the remaining operands for this operator or function; operator: "
                            + operator + ", first operand: " + one);
    }

    private void checkTypes(Term... terms) {
        for (var term : terms)
            if (term instanceof Term.Call call) {
                for (var argument : call.arguments)
                    checkTypes(argument);
                checkOwnTypes(call);
            }
    }

    private void checkOwnTypes(Term.Call call) {
        switch (call.function) {
            case "attribute_exists", "attribute_not_exists" -> {
                var _ = path(call);
            }
            case "begins_with" -> {
                for (var argument : call.arguments)
                    switch (type(argument)) {
                        case null -> {
                        }
                        case S, B -> {
                        }
                        case ValueType type -> throw wrongType("begins_with", type.name());
                    }
            }
            case "attribute_type" -> {
                var type = type(call.arguments.get(1));
                if (type != ValueType.S)
                    throw wrongType("attribute_type", type == null ? ANY_TYPE : type.name());
                var _ = namedType(call.arguments.get(1));
            }
            case "size" -> {
                switch (type(call.arguments.getFirst())) {
                    case null -> {
                    }
                    case S, B, SS, NS, BS, L, M -> {
                    }
                    case ValueType type -> throw wrongType("size", type.name());
                }
            }
            default -> {
            }
        }
    }

    private void checkOrdered(String operator, Term... terms) {
        for (var term : terms)
            switch (type(term)) {
                case null -> {
                }
                case S, N, B -> {
                }
                case ValueType type -> throw wrongType(operator, type.name());
            }
    }

    private KvRefusedException wrongType(String operator, String type) {
        return kind.refused("Incorrect operand type for operator or function; operator or function: " + operator
                + ", operand type: " + type);
    }

    private ValueType namedType(Term term) {
        if (!(term instanceof Term.Value(var place)))
            throw new IllegalStateException("a type's name that is no value");
        var name = Texts.of(place);
        for (var type : ValueType.values())
            if (type.name().equals(name))
                return type;
        throw kind.refused("Invalid attribute type name found; type: " + name + ", valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}");
    }

    private void checkBounds(Term lower, Term upper) {
        if (!(lower instanceof Term.Value(var from)) || !(upper instanceof Term.Value(var to)))
            return;
        var bounds = "lower bound operand: " + Texts.attributeValue(from) + ", upper bound operand: " + Texts.attributeValue(to);
        if (from.tag() != to.tag())
            throw kind.refused("The BETWEEN operator requires same data type for lower and upper bounds; " + bounds);
        if (Encoded.compare(from.bytes(), from.at(), to.bytes(), to.at()) > 0)
            throw kind.refused("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " + bounds);
    }

    /// Null when only an item tells.
    private static @Nullable ValueType type(Term term) {
        return switch (term) {
            case Term.Path _ -> null;
            case Term.Value(var place) -> place.type();
            case Term.Call(var function, _) -> function.equals("size") ? ValueType.N : ValueType.BOOL;
        };
    }
}
