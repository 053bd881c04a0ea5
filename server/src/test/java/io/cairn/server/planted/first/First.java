package io.cairn.server.planted.first;

import io.cairn.server.planted.second.Second;

/// Names [Second], which names this.
public record First(Second second) {}
