package io.cairn.bench.match;

import io.cairn.bench.score.Entrant;

/// Something that can be measured: a server that runs as a process of its own, or a store opened in this one.
public interface Contestant extends AutoCloseable {
    Entrant entrant();

    /// CPU time that its processes have used so far.
    long cpuNanos();

    /// Whether it runs in this process, so that its CPU time cannot be told from the load's.
    default boolean embedded() {
        return false;
    }

    /// Ends its processes. What stands in the way is said, but ends no run.
    @Override
    void close();
}
