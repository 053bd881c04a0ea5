package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.server.dynamodb.difference.TableShape.IndexShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Queries and scans.
record PageDraws(Draws draws, Values values, List<TableShape> tables) {
    Request draw() {
        var table = draws.of(tables);
        var index = table.indexes().isEmpty() || draws.oneIn(2) ? null : draws.of(table.indexes());
        return draws.oneIn(3) ? scan(table, index) : query(table, index);
    }

    private Map<String, Object> common(TableShape table, @Nullable IndexShape index) {
        var body = object("TableName", table.name());
        if (index != null)
            body.put("IndexName", index.name());
        if (draws.oneIn(3))
            body.put("Limit", draws.from(1, 4));
        if (draws.oneIn(4))
            body.put("ConsistentRead", index == null || index.local() ? draws.of(true, false) : draws.mistake(10));
        if (draws.oneIn(3))
            body.put("ReturnConsumedCapacity", draws.of("NONE", "TOTAL", "INDEXES"));
        return body;
    }

    /// What is to be told of each item.
    private void told(Map<String, Object> body, TableShape table, @Nullable IndexShape index, ExpressionDraws expressions) {
        if (draws.oneIn(4)) {
            // Of a local index what it has not is fetched from the table, of a global one it is not to be had.
            var names = index == null || index.local() || draws.mistake(10) ? Values.OTHERS : projected(table, index);
            var keys = index == null ? table.keyNames() : index.keyNames();
            body.put("ProjectionExpression", expressions.within(names.isEmpty() ? keys : names, keys).projection());
            if (draws.oneIn(3))
                body.put("Select",
                        draws.mistake(5)
                                ? draws.of("COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
                                : "SPECIFIC_ATTRIBUTES");
        } else if (draws.oneIn(4)) {
            boolean whole = index == null || index.local() || index.projection().equals("ALL");
            body.put("Select", draws.mistake(8)
                    ? draws.of("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES")
                    : draws.of("COUNT", whole ? "ALL_ATTRIBUTES" : "COUNT",
                            index == null ? "COUNT" : "ALL_PROJECTED_ATTRIBUTES"));
        }
    }

    /// Names of other attributes than the keys' that every row has, if its item does.
    private static List<String> projected(TableShape table, @Nullable IndexShape index) {
        var names = new ArrayList<>(Values.OTHERS);
        if (index != null && !index.projection().equals("ALL"))
            names.retainAll(index.projection().equals("INCLUDE") ? index.included() : List.of());
        names.removeAll(table.keyNames());
        if (index != null)
            names.removeAll(index.keyNames());
        return names;
    }

    private Request query(TableShape table, @Nullable IndexShape index) {
        var body = common(table, index);
        var keys = index == null ? table.keyNames() : index.keyNames();
        if (draws.oneIn(3))
            body.put("ScanIndexForward", draws.of(true, false));
        var filtered = draws.mistake(30) ? List.of(keys.getFirst()) : draws.mistake(30) ? Values.OTHERS : projected(table, index);
        var legacy = new LegacyDraws(draws, values, table);
        if (draws.oneIn(6)) {
            body.put("KeyConditions", keyConditions(table, keys));
            if (draws.oneIn(4) && !filtered.isEmpty())
                body.put("QueryFilter", legacy.comparisons(filtered));
            if (draws.oneIn(6) && (index == null || index.local()))
                body.put("AttributesToGet", legacy.attributesToGet());
            return Request.walk("Query", body);
        }
        var expressions = new ExpressionDraws(draws, values, table);
        body.put("KeyConditionExpression", keyCondition(table, keys, expressions));
        if (draws.oneIn(4) && !filtered.isEmpty())
            body.put("FilterExpression", expressions.within(filtered, List.of()).condition(1));
        told(body, table, index, expressions);
        expressions.into(body);
        return Request.walk("Query", body);
    }

    private String keyCondition(TableShape table, List<String> keys, ExpressionDraws expressions) {
        var first = keys.getFirst();
        var partition = first + " = " + expressions.bind(draws.mistake(30) ? values.scalar() : values.key(table.typeOf(first)));
        if (draws.mistake(40))
            return draws.of("", first, partition + " OR d = " + expressions.bind(values.scalar()),
                    first + " > " + expressions.bind(values.scalar()),
                    partition + " AND d = " + expressions.bind(values.scalar()),
                    "NOT " + partition, partition + " AND " + partition,
                    "size(" + first + ") = " + expressions.bind(values.number()),
                    partition + " AND attribute_exists(r)", first + " = d",
                    first + " IN (" + expressions.bind(values.scalar()) + ")",
                    partition + " AND r <> " + expressions.bind(values.scalar()));
        if (keys.size() < 2 || draws.oneIn(2))
            return partition;
        var sort = keys.get(1);
        var type = table.typeOf(sort);
        if (draws.oneIn(5)) {
            var range = values.range(type);
            var low = expressions.bind(range.getFirst());
            return partition + " AND " + sort + " BETWEEN " + low + " AND " + expressions.bind(range.getLast());
        }
        var value = expressions.bind(draws.mistake(30) ? values.scalar() : values.key(type));
        return partition + " AND " + switch (draws.below(8)) {
            case 0 -> value + " < " + sort;
            case 1 -> type.equals("N") && !draws.mistake(10) ? sort + " = " + value : "begins_with(" + sort + ", " + value + ")";
            default -> sort + " " + draws.of("=", "<", "<=", ">", ">=") + " " + value;
        };
    }

    private Map<String, Object> keyConditions(TableShape table, List<String> keys) {
        var conditions = object(keys.getFirst(),
                object("ComparisonOperator", draws.mistake(20) ? "GT" : "EQ", "AttributeValueList",
                        List.of(values.key(table.typeOf(keys.getFirst())))));
        if (keys.size() > 1 && draws.oneIn(2)) {
            var type = table.typeOf(keys.get(1));
            var operator = draws.of("EQ", "LT", "LE", "GT", "GE", type.equals("N") ? "EQ" : "BEGINS_WITH", "BETWEEN", "BETWEEN");
            if (draws.mistake(30))
                conditions.put(keys.get(1), object("ComparisonOperator", "NE", "AttributeValueList", List.of(values.key(type))));
            else
                conditions.put(keys.get(1), object("ComparisonOperator", operator, "AttributeValueList",
                        operator.equals("BETWEEN") ? values.range(type) : List.of(values.key(type))));
        } else if (draws.mistake(20))
            conditions.put("d", object("ComparisonOperator", "EQ", "AttributeValueList", List.of(values.scalar())));
        return conditions;
    }

    private Request scan(TableShape table, @Nullable IndexShape index) {
        var body = common(table, index);
        if (draws.oneIn(8)) {
            body.put("TotalSegments", draws.from(1, 3));
            if (draws.mistake(8))
                body.put("Segment", 3);
        }
        // Filters of an index's scan see what the index has; Local lets them see the whole item.
        var filtered = index != null && !draws.oneIn(20) ? projected(table, index) : Values.OTHERS;
        var legacy = new LegacyDraws(draws, values, table);
        if (draws.oneIn(6) && !filtered.isEmpty()) {
            var comparisons = legacy.comparisons(filtered);
            body.put("ScanFilter", comparisons);
            if (comparisons.size() > 1 ? draws.oneIn(3) : draws.mistake(20))
                body.put("ConditionalOperator", draws.of("AND", "OR"));
            return Request.walk("Scan", body);
        }
        var expressions = new ExpressionDraws(draws, values, table);
        if (draws.oneIn(3) && !filtered.isEmpty())
            body.put("FilterExpression",
                    expressions.within(filtered, index == null ? table.keyNames() : index.keyNames()).condition(2));
        told(body, table, index, expressions);
        expressions.into(body);
        return Request.walk("Scan", body);
    }
}
