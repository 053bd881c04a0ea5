package io.cairn.object.planted.second;

import io.cairn.object.planted.first.First;
import java.util.List;

/// Names [First], which names this.
public record Second(List<First> firsts) {}
