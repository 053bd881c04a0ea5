package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The members that expressions have replaced.
record LegacyDraws(Draws draws, Values values, TableShape table) {
    Map<String, Object> comparison() {
        var operator = draws.of("EQ", "NE", "IN", "LE", "LT", "GE", "GT", "BETWEEN", "NOT_NULL", "NULL", "CONTAINS",
                "NOT_CONTAINS",
                "BEGINS_WITH");
        var type = operator.equals("BEGINS_WITH") ? draws.of("S", "B") : draws.of("S", "N", "B");
        List<?> list = switch (operator) {
            case "NULL", "NOT_NULL" -> List.of();
            case "BETWEEN" ->
                draws.mistake(10) ? List.of(object("N", "2"), object("N", "1")) : List.of(object("N", "-1"), object("N", "2"));
            case "IN" -> draws.of(List.of(values.key(type)), List.of(values.key(type), values.key(type)));
            case "EQ", "NE" -> List.of(values.scalar());
            default -> List.of(values.key(type));
        };
        if (draws.mistake(15))
            list = draws.of(List.of(), List.of(values.scalar()), List.of(values.set()));
        var comparison = object("ComparisonOperator", operator);
        if (!list.isEmpty() || draws.oneIn(2))
            comparison.put("AttributeValueList", list);
        return comparison;
    }

    /// @param names that may be looked at
    Map<String, Object> comparisons(List<String> names) {
        var all = new LinkedHashMap<String, Object>();
        for (int i = draws.from(1, 2); i > 0; i--)
            all.put(draws.of(names), comparison());
        return all;
    }

    private String name() {
        return draws.oneIn(12) ? draws.of(table.keyNames()) : draws.of(Values.OTHERS);
    }

    Map<String, Object> expected() {
        var all = new LinkedHashMap<String, Object>();
        for (int i = draws.from(1, 2); i > 0; i--)
            all.put(name(), switch (draws.below(5)) {
                case 0 -> object("Exists", false);
                case 1 -> object("Value", values.scalar());
                case 2 -> object("Exists", true, "Value", values.scalar());
                case 3 -> comparison();
                default -> draws.mistake(8)
                        ? draws.of(object(), object("Exists", true), object("Exists", false, "Value", values.scalar()),
                                object("Value", values.scalar(), "ComparisonOperator", "EQ", "AttributeValueList",
                                        List.of(values.scalar())),
                                object("AttributeValueList", List.of(values.scalar())))
                        : object("ComparisonOperator", "EQ", "AttributeValueList", List.of(values.scalar()));
            });
        return all;
    }

    /// One of them can meet something that does not fit; the others are of whole attributes.
    Map<String, Object> updates() {
        var all = new LinkedHashMap<String, Object>();
        var first = draws.of(Values.OTHERS);
        all.put(first, switch (draws.below(6)) {
            case 0 -> object("Action", "DELETE");
            case 1 -> object("Action", "DELETE", "Value", draws.mistake(8) ? values.any(1) : values.set());
            case 2 -> object("Action", "ADD", "Value",
                    draws.mistake(8) ? values.any(1) : draws.oneIn(2) ? values.number() : values.set());
            case 3 -> object("Value", values.under(first, table.types()));
            default -> draws.mistake(20)
                    ? object("Action", draws.of("PUT", "ADD"))
                    : object("Action", "PUT", "Value", values.under(first, table.types()));
        });
        for (int i = draws.from(0, 2); i > 0; i--) {
            var name = draws.of(Values.OTHERS);
            all.putIfAbsent(name, object("Action", "PUT", "Value", values.under(name, table.types())));
        }
        return all;
    }

    List<String> attributesToGet() {
        return draws.mistake(30) ? List.of("a", "a") : draws.of(List.of("a"), List.of("d", "k"), List.of("m", "e", "b"));
    }
}
