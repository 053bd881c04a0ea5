package io.cairn.kv;

import io.cairn.kv.StreamRecord.Sequence;
import org.jspecify.annotations.Nullable;

/// The changes of a quarter of a table's partitions over four hours.
///
/// @param parent the shard of the four hours before, if it is still there
/// @param from the first place that a change can have in it
/// @param to the last; null while changes still come
public record StreamShard(String id, @Nullable String parent, Sequence from, @Nullable Sequence to) {}
