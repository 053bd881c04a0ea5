package io.cairn.block.planted.second;

import io.cairn.block.planted.first.First;
import java.util.List;

/// Names [First], which names this.
public record Second(List<First> firsts) {}
