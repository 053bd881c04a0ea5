package io.cairn.kv;

import io.cairn.kv.StreamRecord.Sequence;
import java.time.Duration;
import java.util.List;

/// What was changed in a table during the last 24 hours, each change once, those of one item in order. One that was switched off, or whose
/// table was deleted, tells what it has until that is as old. Any thread.
public interface TableStream {
    /// How long a change is told.
    Duration KEPT = Duration.ofHours(24);

    /// All shards, oldest first. A shard is closed after four hours and followed by one whose parent it is; those of a stream that was disabled
    /// are closed, and nothing follows.
    List<StreamShard> shards();

    /// The place behind the newest change of a shard. [Reason#NOT_FOUND] when there is no such shard.
    Sequence latest(String shard);

    /// Changes of a shard from `from` on, or from the oldest that is kept. Blocks. [Reason#NOT_FOUND] when there is no such shard.
    ///
    /// @param limit 1 to [StreamPage#MAX_RECORDS]
    StreamPage read(String shard, Sequence from, int limit);
}
