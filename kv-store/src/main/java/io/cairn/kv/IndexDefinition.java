package io.cairn.kv;

/// A second way to find items: a local index has the table's partition key and another sort key, a global one any. Items that lack an
/// attribute of its key are not in it.
///
/// @param settings what a face keeps with it, as a document of its own: throughput, for one
public record IndexDefinition(String name, Scope scope, KeySchema key, IndexProjection projection, Item settings) {
    public enum Scope {
        LOCAL, GLOBAL
    }

    public static IndexDefinition local(String name, KeySchema key, IndexProjection projection) {
        return new IndexDefinition(name, Scope.LOCAL, key, projection, Item.EMPTY);
    }

    public static IndexDefinition global(String name, KeySchema key, IndexProjection projection) {
        return new IndexDefinition(name, Scope.GLOBAL, key, projection, Item.EMPTY);
    }

    public boolean isLocal() { return scope == Scope.LOCAL; }

    public IndexDefinition withSettings(Item other) {
        return new IndexDefinition(name, scope, key, projection, other);
    }
}
