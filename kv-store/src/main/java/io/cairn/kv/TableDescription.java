package io.cairn.kv;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table as it stands.
///
/// @param id of this table alone: one made later under the same name has another
/// @param indexStatus of each index, by name
/// @param stream label of the stream: when it was switched on; null without one
/// @param itemCount items, about: see [KvStore]
/// @param sizeBytes of these, as [Item#size] counts
public record TableDescription(TableDefinition definition, int id, Status status, Instant created,
        Map<String, Status> indexStatus, @Nullable Instant stream, long itemCount, long sizeBytes) {
    public enum Status {
        CREATING, ACTIVE, UPDATING, DELETING
    }

    public TableDescription {
        indexStatus = Map.copyOf(indexStatus);
    }

    public String name() {
        return definition.name();
    }
}
