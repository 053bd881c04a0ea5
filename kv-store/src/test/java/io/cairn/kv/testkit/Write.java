package io.cairn.kv.testkit;

import io.cairn.kv.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A write of one item of the table of this name.
sealed interface Write {
    String table();

    /// The key, or an item that has it.
    Map<String, Value> key();

    @Nullable
    Asked condition();

    record Put(String table, Map<String, Value> key, @Nullable Asked condition) implements Write {}

    record Update(String table, Map<String, Value> key, Changes changes, @Nullable Asked condition) implements Write {}

    record Delete(String table, Map<String, Value> key, @Nullable Asked condition) implements Write {}

    /// Within a transaction only.
    record Check(String table, Map<String, Value> key, Asked condition) implements Write {}

    /// What a write found and left.
    record Done(@Nullable Map<String, Value> before, @Nullable Map<String, Value> after) {}
}
