package io.cairn.bench.match;

/// What one round did.
///
/// @param operations requests or calls that completed, each answered rightly
/// @param value in the scenario's unit
/// @param contestantCpuNanos used by the contestant in the timed part, or -1 when nothing was timed
/// @param clientCpuNanos used by this process in the timed part, or -1 when nothing was timed
public record Work(long operations, double value, long contestantCpuNanos, long clientCpuNanos) {
    /// Of a round that is not timed.
    public static Work untimed(long operations, double value) {
        return new Work(operations, value, -1, -1);
    }
}
