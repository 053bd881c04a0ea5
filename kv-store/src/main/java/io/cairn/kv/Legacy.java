package io.cairn.kv;

import io.cairn.kv.internal.expression.LegacyMembers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The API's members from before expressions, compiled to the same as those (developer guide, "Legacy conditional parameters"). What is wrong
/// with them is a [KvRefusedException] of [Reason#VALIDATION] with DynamoDB's own text.
///
/// Values are items whose names are `"0"`, `"1"`, ... in the order of the list, so that a reader can tell them to an [ItemWriter].
public final class Legacy {
    private Legacy() {}

    /// ComparisonOperator.
    public enum Operator {
        EQ, NE, IN, LE, LT, GE, GT, BETWEEN, NOT_NULL, NULL, CONTAINS, NOT_CONTAINS, BEGINS_WITH
    }

    /// ConditionalOperator: whether all have to hold, or one.
    public enum Joined {
        AND, OR
    }

    /// One entry of Expected. Members that the request does not have are null.
    ///
    /// @param value Value, named `"0"`
    /// @param values AttributeValueList
    public record Expected(String attribute, @Nullable Boolean exists, @Nullable Item value, @Nullable Operator operator,
            @Nullable Item values) {}

    /// One entry of QueryFilter, ScanFilter or KeyConditions.
    ///
    /// @param values AttributeValueList; empty when the request has none
    public record Comparison(String attribute, Operator operator, Item values) {}

    /// One entry of AttributeUpdates.
    ///
    /// @param value named `"0"`; null for none
    public record AttributeUpdate(String attribute, Action action, @Nullable Item value) {
        public enum Action {
            PUT, ADD, DELETE
        }
    }

    /// @param joined ConditionalOperator; null when the request has none: AND
    public static Condition expected(List<Expected> expected, @Nullable Joined joined) {
        return new Condition(LegacyMembers.expected(expected, joined));
    }

    /// QueryFilter or ScanFilter.
    ///
    /// @param joined as [#expected] has it
    public static Condition filter(List<Comparison> comparisons, @Nullable Joined joined) {
        return new Condition(LegacyMembers.filter(comparisons, joined));
    }

    public static Update attributeUpdates(List<AttributeUpdate> updates) {
        return new Update(LegacyMembers.attributeUpdates(updates));
    }

    public static KeyCondition keyConditions(List<Comparison> comparisons) {
        return LegacyMembers.keyConditions(comparisons);
    }

    public static Projection attributesToGet(List<String> attributes) {
        return new Projection(LegacyMembers.attributesToGet(attributes));
    }
}
