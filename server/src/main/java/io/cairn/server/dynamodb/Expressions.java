package io.cairn.server.dynamodb;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Legacy;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Projection;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request's expressions, or the legacy members that say the same: never both.
///
/// @param placeholders of the request
record Expressions(Structure request, Placeholders placeholders) {
    /// Refuses what does not go together.
    ///
    /// @param expressions members that hold expressions
    /// @param legacy members that these replace
    static Expressions of(Structure request, List<String> expressions, List<String> legacy) {
        var used = present(request, expressions);
        if (!used.isEmpty()) {
            var old = present(request, legacy);
            if (!request.shape().name().equals("QueryInput") || request.has("KeyConditionExpression"))
                refuseBoth(old, used);
            else {
                old.remove("KeyConditions");
                refuseBoth(old, used);
            }
        }
        boolean names = request.has("ExpressionAttributeNames");
        boolean values = has(request, "ExpressionAttributeValues");
        if (used.isEmpty() && names)
            throw KvRefusedException.validation("ExpressionAttributeNames can only be specified when using expressions");
        if (values)
            requireTaker(request, expressions);
        return new Expressions(request, names || values
                ? new Placeholders(names ? request.stringMap("ExpressionAttributeNames") : null,
                        values ? request.item("ExpressionAttributeValues") : null)
                : Placeholders.NONE);
    }

    /// Values are for expressions that can name one; a projection cannot.
    private static void requireTaker(Structure request, List<String> expressions) {
        var takers = expressions.stream().filter(member -> !member.equals("ProjectionExpression")).toList();
        if (!takers.isEmpty() && takers.stream().noneMatch(request::has))
            throw KvRefusedException.validation("ExpressionAttributeValues can only be specified when using expressions: "
                    + String.join(" and ", takers) + (takers.size() > 1 ? " are" : " is") + " null");
    }

    /// Not every shape that has expressions has every such member.
    private static boolean has(Structure request, String member) {
        return request.shape().member(member) != null && request.has(member);
    }

    private static void refuseBoth(List<String> legacy, List<String> expressions) {
        if (!legacy.isEmpty())
            throw KvRefusedException.validation(
                    "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {"
                            + String.join(", ", legacy) + "} Expression parameters: {" + String.join(", ", expressions) + "}");
    }

    private static List<String> present(Structure request, List<String> members) {
        var present = new ArrayList<String>();
        for (var member : members)
            if (request.has(member))
                present.add(member);
        return present;
    }

    /// Of ConditionExpression; null for none.
    @Nullable
    Condition condition() {
        var text = request.string("ConditionExpression");
        return text == null ? null : placeholders.condition(text);
    }

    /// Of ConditionExpression or Expected; null for neither.
    @Nullable
    Condition conditionOrExpected() {
        if (!request.has("Expected")) {
            requireNoOperator();
            return condition();
        }
        var expected = new ArrayList<Legacy.Expected>();
        request.structureMap("Expected").forEach((name, entry) -> expected.add(new Legacy.Expected(name, entry.bool("Exists"),
                first(entry, "Value"), operator(entry), entry.has("AttributeValueList") ? values(entry) : null)));
        return expected.isEmpty() ? null : Legacy.expected(expected, joined());
    }

    /// Of FilterExpression, QueryFilter or ScanFilter; null for none.
    @Nullable
    Condition filter(String legacy) {
        var text = request.string("FilterExpression");
        if (text != null)
            return placeholders.filter(text);
        var comparisons = comparisons(legacy);
        if (comparisons.isEmpty())
            requireNoOperator();
        return comparisons.isEmpty() ? null : Legacy.filter(comparisons, joined());
    }

    List<Legacy.Comparison> comparisons(String member) {
        var comparisons = new ArrayList<Legacy.Comparison>();
        request.structureMap(member).forEach((name, entry) -> comparisons
                .add(new Legacy.Comparison(name, Legacy.Operator.valueOf(entry.requiredString("ComparisonOperator")),
                        values(entry))));
        return comparisons;
    }

    /// Null for none: one that is given must have something to join.
    private Legacy.@Nullable Joined joined() {
        if (request.shape().member("ConditionalOperator") == null)
            return null;
        var operator = request.string("ConditionalOperator");
        return operator == null ? null : Legacy.Joined.valueOf(operator);
    }

    private void requireNoOperator() {
        if (joined() != null)
            throw KvRefusedException.validation("ConditionalOperator cannot be used without Filter or Expected");
    }

    private static Legacy.@Nullable Operator operator(Structure entry) {
        var name = entry.string("ComparisonOperator");
        return name == null ? null : Legacy.Operator.valueOf(name);
    }

    /// A lone value, as [Legacy] wants it.
    static @Nullable Item first(Structure entry, String member) {
        var value = entry.value(member);
        return value == null ? null : Named.first(value);
    }

    private static Item values(Structure entry) {
        return Named.list(entry.items("AttributeValueList"));
    }

    /// Of ProjectionExpression or AttributesToGet; null for all.
    @Nullable
    Projection projection() {
        var text = request.string("ProjectionExpression");
        if (text != null)
            return placeholders.projection(text);
        return has(request, "AttributesToGet") ? Legacy.attributesToGet(request.strings("AttributesToGet")) : null;
    }
}
