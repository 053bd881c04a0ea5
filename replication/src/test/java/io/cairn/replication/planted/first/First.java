package io.cairn.replication.planted.first;

import io.cairn.replication.planted.second.Second;

/// Names [Second], which names this.
public record First(Second second) {}
