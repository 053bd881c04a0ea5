package io.cairn.bench.score;

/// One round of one contestant, all of whose answers were right.
///
/// @param value in the figure's [Unit]
/// @param serverCpuMicros CPU time of all the contestant's processes, user and system, an operation; `NaN` where nothing was timed
/// @param clientCpuMicros the same of the process that made the load; `NaN` where nothing was timed, or where both are one process
/// @param operations how many the round completed
public record Round(double value, double serverCpuMicros, double clientCpuMicros, long operations) {
    public Round {
        if (!(value >= 0) || operations < 1)
            throw new IllegalArgumentException(
                    "need value >= 0 and operations >= 1: value=" + value + ", operations=" + operations);
    }
}
