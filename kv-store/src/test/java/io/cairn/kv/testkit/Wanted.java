package io.cairn.kv.testkit;

import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A query.
///
/// @param index null for the table
/// @param partition a value for each attribute of the partition key
/// @param sort a bound for each of the first few attributes of the sort key; all but the last are [Operator#EQ]
record Wanted(String table, @Nullable String index, List<Value> partition, List<Bound> sort, @Nullable Asked filter,
        boolean forward,
        int limit, boolean whole) {
    record Bound(Operator operator, List<Value> operands) {
        boolean holds(Value value) {
            var first = operands.getFirst();
            return switch (operator) {
                case EQ -> Plain.compare(value, first) == 0;
                case LT -> Plain.compare(value, first) < 0;
                case LE -> Plain.compare(value, first) <= 0;
                case GT -> Plain.compare(value, first) > 0;
                case GE -> Plain.compare(value, first) >= 0;
                case BETWEEN -> Plain.compare(value, first) >= 0 && Plain.compare(value, operands.get(1)) <= 0;
                case BEGINS_WITH -> Asked.beginsWith(value, first);
            };
        }

        private String text(String name, Spelling spelling) {
            var first = spelling.value(operands.getFirst());
            return switch (operator) {
                case EQ -> name + " = " + first;
                case LT -> name + " < " + first;
                case LE -> name + " <= " + first;
                case GT -> name + " > " + first;
                case GE -> name + " >= " + first;
                case BETWEEN -> name + " BETWEEN " + first + " AND " + spelling.value(operands.get(1));
                case BEGINS_WITH -> "begins_with(" + name + ", " + first + ")";
            };
        }
    }

    /// @param names of the attributes of the key that is asked, partition first
    String text(List<String> names, Spelling spelling) {
        var text = new StringBuilder();
        for (int i = 0; i < partition.size() + sort.size(); i++) {
            var name = spelling.name(names.get(i));
            text.append(i == 0 ? "" : " AND ").append(i < partition.size()
                    ? name + " = " + spelling.value(partition.get(i))
                    : sort.get(i - partition.size()).text(name, spelling));
        }
        return text.toString();
    }

    /// What a page has.
    ///
    /// @param lastKey null at the end
    record ModelPage(List<Map<String, Value>> items, int scanned, long bytes, @Nullable Map<String, Value> lastKey) {}
}
