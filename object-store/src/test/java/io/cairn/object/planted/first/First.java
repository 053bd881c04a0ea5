package io.cairn.object.planted.first;

import io.cairn.object.planted.second.Second;

/// Names [Second], which names this.
public record First(Second second) {}
