package io.cairn.replication;

import java.nio.file.Path;

/// A copy of a group's state in a directory of its own, made of hard links; it opens like the original.
///
/// @param index the last entry in it
public record CheckpointRef(Path directory, long index, long stamp) {}
