package io.cairn.bench.score;

/// What a reader must know of a contestant to believe its figures.
///
/// @param name unique in a run
/// @param durability what an acknowledged write has survived
/// @param commandLine what was run; of an embedded store, how it is opened
public record Entrant(String name, String version, String durability, String commandLine) {}
