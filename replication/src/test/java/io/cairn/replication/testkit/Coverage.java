package io.cairn.replication.testkit;

import java.util.Map;
import java.util.TreeMap;

/// How often histories did what: a contract that never came to an operation has not tested it. Thread-safe.
public final class Coverage {
    private final Map<String, Long> counts = new TreeMap<>();

    public void did(String what) {
        did(what, 1);
    }

    public synchronized void did(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    public synchronized long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /// Fails when anything was done less often than its floor.
    public void requireFloors(Map<String, Integer> floors) {
        floors.forEach((what, floor) -> {
            if (of(what) < floor)
                throw new AssertionError(what + " was done " + of(what) + " times, fewer than " + floor + ": " + this);
        });
    }

    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
