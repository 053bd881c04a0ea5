package io.cairn.server.planted.second;

import io.cairn.server.planted.first.First;
import java.util.List;

/// Names [First], which names this.
public record Second(List<First> firsts) {}
