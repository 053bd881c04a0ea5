package io.cairn.kv.planted.second;

import io.cairn.kv.planted.first.First;
import java.util.List;

/// Names [First], which names this.
public record Second(List<First> firsts) {}
