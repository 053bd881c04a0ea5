package io.cairn.kv;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A stream as it stands.
///
/// @param table that it tells of. Of one that was disabled, what the stream knows of it: name, key, view and settings as they were last
/// @param label when it was switched on; no other stream of a table of this name has the same
/// @param disabled when it was switched off, or its table deleted; null while it is told on. It stays readable for [TableStream#KEPT]
public record StreamDescription(TableDefinition table, Instant label, @Nullable Instant disabled) {}
