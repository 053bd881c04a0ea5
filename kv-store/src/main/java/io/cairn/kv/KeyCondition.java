package io.cairn.kv;

import java.util.List;

/// Which keys a query asks for: a KeyConditionExpression ([Placeholders]) or KeyConditions ([Legacy]), not yet held against a table's or an
/// index's keys.
///
/// @param comparisons of which all have to be so; no attribute twice
public record KeyCondition(List<Comparison> comparisons) {
    public enum Operator {
        EQ, LT, LE, GT, GE,
        /// Two operands, both within.
        BETWEEN, BEGINS_WITH
    }

    /// @param operands encoded values: two for BETWEEN, one for the others; never change them
    public record Comparison(String attribute, Operator operator, List<byte[]> operands) {
        public Comparison {
            operands = List.copyOf(operands);
        }
    }

    public KeyCondition {
        comparisons = List.copyOf(comparisons);
    }
}
