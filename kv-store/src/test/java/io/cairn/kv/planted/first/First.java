package io.cairn.kv.planted.first;

import io.cairn.kv.planted.second.Second;

/// Names [Second], which names this.
public record First(Second second) {}
