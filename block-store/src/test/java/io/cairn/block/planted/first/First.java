package io.cairn.block.planted.first;

import io.cairn.block.planted.second.Second;

/// Names [Second], which names this.
public record First(Second second) {}
