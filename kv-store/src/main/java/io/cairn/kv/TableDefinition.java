package io.cairn.kv;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A table as it is asked for.
///
/// @param attributes type of each attribute that a key names: S, N or B
/// @param stream null for no stream
/// @param ttlAttribute name of the number that says, in seconds since 1970, when an item expires; null when none does. It is removed within
///     about a minute of that, unless that was more than five years ago
/// @param deletionProtected whether deleting it is refused
/// @param settings what a face keeps with it, as a document of its own: tags, billing
public record TableDefinition(String name, KeySchema key, Map<String, ValueType> attributes, List<IndexDefinition> indexes,
        @Nullable StreamView stream, @Nullable String ttlAttribute, boolean deletionProtected, Item settings) {
    public TableDefinition {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes)); // in order, so that its bytes are the same each time
        indexes = List.copyOf(indexes);
    }

    public static TableDefinition of(String name, KeySchema key, Map<String, ValueType> attributes) {
        return new TableDefinition(name, key, attributes, List.of(), null, null, false, Item.EMPTY);
    }

    public TableDefinition withIndexes(IndexDefinition... others) {
        return new TableDefinition(name, key, attributes, List.of(others), stream, ttlAttribute, deletionProtected, settings);
    }

    public TableDefinition withIndexes(List<IndexDefinition> others, Map<String, ValueType> types) {
        return new TableDefinition(name, key, types, others, stream, ttlAttribute, deletionProtected, settings);
    }

    public TableDefinition withStream(@Nullable StreamView view) {
        return new TableDefinition(name, key, attributes, indexes, view, ttlAttribute, deletionProtected, settings);
    }

    public TableDefinition withTtlAttribute(@Nullable String attribute) {
        return new TableDefinition(name, key, attributes, indexes, stream, attribute, deletionProtected, settings);
    }

    public TableDefinition withDeletionProtection(boolean isProtected) {
        return new TableDefinition(name, key, attributes, indexes, stream, ttlAttribute, isProtected, settings);
    }

    public TableDefinition withSettings(Item other) {
        return new TableDefinition(name, key, attributes, indexes, stream, ttlAttribute, deletionProtected, other);
    }

    /// The index of this name, or null.
    public @Nullable IndexDefinition index(String indexName) {
        for (var index : indexes)
            if (index.name().equals(indexName))
                return index;
        return null;
    }
}
