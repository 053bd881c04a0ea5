package io.cairn.bench.items;

import java.util.SplittableRandom;

/// Draws numbers below a bound, few of them often: YCSB's scrambled zipfian distribution with constant 0.99 (Cooper et al., SoCC 2010; Gray et
/// al., "Quickly Generating Billion-Record Synthetic Databases", SIGMOD 1994). One thread.
final class Zipfian {
    private static final double THETA = 0.99;
    private final int bound;
    private final double zeta;
    private final double eta;
    private final double alpha = 1 / (1 - THETA);
    private final SplittableRandom random;

    Zipfian(int bound, long seed) {
        this.bound = bound;
        random = new SplittableRandom(seed);
        double sum = 0;
        for (int i = 1; i <= bound; i++)
            sum += 1 / Math.pow(i, THETA);
        zeta = sum;
        eta = (1 - Math.pow(2.0 / bound, 1 - THETA)) / (1 - (1 + Math.pow(0.5, THETA)) / zeta);
    }

    int next() {
        return (int) Long.remainderUnsigned(scattered(rank()), bound);
    }

    /// 0 is drawn most often.
    private long rank() {
        double u = random.nextDouble();
        double uz = u * zeta;
        if (uz < 1)
            return 0;
        if (uz < 1 + Math.pow(0.5, THETA))
            return 1;
        return (long) (bound * Math.pow(eta * u - eta + 1, alpha));
    }

    /// FNV-1a of the eight bytes, as YCSB scatters hot records over the table.
    private static long scattered(long rank) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < Long.BYTES; i++)
            hash = (hash ^ rank >>> 8 * i & 0xFF) * 1_099_511_628_211L;
        return hash;
    }

    /// True in so many of a hundred cases.
    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
