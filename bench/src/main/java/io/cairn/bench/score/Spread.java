package io.cairn.bench.score;

import java.util.List;

/// Middle and ends of some values. The median of an even count lies halfway between the two in the middle.
public record Spread(double min, double median, double max) {
    /// Of at least one value; `NaN`, which stands for what was not measured, makes the whole `NaN`.
    public static Spread of(List<Double> values) {
        if (values.isEmpty())
            throw new IllegalArgumentException("there is no median of nothing");
        if (values.stream().anyMatch(value -> value.isNaN()))
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        var sorted = values.stream().sorted().toList();
        int upper = sorted.size() / 2;
        int lower = (sorted.size() - 1) / 2;
        return new Spread(sorted.getFirst(), (sorted.get(lower) + sorted.get(upper)) / 2, sorted.getLast());
    }
}
