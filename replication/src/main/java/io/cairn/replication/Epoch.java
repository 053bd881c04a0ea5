package io.cairn.replication;

/// A term of leadership. Each is larger than all before; a log opened again begins a new one.
public record Epoch(long number) {}
