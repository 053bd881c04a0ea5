package io.cairn.bench.score;

/// What a figure counts, and which way is better.
public enum Unit {
    OPERATIONS("op/s", true), KEYS("keys/s", true), MEGABYTES("MB/s", true), BYTES("bytes", false), MILLISECONDS("ms", false), //
    /// How many times what it is held against; more is better.
    RATIO("x", true), //
    /// How many times what was needed at least; less is better.
    AMPLIFICATION("x", false);

    private final String symbol;
    private final boolean moreIsBetter;

    Unit(String symbol, boolean moreIsBetter) {
        this.symbol = symbol;
        this.moreIsBetter = moreIsBetter;
    }

    /// A megabyte is 10^6 bytes.
    public String symbol() {
        return symbol;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
