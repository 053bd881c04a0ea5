package io.cairn.replication.planted.second;

import io.cairn.replication.planted.first.First;
import java.util.List;

/// Names [First], which names this.
public record Second(List<First> firsts) {}
