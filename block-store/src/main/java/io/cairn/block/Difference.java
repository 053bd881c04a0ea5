package io.cairn.block;

/// A run of bytes that two devices have in common, or do not.
///
/// @param bytes how many
/// @param changed whether they may differ; bytes of a run that has not changed are the same on both
public record Difference(long bytes, boolean changed) {}
