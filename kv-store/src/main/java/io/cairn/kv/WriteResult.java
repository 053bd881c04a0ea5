package io.cairn.kv;

import org.jspecify.annotations.Nullable;

/// What a write found and left.
///
/// @param before the item that stood under the key; null for none
/// @param after the item that stands there now; null for none
public record WriteResult(@Nullable Item before, @Nullable Item after) {}
