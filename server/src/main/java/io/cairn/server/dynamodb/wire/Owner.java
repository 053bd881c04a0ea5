package io.cairn.server.dynamodb.wire;

/// What attribute values are there for: the service says so when they are none that can be.
enum Owner {
    EXPRESSION_VALUES, START_KEY, OTHER;

    static Owner of(String member) {
        return switch (member) {
            case "ExpressionAttributeValues" -> EXPRESSION_VALUES;
            case "ExclusiveStartKey" -> START_KEY;
            default -> OTHER;
        };
    }

    /// @param name at the top, under which the fault is
    String worded(String problem, String name) {
        return switch (this) {
            case EXPRESSION_VALUES -> "ExpressionAttributeValues contains invalid value: " + problem + " for key " + name;
            case START_KEY -> "The provided starting key is invalid: " + problem;
            case OTHER -> problem;
        };
    }
}
