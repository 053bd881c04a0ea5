package io.cairn.replication;

/// What an engine does so that its extents can be moved out of half-empty files: only its rows know who names them.
@FunctionalInterface
public interface ExtentOwner {
    /// Walks all rows that name extents, has those that [Relocation#concerns] copied, and makes the rows name the copies, in batches that add
    /// the copy, drop the old extent and replace the row, under the latches of the rows. What changed meanwhile is left alone. Runs on a
    /// thread of the log's; blocks for as long as the round takes; returns early when [Relocation#ended].
    void moveExtents(Relocation relocation);
}
