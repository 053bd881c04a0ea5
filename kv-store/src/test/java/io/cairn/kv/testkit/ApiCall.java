package io.cairn.kv.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request in the words of DynamoDB's API, made from a step of a history.
public final class ApiCall {
    private final String operation;
    private final Map<String, Object> members;
    private final Step step;

    /// @param step what [ApiModel] is asked
    ApiCall(String operation, Map<String, Object> members, Step step) {
        this.operation = operation;
        this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        this.step = step;
    }

    /// Such as `PutItem`.
    public String operation() {
        return operation;
    }

    /// Of the request: texts, numbers, truths, lists and maps of them, and an [io.cairn.kv.Value] where the API has an attribute value. A Query and a Scan
    /// stand for all their pages, a Scan with TotalSegments for all its segments too.
    public Map<String, Object> members() {
        return members;
    }

    Step step() {
        return step;
    }
}
