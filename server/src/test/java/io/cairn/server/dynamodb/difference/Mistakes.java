package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Requests that must be refused, whatever the tables hold: sound ones with one mistake.
record Mistakes(Draws draws) {
    private static final Map<String, String> EXPRESSIONS = Map.of("PutItem", "ConditionExpression", "DeleteItem",
            "ConditionExpression",
            "UpdateItem", "ConditionExpression", "Query", "FilterExpression", "Scan", "FilterExpression", "GetItem",
            "ProjectionExpression");

    /// Null where there is none for such a request.
    @Nullable
    Request in(Request sound) {
        var expression = EXPRESSIONS.get(sound.operation());
        if (expression == null || isMistaken(Json.Tree.objects(sound.body().get("Item"))))
            return null;
        return switch (draws.below(8)) {
            case 0 -> sound.with("TableName", "nowhere-at-all");
            case 1 -> sound.with("TableName", "no table");
            case 2 -> sound.with(expression, draws.of("", "a =", "a b c", "((a = b))", "a..b"));
            case 3 -> unused(sound);
            case 4 -> without(sound, "TableName");
            default -> sound.body().containsKey("Key")
                    ? badKey(sound)
                    : sound.body().containsKey("Item") ? badItem(sound) : unused(sound);
        };
    }

    /// Keys of indexes that they cannot have: the test kit puts such now and then.
    private static boolean isMistaken(Map<String, Object> item) {
        return item.get("a") instanceof Map<?, ?> a && !a.containsKey("N") || object("S", "").equals(item.get("b"));
    }

    private static Request without(Request sound, String member) {
        var body = new LinkedHashMap<>(sound.body());
        body.remove(member);
        return new Request(sound.operation(), body, sound.walks());
    }

    private static Request unused(Request sound) {
        var names = Json.Tree.objects(sound.body().get("ExpressionAttributeNames"));
        names.put("#unused", "zzz");
        return sound.with("ExpressionAttributeNames", names);
    }

    private Request badKey(Request sound) {
        var key = Json.Tree.objects(sound.body().get("Key"));
        switch (draws.below(4)) {
            case 0 -> key.remove("p");
            case 1 -> key.put("extra", object("S", "a"));
            case 2 -> key.put("p", object("N", "1"));
            default -> key.put("p", object("S", ""));
        }
        return sound.with("Key", key);
    }

    private Request badItem(Request sound) {
        var item = Json.Tree.objects(sound.body().get("Item"));
        switch (draws.below(5)) {
            case 0 -> item.remove("p");
            case 1 -> item.put("p", object("S", ""));
            case 2 -> item.put("x", object("N", "abc"));
            case 3 -> item.put("x", object("SS", List.of()));
            default -> item.put("x", object("NS", List.of("1", "1.0")));
        }
        return sound.with("Item", item);
    }
}
