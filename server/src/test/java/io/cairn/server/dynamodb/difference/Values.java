package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Attribute values out of few, so that they meet.
record Values(Draws draws) {
    static final List<String> OTHERS = List.of("d", "e", "m", "l", "ss", "ns", "a", "b", "c");

    Map<String, Object> key(String type) {
        return switch (type) {
            case "S" -> object("S", draws.of("a", "b", "ab", "é"));
            case "N" -> object("N", draws.of("0", "1", "-1", "2", "10", "1.5"));
            default -> object("B", draws.of("AA==", "AAE=", "/w=="));
        };
    }

    /// Two, in order.
    List<Map<String, Object>> range(String type) {
        return switch (type) {
            case "S" -> draws.of(List.of(object("S", "a"), object("S", "b")), List.of(object("S", "a"), object("S", "a")));
            case "N" -> draws.of(List.of(object("N", "-1"), object("N", "1.5")), List.of(object("N", "1"), object("N", "10")));
            default -> List.of(object("B", "AA=="), object("B", draws.of("AAE=", "/w==")));
        };
    }

    Map<String, Object> scalar() {
        return switch (draws.below(8)) {
            case 0, 1 -> object("S", draws.of("", "a", "b", "ab", "abc", "é"));
            case 2, 3 -> number();
            case 4 -> object("B", draws.of("", "AA==", "AAE=", "/w=="));
            case 5 -> object("BOOL", draws.of(true, false));
            case 6 -> object("NULL", true);
            default -> key(draws.of("S", "N", "B"));
        };
    }

    Map<String, Object> number() {
        return object("N", draws.of("0", "1", "-1", "2", "1.5", "1.50", "1e2", "100", "-0", "0.001", "1E-130", "9.99E125",
                "12345678901234567890123456789012345678", "007", "+3"));
    }

    Map<String, Object> set() {
        return switch (draws.below(3)) {
            case 0 -> object("SS", draws.of(List.of("a"), List.of("a", "b"), List.of("b", "c", "a")));
            case 1 -> object("NS", draws.of(List.of("1"), List.of("1", "2"), List.of("3", "1.5", "-1")));
            default -> object("BS", draws.of(List.of("AA=="), List.of("AAE=", "AA==")));
        };
    }

    Map<String, Object> any(int depth) {
        return switch (draws.below(10)) {
            case 0, 1 -> set();
            case 2 -> depth == 0
                    ? scalar()
                    : object("L", draws.of(List.of(), List.of(any(depth - 1)), List.of(any(depth - 1), any(depth - 1))));
            case 3 -> depth == 0
                    ? scalar()
                    : object("M", draws.of(Map.of(), Map.of("x", any(depth - 1)), object("x", any(depth - 1), "y", scalar())));
            default -> scalar();
        };
    }

    /// What stands under a name, most of the time: names of index keys have their types, others what they say.
    Map<String, Object> under(String name, Map<String, String> types) {
        var type = types.get(name);
        if (type != null)
            return draws.mistake(40) ? set() : key(type);
        return switch (name) {
            case "m" -> draws.oneIn(6) ? any(1) : object("M", object("x", any(1), "y", scalar()));
            case "l" -> draws.oneIn(6) ? any(1) : object("L", List.of(any(1), scalar()));
            case "ss" -> draws.oneIn(6) ? any(1) : object("SS", draws.of(List.of("a"), List.of("a", "b"), List.of("c", "b")));
            case "ns" -> draws.oneIn(6) ? any(1) : object("NS", draws.of(List.of("1"), List.of("1", "2"), List.of("2", "3")));
            default -> any(2);
        };
    }

    Map<String, Object> key(TableShape table) {
        var key = new LinkedHashMap<String, Object>();
        for (var name : table.keyNames())
            key.put(name, key(table.typeOf(name)));
        return key;
    }

    Map<String, Object> item(TableShape table) {
        var item = new LinkedHashMap<>(key(table));
        for (var name : OTHERS)
            if (draws.oneIn(2))
                item.put(name, under(name, table.types()));
        return item;
    }
}
