package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.KeyCondition;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Legacy;
import io.cairn.kv.Legacy.AttributeUpdate;
import io.cairn.kv.Legacy.Comparison;
import io.cairn.kv.Legacy.Expected;
import io.cairn.kv.Legacy.Joined;
import io.cairn.kv.Legacy.Operator;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// [Legacy]'s work: checks the members and makes of them what expressions are made into. Their attributes are names, never paths.
public final class LegacyMembers {
    private static final String INVALID = "One or more parameter values were invalid: ";
    private static final String MISMATCH = "Type mismatch for attribute to update";

    private LegacyMembers() {}

    public static Question expected(List<Expected> expected, @Nullable Joined joined) {
        var conditions = new ArrayList<BoundCondition>(expected.size());
        var names = new LinkedHashSet<String>();
        for (var one : expected) {
            conditions.add(condition(one));
            names.add(one.attribute());
        }
        return new Question(join(conditions, joined), names, Set.of());
    }

    private static BoundCondition condition(Expected expected) {
        var attribute = " for Attribute: " + expected.attribute();
        if (expected.value() != null && expected.values() != null)
            throw invalid("Value and AttributeValueList cannot be used together" + attribute);
        if (expected.operator() != null)
            return compared(expected, expected.operator(), attribute);
        if (expected.values() != null)
            throw invalid("AttributeValueList can only be used with a ComparisonOperator" + attribute);
        boolean exists = expected.exists() == null || expected.exists();
        if (exists && expected.value() == null)
            throw invalid("Value must be provided when Exists is " + expected.exists() + attribute);
        if (!exists && expected.value() != null)
            throw invalid("Value cannot be used when Exists is false" + attribute);
        var path = DocumentPath.of(expected.attribute());
        return expected.value() == null
                ? new BoundCondition.Not(new BoundCondition.Exists(path))
                : new BoundCondition.Compare(Comparator.EQ, new Operand.Attribute(path),
                        new Operand.Literal(places(expected.value()).getFirst()));
    }

    private static BoundCondition compared(Expected expected, Operator operator, String attribute) {
        if (expected.exists() != null)
            throw invalid("Exists and ComparisonOperator cannot be used together" + attribute);
        var values = expected.values() == null ? expected.value() : expected.values();
        if (values == null && operator != Operator.NULL && operator != Operator.NOT_NULL)
            throw invalid("Value or AttributeValueList must be used with ComparisonOperator: " + operator + attribute);
        return condition(new Comparison(expected.attribute(), operator, values == null ? Item.EMPTY : values));
    }

    public static Question filter(List<Comparison> comparisons, @Nullable Joined joined) {
        var conditions = new ArrayList<BoundCondition>(comparisons.size());
        var names = new LinkedHashSet<String>();
        for (var comparison : comparisons) {
            conditions.add(condition(comparison));
            names.add(comparison.attribute());
        }
        return new Question(join(conditions, joined), names, Set.of());
    }

    private static BoundCondition join(List<BoundCondition> conditions, @Nullable Joined joined) {
        if (joined != null && conditions.isEmpty())
            throw KvRefusedException.validation("ConditionalOperator cannot be used without Filter or Expected");
        if (joined != null && conditions.size() == 1)
            throw KvRefusedException
                    .validation("ConditionalOperator can only be used when Filter or Expected has two or more elements");
        if (conditions.isEmpty())
            return new BoundCondition.Always();
        var all = conditions.getFirst();
        for (var condition : conditions.subList(1, conditions.size()))
            all = switch (joined) {
                case null -> new BoundCondition.And(all, condition);
                case AND -> new BoundCondition.And(all, condition);
                case OR -> new BoundCondition.Or(all, condition);
            };
        return all;
    }

    private static BoundCondition condition(Comparison comparison) {
        var places = checked(comparison);
        var path = DocumentPath.of(comparison.attribute());
        var attribute = new Operand.Attribute(path);
        var operands = places.stream().<Operand>map(Operand.Literal::new).toList();
        return switch (comparison.operator()) {
            case EQ -> new BoundCondition.Compare(Comparator.EQ, attribute, operands.getFirst());
            case NE -> new BoundCondition.Compare(Comparator.NE, attribute, operands.getFirst());
            case LE -> new BoundCondition.Compare(Comparator.LE, attribute, operands.getFirst());
            case LT -> new BoundCondition.Compare(Comparator.LT, attribute, operands.getFirst());
            case GE -> new BoundCondition.Compare(Comparator.GE, attribute, operands.getFirst());
            case GT -> new BoundCondition.Compare(Comparator.GT, attribute, operands.getFirst());
            case NOT_NULL -> new BoundCondition.Exists(path);
            case NULL -> new BoundCondition.Not(new BoundCondition.Exists(path));
            case CONTAINS -> new BoundCondition.Contains(attribute, operands.getFirst());
            case NOT_CONTAINS -> new BoundCondition.And(new BoundCondition.Exists(path),
                    new BoundCondition.Not(new BoundCondition.Contains(attribute, operands.getFirst())));
            case BEGINS_WITH -> new BoundCondition.BeginsWith(attribute, operands.getFirst());
            case IN -> new BoundCondition.In(attribute, operands);
            case BETWEEN -> new BoundCondition.Between(attribute, operands.getFirst(), operands.get(1));
        };
    }

    /// The comparison's values, of which there are as many as the operator takes, of types that it takes.
    private static List<Place> checked(Comparison comparison) {
        var operator = comparison.operator();
        var places = places(comparison.values());
        if (!takes(operator, places.size()))
            throw invalid("Invalid number of argument(s) for the " + operator + " ComparisonOperator");
        var types = types(operator);
        for (var place : places) {
            if (place.type() != places.getFirst().type())
                throw invalid("AttributeValues inside AttributeValueList must be of same type");
            if (!types.contains(place.type()))
                throw invalid("ComparisonOperator " + operator + " is not valid for " + place.type() + " AttributeValue type");
        }
        if (operator == Operator.BETWEEN && order(places.getFirst(), places.get(1)) > 0)
            throw KvRefusedException
                    .validation(
                            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
        return places;
    }

    private static int order(Place left, Place right) {
        return Encoded.compare(left.bytes(), left.at(), right.bytes(), right.at());
    }

    private static boolean takes(Operator operator, int count) {
        return switch (operator) {
            case EQ, NE, LE, LT, GE, GT, CONTAINS, NOT_CONTAINS, BEGINS_WITH -> count == 1;
            case NOT_NULL, NULL -> count == 0;
            case IN -> count > 0;
            case BETWEEN -> count == 2;
        };
    }

    private static Set<ValueType> types(Operator operator) {
        return switch (operator) {
            case EQ, NE, NOT_NULL, NULL -> EnumSet.allOf(ValueType.class);
            case CONTAINS, NOT_CONTAINS -> EnumSet.of(ValueType.S, ValueType.N, ValueType.B, ValueType.BOOL, ValueType.NULL);
            case LE, LT, GE, GT, IN, BETWEEN -> EnumSet.of(ValueType.S, ValueType.N, ValueType.B);
            case BEGINS_WITH -> EnumSet.of(ValueType.S, ValueType.B);
        };
    }

    private static List<Place> places(Item values) {
        var places = new ArrayList<Place>(values.count());
        for (int i = 0; i < values.count(); i++) {
            int at = values.find(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
            if (at < 0)
                throw new IllegalArgumentException("values are to be named \"0\", \"1\", ...: " + values);
            places.add(new Place(values.encoded(), at));
        }
        return places;
    }

    public static BoundUpdate attributeUpdates(List<AttributeUpdate> updates) {
        return new BoundUpdate(updates.stream().map(LegacyMembers::action).toList());
    }

    private static Action action(AttributeUpdate update) {
        var path = DocumentPath.of(update.attribute());
        var value = update.value() == null ? null : places(update.value()).getFirst();
        return switch (update.action()) {
            case PUT -> new Action.Set(path, new Formula.Literal(required(value)));
            case ADD -> new Action.Add(path, addable(required(value)), MISMATCH);
            case DELETE -> value == null ? new Action.Remove(path) : new Action.Delete(path, deletable(value), MISMATCH);
        };
    }

    private static Place required(@Nullable Place value) {
        if (value == null)
            throw invalid("Only DELETE action is allowed when no attribute value is specified");
        return value;
    }

    private static Place addable(Place value) {
        return switch (value.type()) {
            case N, SS, NS, BS, L -> value;
            case S, B, BOOL, NULL, M -> throw invalid("ADD action is not supported for the type " + Texts.longName(value.type()));
        };
    }

    private static Place deletable(Place value) {
        if (!value.type().isSet())
            throw invalid("DELETE action with value is not supported for the type " + Texts.longName(value.type()));
        return value;
    }

    public static KeyCondition keyConditions(List<Comparison> comparisons) {
        var keys = new ArrayList<KeyCondition.Comparison>(comparisons.size());
        for (var comparison : comparisons) {
            var places = checked(comparison);
            var operands = places.stream().map(place -> Arrays.copyOfRange(place.bytes(), place.at(), place.end())).toList();
            keys.add(new KeyCondition.Comparison(comparison.attribute(), keyOperator(comparison.operator()), operands));
        }
        return new KeyCondition(keys);
    }

    private static KeyCondition.Operator keyOperator(Operator operator) {
        return switch (operator) {
            case EQ -> KeyCondition.Operator.EQ;
            case LE -> KeyCondition.Operator.LE;
            case LT -> KeyCondition.Operator.LT;
            case GE -> KeyCondition.Operator.GE;
            case GT -> KeyCondition.Operator.GT;
            case BETWEEN -> KeyCondition.Operator.BETWEEN;
            case BEGINS_WITH -> KeyCondition.Operator.BEGINS_WITH;
            case NE, IN, NOT_NULL, NULL, CONTAINS, NOT_CONTAINS ->
                throw KvRefusedException.validation("Attempted conditional constraint is not an indexable operation");
        };
    }

    public static BoundProjection attributesToGet(List<String> attributes) {
        if (attributes.isEmpty())
            throw KvRefusedException.validation("AttributesToGet cannot be empty");
        var names = new HashSet<String>();
        for (var attribute : attributes)
            if (attribute.isEmpty())
                throw KvRefusedException.validation("Empty attribute name");
            else if (!names.add(attribute))
                throw KvRefusedException.validation("Cannot have two attributes with the same name");
        return new BoundProjection(attributes.stream().map(DocumentPath::of).toList());
    }

    private static KvRefusedException invalid(String what) {
        return KvRefusedException.validation(INVALID + what);
    }
}
