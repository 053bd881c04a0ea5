package io.cairn.kv;

import org.jspecify.annotations.Nullable;

/// What a scan asks for: all items, or the `segment`th of `segments` parts, so that several can scan at once.
///
/// @param index null for the table itself
/// @param filter drops items after they were counted against the limits
/// @param limit items looked at, at most; 0 for no such limit
/// @param startKey [Page#lastKey] of the page before
/// @param whole whether the table's items are wanted where a local index has only a part of them
public record Scan(@Nullable String index, @Nullable Condition filter, int limit, @Nullable Item startKey, int segment,
        int segments, boolean whole) {
    public static final int MAX_SEGMENTS = 1_000_000;
    public static final Scan ALL = new Scan(null, null, 0, null, 0, 1, false);

    public Scan {
        if (segments < 1 || segments > MAX_SEGMENTS || segment < 0 || segment >= segments)
            throw new IllegalArgumentException("no segment " + segment + " of " + segments);
    }

    public Scan from(@Nullable Item key) {
        return new Scan(index, filter, limit, key, segment, segments, whole);
    }

    public Scan withLimit(int items) {
        return new Scan(index, filter, items, startKey, segment, segments, whole);
    }
}
