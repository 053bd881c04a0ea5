package io.cairn.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/// How many durations fell under each bound: powers of two from 125 us to 64 s. Counting costs two adds. Any thread.
public final class Histogram implements Registry.Series {
    private static final int BUCKETS = 20;
    private static final long FIRST_NANOS = 125_000;
    private final LongAdder[] counts = new LongAdder[BUCKETS + 1];
    private final LongAdder sumNanos = new LongAdder();

    Histogram() {
        for (int i = 0; i < counts.length; i++)
            counts[i] = new LongAdder();
    }

    public void record(long nanos) {
        counts[bucket(nanos)].increment();
        sumNanos.add(nanos);
    }

    static int bucket(long nanos) {
        long steps = (nanos - 1) / FIRST_NANOS;
        return steps <= 0 ? 0 : Math.min(BUCKETS, 64 - Long.numberOfLeadingZeros(steps));
    }

    @Override
    public void write(StringBuilder out, String name, String labels) {
        var prefix = labels.isEmpty() ? "" : labels + ",";
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            total += counts[i].sum();
            Registry.line(out, name + "_bucket", prefix + "le=\"" + (FIRST_NANOS << i) / 1e9 + "\"", Long.toString(total));
        }
        total += counts[BUCKETS].sum();
        Registry.line(out, name + "_bucket", prefix + "le=\"+Inf\"", Long.toString(total));
        Registry.line(out, name + "_sum", labels, Double.toString(sumNanos.sum() / 1e9));
        Registry.line(out, name + "_count", labels, Long.toString(total));
    }
}
