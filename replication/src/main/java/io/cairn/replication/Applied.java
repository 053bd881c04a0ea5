package io.cairn.replication;

/// A batch that is durable and applied.
///
/// @param index its place in the log, counted from 1 over all epochs
/// @param stamp as in [Proposed]
public record Applied(long index, long stamp) {}
