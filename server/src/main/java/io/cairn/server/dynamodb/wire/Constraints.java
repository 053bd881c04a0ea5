package io.cairn.server.dynamodb.wire;

import io.cairn.server.dynamodb.wire.StructureShape.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The model's constraints on one request, all told at once in the service's form (as recorded from it by dynalite's tests):
///
///     N validation error(s) detected: Value 'v' at 'member' failed to satisfy constraint: Member must ...; Value ...
///
/// In the order of the model's members; of one member the pattern first, then its length. At most ten are told.
final class Constraints {
    private static final int MAX_TOLD = 10;
    private static final String NOT_NULL = "Member must not be null";
    /// For these the service looks at the name before anything else, and in other words.
    private static final Set<String> NAMED_FIRST = Set.of("CreateTable", "DeleteTable", "DescribeTable", "UpdateTable");
    private static final String TABLE_NAME = "TableName";
    /// A table by its name or by its ARN: the model only bounds the latter, the service still holds names against what they can be.
    private static final String NAME_OR_ARN = "TableArn";
    private static final Range NAME_LENGTH = new Range(3, 255);

    /// Where a value stands: the steps from the outermost member on.
    private record Path(@Nullable Path parent, String step) {
        void append(StringBuilder out) {
            if (parent != null) {
                parent.append(out);
                out.append('.');
            }
            out.append(step);
        }
    }

    private @Nullable List<String> faults;

    private Constraints() {}

    /// A [RequestRefusedException] of the type VALIDATION when `input` breaks any.
    static void check(Operation operation, Structure input) {
        if (NAMED_FIRST.contains(operation.name()) && !input.has(TABLE_NAME))
            throw RequestRefusedException
                    .validation("The parameter 'TableName' is required but was not present in the request");
        var constraints = new Constraints();
        constraints.structure(input, null);
        if (constraints.faults != null)
            throw constraints.refused(constraints.faults);
    }

    private RequestRefusedException refused(List<String> told) {
        return RequestRefusedException.validation(told.size() + (told.size() == 1 ? " validation error" : " validation errors")
                + " detected: " + String.join("; ", told));
    }

    private void structure(Structure structure, @Nullable Path path) {
        for (var member : structure.shape().members()) {
            var value = structure.at(member.index());
            if (value != null)
                value(member, value, path);
            else if (member.required())
                fault(null, path, member.printed(), NOT_NULL);
        }
    }

    private void value(Member member, Object value, @Nullable Path path) {
        value(member.shape(), value, path, member.printed());
    }

    private void value(Shape shape, @Nullable Object value, @Nullable Path parent, String step) {
        if (value == null) {
            fault(null, parent, step, NOT_NULL);
            return;
        }
        switch (shape) {
            case Shape.Text text -> text(text, (String) value, parent, step);
            case Shape.Whole whole -> whole(whole, ((Number) value).longValue(), parent, step);
            case Shape.ListOf list -> {
                var elements = (List<?>) value;
                length(list.length(), elements.size(), elements, parent, step);
                elements(list, elements, new Path(parent, step));
            }
            case Shape.MapOf map -> map(map, (Map<?, ?>) value, parent, step);
            case StructureShape _ -> structure((Structure) value, new Path(parent, step));
            case Shape.Real _,Shape.Bool _,Shape.Bytes _,Shape.Time _,Shape.AttributeValue _,Shape.Attributes _ -> {
            }
        }
    }

    private void text(Shape.Text shape, String value, @Nullable Path parent, String step) {
        if (shape.name().equals(NAME_OR_ARN) && !value.isEmpty() && !value.startsWith("arn:")) {
            if (!Shape.Text.isName(value))
                fault(value, parent, step, pattern(Shape.Text.NAME_PATTERN));
            length(NAME_LENGTH, value.length(), value, parent, step);
            return;
        }
        if (!shape.matches(value) && shape.pattern() != null)
            fault(value, parent, step, pattern(shape.pattern().pattern()));
        length(shape.length(), value.length(), value, parent, step);
        if (!shape.allows(value))
            fault(value, parent, step, "Member must satisfy enum value set: " + shape.values());
    }

    private void whole(Shape.Whole shape, long value, @Nullable Path parent, String step) {
        if (value < shape.range().min())
            fault(value, parent, step, "Member must have value greater than or equal to " + shape.range().min());
        if (value > shape.range().max())
            fault(value, parent, step, "Member must have value less than or equal to " + shape.range().max());
    }

    private void length(Range range, int length, Object value, @Nullable Path parent, String step) {
        if (length < range.min())
            fault(value, parent, step, atLeast(range));
        if (length > range.max())
            fault(value, parent, step, atMost(range));
    }

    private void elements(Shape.ListOf shape, List<?> elements, Path path) {
        for (int i = 0; i < elements.size(); i++)
            if (elements.get(i) == null || constrained(shape.element()))
                value(shape.element(), elements.get(i), path, i + 1 + ".member");
    }

    /// Whether there is anything to look at within: saves the steps of a path for each of many.
    private static boolean constrained(Shape shape) {
        return switch (shape) {
            case Shape.AttributeValue _,Shape.Attributes _,Shape.Real _,Shape.Bool _,Shape.Bytes _,Shape.Time _ -> false;
            case Shape.Text _,Shape.Whole _,Shape.ListOf _,Shape.MapOf _,StructureShape _ -> true;
        };
    }

    /// Keys and lists within are told about the map, what is within those about themselves.
    private void map(Shape.MapOf shape, Map<?, ?> map, @Nullable Path parent, String step) {
        length(shape.length(), map.size(), map, parent, step);
        for (var entry : map.entrySet()) {
            var key = (String) entry.getKey();
            if (!isKey(shape.key(), key))
                fault(map, parent, step, "Map keys must satisfy constraint: " + keyConstraints(shape.key()));
            if (!isValue(shape.value(), entry.getValue()))
                fault(map, parent, step, "Map value must satisfy constraint: " + lengthConstraints(lengthOf(shape.value())));
            if (entry.getValue() == null)
                fault(null, new Path(parent, step), key + ".member", NOT_NULL);
            else if (shape.value() instanceof Shape.ListOf list)
                elements(list, (List<?>) entry.getValue(), new Path(new Path(parent, step), key + ".member"));
            else if (shape.value() instanceof StructureShape)
                structure((Structure) entry.getValue(), new Path(new Path(parent, step), key + ".member"));
        }
    }

    private static boolean isKey(Shape.Text shape, String key) {
        if (shape.name().equals(NAME_OR_ARN) && !key.startsWith("arn:"))
            return Shape.Text.isName(key) && NAME_LENGTH.contains(key.length());
        return shape.length().contains(key.length()) && shape.matches(key) && shape.allows(key);
    }

    private static boolean isValue(Shape shape, @Nullable Object value) {
        return switch (value) {
            case String text -> lengthOf(shape).contains(text.length());
            case List<?> list -> lengthOf(shape).contains(list.size());
            case null, default -> true;
        };
    }

    private static Range lengthOf(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> text.length();
            case Shape.ListOf list -> list.length();
            case Shape.MapOf map -> map.length();
            case Shape.Whole _,Shape.Real _,Shape.Bool _,Shape.Bytes _,Shape.Time _,Shape.AttributeValue _,Shape.Attributes _,StructureShape _ ->
                Range.ANY;
        };
    }

    private static List<String> keyConstraints(Shape.Text shape) {
        boolean named = shape.name().equals(NAME_OR_ARN);
        var constraints = lengthConstraints(named ? NAME_LENGTH : shape.length());
        if (named)
            constraints.add(pattern(Shape.Text.NAME_PATTERN));
        else if (shape.pattern() != null)
            constraints.add(pattern(shape.pattern().pattern()));
        return constraints;
    }

    private static List<String> lengthConstraints(Range range) {
        var constraints = new ArrayList<String>();
        if (range.hasMax())
            constraints.add(atMost(range));
        if (range.bounded()) // the service then always has both
            constraints.add(atLeast(range.hasMin() ? range : new Range(0, range.max())));
        return constraints;
    }

    private static String atLeast(Range range) {
        return "Member must have length greater than or equal to " + range.min();
    }

    private static String atMost(Range range) {
        return "Member must have length less than or equal to " + range.max();
    }

    private static String pattern(String pattern) {
        return "Member must satisfy regular expression pattern: " + pattern;
    }

    private void fault(@Nullable Object value, @Nullable Path parent, String step, String constraint) {
        if (faults == null)
            faults = new ArrayList<>();
        if (faults.size() == MAX_TOLD)
            return;
        var at = new StringBuilder();
        new Path(parent, step).append(at);
        faults.add("Value " + (value == null ? "null" : "'" + Echo.text(value) + "'") + " at '" + at
                + "' failed to satisfy constraint: " + constraint);
    }
}
