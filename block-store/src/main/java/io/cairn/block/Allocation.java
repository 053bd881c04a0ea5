package io.cairn.block;

/// A run of bytes that are alike.
///
/// @param bytes how many
public record Allocation(long bytes, State state) {
    /// What a run is.
    public enum State {
        /// Zeros that take no space.
        HOLE,
        /// Zeros that keep their place.
        ZERO,
        /// Bytes that were written.
        STORED
    }
}
