package io.cairn.bench.score;

import java.util.List;

/// What the machine itself can do, beside what was asked of the contestants.
///
/// @param unit as it is printed: `fdatasync/s`
/// @param rounds every value measured, at least one
public record Limit(String name, String unit, String method, List<Double> rounds) {
    public Limit {
        rounds = List.copyOf(rounds);
    }

    public Spread value() {
        return Spread.of(rounds);
    }
}
