package io.cairn.kv;

import java.util.List;

/// What of an item stands in an index.
///
/// @param kind the keys alone, the keys and `names`, or all
public record IndexProjection(Kind kind, List<String> names) {
    public enum Kind {
        ALL, KEYS_ONLY, INCLUDE
    }

    public static final IndexProjection ALL = new IndexProjection(Kind.ALL, List.of());
    public static final IndexProjection KEYS_ONLY = new IndexProjection(Kind.KEYS_ONLY, List.of());

    public IndexProjection {
        names = List.copyOf(names);
    }

    public static IndexProjection include(String... names) {
        return new IndexProjection(Kind.INCLUDE, List.of(names));
    }
}
