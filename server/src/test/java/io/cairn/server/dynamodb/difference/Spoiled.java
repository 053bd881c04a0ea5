package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sound requests with one thing wrong.
record Spoiled(Draws draws, Values values) {
    Request of(Request request) {
        var body = new LinkedHashMap<>(request.body());
        switch (draws.below(12)) {
            case 0 -> body.remove(draws.of(new ArrayList<>(body.keySet())));
            case 1 -> {
                if (body.containsKey("TableName"))
                    body.put("TableName", draws.of("None", "Alphabet", "x", "bad name", "", "a".repeat(256)));
            }
            case 2, 3 -> spoilKey(body);
            case 4, 5, 6 -> spoilItem(body);
            case 7 -> body.put(
                    draws.of("ReturnValues", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics", "Select",
                            "ConditionalOperator"),
                    draws.of("SOME", "", "none", "ALL_PROJECTED"));
            case 8 -> {
                if (request.walks()) {
                    if (draws.oneIn(3))
                        body.put("IndexName", "no-such-index");
                    else
                        body.put("Limit", draws.of(0, -1));
                } else
                    body.put("ExpressionAttributeNames",
                            draws.of(object(), object("x", "a"), object("#x", ""), object("#x", "a")));
            }
            case 9 -> body.put(draws.of(new ArrayList<>(body.keySet())), draws.of("text", List.of(), List.of("x"), object()));
            case 10 -> body.put("ExpressionAttributeValues",
                    draws.of(object(), object("v", values.scalar()), object(":x", object()), object(":x", badValue()),
                            object(":x", values.scalar())));
            default -> {
                if (request.walks())
                    body.put("ExclusiveStartKey",
                            draws.of(object(), object("k", object("S", "a")), object("zz", object("S", "a"))));
                else {
                    body.put("ConditionExpression", "attribute_exists(a)");
                    body.put("Expected", object("a", object("Exists", false)));
                }
            }
        }
        return new Request(request.operation(), body, request.walks());
    }

    private void spoilKey(Map<String, Object> body) {
        var member = body.containsKey("Key") ? "Key" : body.containsKey("Item") ? "Item" : null;
        if (member == null || !(body.get(member) instanceof Map<?, ?> whole))
            return;
        var key = new LinkedHashMap<String, Object>();
        whole.forEach((name, value) -> key.put(String.valueOf(name), value));
        switch (draws.below(6)) {
            case 0 -> key.remove("k");
            case 1 -> key.remove("r");
            case 2 -> key.put("k", values.any(1));
            case 3 -> key.put(draws.of("k", "r"), draws.of(object("S", ""), object("B", "")));
            case 4 -> key.put("extra", values.scalar());
            default -> key.put("k", object("S", "x".repeat(draws.of(2048, 2049))));
        }
        body.put(member, key);
    }

    private void spoilItem(Map<String, Object> body) {
        if (!(body.get("Item") instanceof Map<?, ?> whole)) {
            spoilKey(body);
            return;
        }
        var item = new TreeMap<String, Object>();
        whole.forEach((name, value) -> item.put(String.valueOf(name), value));
        switch (draws.below(4)) {
            case 0 -> item.put("d", object("S", "x".repeat(draws.of(300_000, 420_000))));
            case 1 -> item.put("", values.scalar());
            default -> item.put("d", badValue());
        }
        body.put("Item", item);
    }

    private Object badValue() {
        return draws.of(object(), object("SS", List.of()), object("NS", List.of()), object("SS", List.of("a", "a")),
                object("NS", List.of("1", "1.0")), object("N", "1e126"), object("N", "-1e126"), object("N", "1e-131"),
                object("N", "123456789012345678901234567890123456789"), object("N", ""), object("N", "abc"), object("N", " 1"),
                object("S", "a", "N", "1"), object("NULL", false), object("X", "a"),
                object("BOOL", "true"), object("B", "not base64!"), object("L", object()), object("M", List.of()),
                object("SS", List.of("")), object("BS", List.of("AA==", "AA==")), object("BS", List.of()), nested(),
                object("M", object("x", object("SS", List.of()))), object("L", List.of(object("N", "x"))));
    }

    private static Object nested() {
        Object value = object("S", "deep");
        for (int i = 0; i < 40; i++)
            value = object("L", List.of(value));
        return value;
    }
}
