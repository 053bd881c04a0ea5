package io.cairn.replication;

import java.util.concurrent.CompletableFuture;

/// A batch that has its place in the order.
///
/// @param sequence place within the epoch, from 1
/// @param stamp max(clock in microseconds, last stamp + 1): unique, ascending in order; already written into the batch's slots
/// @param done completes on the log's own thread once the batch is durable and applied: hand long work to another thread.
///     Fails with [NotLeaderException] (never applied) or [OutcomeUnknownException] (may be applied)
public record Proposed(long sequence, long stamp, CompletableFuture<Applied> done) {}
