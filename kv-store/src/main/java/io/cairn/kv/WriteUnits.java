package io.cairn.kv;

import java.util.Map;

/// What a write counts as, in units of a KiB begun (developer guide, "DynamoDB read and write operations").
///
/// @param table for the larger of the item before and after
/// @param indexes for each index whose rows change
public record WriteUnits(int table, Map<String, Integer> indexes) {
    public WriteUnits {
        indexes = Map.copyOf(indexes);
    }

    /// At least one.
    public static int of(int bytes) {
        return Math.max(1, (bytes + 1023) >>> 10);
    }
}
