package io.cairn.bench.score;

/// One round of one contestant, all of whose answers were right.
///
/// @param value in the figure's [Unit]; of a difference it may be less than 0, where the noise is larger
/// @param serverCpuMicros CPU time of all the contestant's processes, user and system, an operation; `NaN` where nothing was timed
/// @param clientCpuMicros the same of the process that made the load; `NaN` where nothing was timed, or where both are one process
/// @param operations how many the round completed
public record Round(double value, double serverCpuMicros, double clientCpuMicros, long operations) {
    public Round {
        if (!Double.isFinite(value) || operations < 1)
            throw new IllegalArgumentException(
                    "need a finite value and operations >= 1: value=" + value + ", operations=" + operations);
    }
}
