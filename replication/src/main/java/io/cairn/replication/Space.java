package io.cairn.replication;

/// A sorted map of an engine's store. An engine declares an enum that implements this; `ordinal()` is written into every batch
/// and onto disk, so constants are only ever added at the end, never removed, renamed or moved.
public interface Space {
    int ordinal();

    String name();
}
