package io.cairn.replication;

/// A state of the store that may be read: everything up to `index` is in it.
public record ReadPoint(long index, long stamp) {}
