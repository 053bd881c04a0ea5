package io.cairn.replication;

/// How fresh a read must be.
public sealed interface ReadLevel {
    /// Everything acknowledged before the read began.
    record Linearizable() implements ReadLevel {}

    /// What this replica has, but at least everything up to `minIndex`.
    record Local(long minIndex) implements ReadLevel {}
}
