package io.cairn.server.dynamodb.difference;

import io.cairn.kv.testkit.ApiCall;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request.
///
/// @param operation such as `GetItem`
/// @param walks whether to go on from each LastEvaluatedKey to the end: each side has its own order of partitions, so only all pages together
///   can be compared; a Scan with TotalSegments and no Segment walks all segments
record Request(String operation, Map<String, Object> body, boolean walks) {
    static Request of(String operation, Map<String, Object> body) {
        return new Request(operation, body, false);
    }

    static Request walk(String operation, Map<String, Object> body) {
        return new Request(operation, body, true);
    }

    Request with(String member, Object value) {
        var other = new LinkedHashMap<>(body);
        other.put(member, value);
        return new Request(operation, other, walks);
    }

    static Request of(ApiCall call) {
        boolean walks = call.operation().equals("Query") || call.operation().equals("Scan");
        var body = new LinkedHashMap<String, Object>();
        call.members().forEach((name, value) -> body.put(name, ValueJson.of(value)));
        return new Request(call.operation(), body, walks);
    }

    @Nullable
    String text(String member) {
        return body.get(member) instanceof String text ? text : null;
    }

    boolean changesItems() {
        return switch (operation) {
            case "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "CreateTable", "UpdateTable",
                    "DeleteTable", "UpdateTimeToLive", "TagResource", "UntagResource" ->
                true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        var text = operation + (walks ? " (all pages) " : " ") + Json.text(body);
        return text.length() > 3000 ? text.substring(0, 3000) + "..." : text;
    }
}
