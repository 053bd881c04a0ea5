package io.cairn.server.dynamodb.wire;

/// Least and most of a length or of a number, both inclusive.
///
/// @param min `Long.MIN_VALUE` when the model says none
/// @param max `Long.MAX_VALUE` when the model says none
public record Range(long min, long max) {
    static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean bounded() {
        return hasMin() || hasMax();
    }

    boolean hasMin() {
        return min != Long.MIN_VALUE;
    }

    boolean hasMax() {
        return max != Long.MAX_VALUE;
    }

    boolean contains(long value) {
        return value >= min && value <= max;
    }
}
