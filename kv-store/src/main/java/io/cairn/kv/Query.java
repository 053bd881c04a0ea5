package io.cairn.kv;

import org.jspecify.annotations.Nullable;

/// What a query asks for.
///
/// @param index null for the table itself
/// @param filter drops items after they were counted against the limits
/// @param forward whether sort keys ascend
/// @param limit items looked at, at most; 0 for no such limit
/// @param startKey [Page#lastKey] of the page before
/// @param whole whether the table's items are wanted where a local index has only a part of them
public record Query(@Nullable String index, KeyCondition keys, @Nullable Condition filter, boolean forward, int limit,
        @Nullable Item startKey, boolean whole) {
    public static Query of(KeyCondition keys) {
        return new Query(null, keys, null, true, 0, null, false);
    }

    public Query onIndex(String name) {
        return new Query(name, keys, filter, forward, limit, startKey, whole);
    }

    public Query from(@Nullable Item key) {
        return new Query(index, keys, filter, forward, limit, key, whole);
    }

    public Query descending() {
        return new Query(index, keys, filter, false, limit, startKey, whole);
    }

    public Query withLimit(int items) {
        return new Query(index, keys, filter, forward, items, startKey, whole);
    }
}
