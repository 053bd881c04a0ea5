package io.cairn.replication.testkit;

import org.jspecify.annotations.Nullable;

/// A call to one key of a store (an item, a block) and when it was under way. A call to several is one to each of them, where a store promises no more.
///
/// @param <S> what a key holds; equal when it is the same
/// @param invoked before it was made, in nanoseconds of one clock
/// @param responded after its answer came
public record TimedCall<S>(int client, Object key, Effect<S> call, long invoked, long responded) {
    /// What a call does to its key, or has seen of it.
    public interface Effect<S> {
        /// What the key holds behind the call; null when it cannot be made then.
        @Nullable
        S after(S before);
    }
}
