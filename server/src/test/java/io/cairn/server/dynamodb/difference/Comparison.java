package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whole answers as texts that are equal when the answers say the same: without what is each server's own (ids, dates, ARNs) and without order
/// where the API has none (members of objects and sets, rows of an index with equal keys, items of a Scan).
final class Comparison {
    private static final Set<String> OWN = Set.of("TableArn", "IndexArn", "CreationDateTime", "LatestStreamLabel",
            "LatestStreamArn",
            "LastUpdateToPayPerRequestDateTime");
    private static final Set<String> UNORDERED = Set.of("SS", "NS", "BS", "AttributeDefinitions", "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes", "NonKeyAttributes", "ConsumedCapacity", "Tags");
    private static final String CONSUMED = "ConsumedCapacity";

    private Comparison() {}

    /// @param sortKey of the index that is asked; null for none
    static String normal(Request request, @Nullable String sortKey, Answer answer) {
        if (!answer.isOk())
            return answer.status() + " " + Json.text(normal(refused(answer), ""));
        if (!request.walks())
            return answer.status() + " " + Json.text(normal(answer.body(), request.operation()));
        if (isOrdered(request))
            return answer.status() + " " + Json.text(normal(answer.body(), ""));
        return answer.status() + " " + merged(request, sortKey, answer.pages(), true);
    }

    /// A tree as text, members of objects and sets in order.
    static String text(@Nullable Object tree) {
        return Json.text(normal(tree, ""));
    }

    /// Pages of a Query of the table itself come in one order only.
    static boolean isOrdered(Request request) {
        return request.operation().equals("Query") && !request.body().containsKey("IndexName");
    }

    /// @param capacity whether what was consumed is told too, and how many rows each page had
    static String merged(Request request, @Nullable String sortKey, List<Map<String, @Nullable Object>> pages, boolean capacity) {
        var items = new ArrayList<@Nullable Object>();
        var count = BigDecimal.ZERO;
        var scanned = BigDecimal.ZERO;
        var pageRows = new ArrayList<@Nullable Object>();
        Object consumed = null;
        boolean hasItems = false;
        for (var page : pages) {
            hasItems |= page.containsKey("Items");
            items.addAll(Tree.list(page.get("Items")));
            count = count.add(Tree.number(page.get("Count")));
            scanned = scanned.add(Tree.number(page.get("ScannedCount")));
            pageRows.add(page.get("ScannedCount"));
            consumed = sum(consumed, page.get(CONSUMED));
        }
        var order = new StringBuilder();
        if (request.operation().equals("Query") && sortKey != null)
            for (var item : items)
                order.append(Json.text(normal(Tree.map(item).get(sortKey), "")));
        var whole = new TreeMap<String, @Nullable Object>();
        whole.put("Count", count);
        whole.put("ScannedCount", scanned);
        if (hasItems)
            whole.put("Items", items);
        // Which item is in which segment, and so how many pages there are, is each server's own affair.
        boolean oneSegment = !request.body().containsKey("TotalSegments");
        if (capacity && consumed != null && oneSegment)
            whole.put(CONSUMED, consumed);
        if (capacity && oneSegment)
            whole.put("rows of pages", pageRows);
        return order + " " + Json.text(normal(whole, "Scan"));
    }

    /// Of two trees of numbers.
    private static @Nullable Object sum(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Map && other instanceof Map) {
            var sum = Tree.map(one);
            Tree.map(other).forEach((name, value) -> sum.put(name, sum(sum.get(name), value)));
            return sum;
        }
        if (one instanceof BigDecimal left && other instanceof BigDecimal right)
            return left.add(right);
        return one == null ? other : one;
    }

    private static Map<String, @Nullable Object> refused(Answer answer) {
        var body = Tree.map(answer.body());
        if (body.get("message") instanceof String text)
            body.put("message", lists(text));
        return body;
    }

    /// Names that a message counts up come in the order of a hash.
    private static String lists(String message) {
        boolean unused = message.contains("unused in expressions") || message.contains("attribute_type, operand type: {")
                || message.contains("valid types: {");
        int open = message.lastIndexOf(unused ? '{' : '[');
        if (!unused && !message.contains("does not project") || open < 0)
            return message;
        var names = message.substring(open + 1, message.length() - 1).split(", ?", -1);
        Arrays.sort(names);
        return message.substring(0, open + 1) + String.join(", ", names) + message.charAt(message.length() - 1);
    }

    private static @Nullable Object normal(@Nullable Object tree, String name) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, @Nullable Object>();
                Tree.map(map).forEach((inner, value) -> sorted.put(inner,
                        OWN.contains(inner) && !(value instanceof Map) ? "*" : normal(value, inner(name, inner))));
                yield sorted;
            }
            case List<?> list -> {
                var all = new ArrayList<@Nullable Object>();
                list.forEach(value -> all.add(normal(value, "")));
                if (UNORDERED.contains(name))
                    all.sort(Comparator.comparing(Json::text));
                yield all;
            }
            case Number number -> "number " + new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
            case null, default -> tree;
        };
    }

    /// Items of a Scan and of a batch are in no order.
    private static String inner(String name, String inner) {
        return switch (name) {
            case "Scan" -> inner.equals("Items") ? "SS" : inner;
            case "BatchGetItem" -> inner.equals("Responses") ? "tables" : inner;
            case "tables" -> "SS";
            default -> inner;
        };
    }

    /// Where two answers to one request differ: names of members, or `order`.
    static List<String> differing(Request request, Answer one, Answer other) {
        var differing = new ArrayList<String>();
        var left = request.walks() && !one.pages().isEmpty() ? one.pages().getFirst() : one.body();
        var right = request.walks() && !other.pages().isEmpty() ? other.pages().getFirst() : other.body();
        var names = new TreeMap<>(left);
        names.putAll(right);
        for (var name : names.keySet())
            if (!Json.text(normal(left.get(name), "SS")).equals(Json.text(normal(right.get(name), "SS"))))
                differing.add(name + (left.containsKey(name) ? right.containsKey(name) ? "" : " only Local" : " only Cairn"));
        return differing.isEmpty() ? List.of("order") : differing;
    }
}
