package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;

/// Attribute values that are well-formed JSON, but none that can be: stands where their [Item] would. The service looks at values long after it
/// looked at the form of the request, so this is told only when the values are asked for.
///
/// @param message in DynamoDB's words
record Unusable(String message) {
    /// The item, or the refusal that stands in its place.
    static Item item(Object value) {
        return switch (value) {
            case Item item -> item;
            case Unusable(var message) -> throw KvRefusedException.validation(message);
            default -> throw new IllegalStateException("no attribute values, but " + value.getClass());
        };
    }
}
