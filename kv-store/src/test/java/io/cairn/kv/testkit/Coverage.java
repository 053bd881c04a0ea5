package io.cairn.kv.testkit;

import java.util.Map;
import java.util.TreeMap;

/// How often each operation of a set of histories came to each of its ends.
final class Coverage {
    private final TreeMap<String, Integer> counts = new TreeMap<>();

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized int of(String what) {
        return counts.getOrDefault(what, 0);
    }

    /// Prints all counts and fails when one of `floors` is not reached.
    synchronized void report(String title, Map<String, Integer> floors) {
        System.out.println("coverage of " + title + ": " + counts);
        floors.forEach((what, floor) -> {
            if (of(what) < floor)
                throw new AssertionError("%s came %d times, less than %d".formatted(what, of(what), floor));
        });
    }
}
