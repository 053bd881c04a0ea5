package io.cairn.replication.testkit;

import java.util.Map;
import java.util.TreeMap;

/// How often histories did what: a contract that never came to an operation has not tested it.
public final class Coverage {
    private final Map<String, Long> counts = new TreeMap<>();

    void did(String what) {
        did(what, 1);
    }

    void did(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    public long of(String what) {
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
    public String toString() {
        return counts.toString();
    }
}
