package io.cairn.server.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/// All series of this process, by name and labels. A series is made once, held by whoever counts, and never goes away; so the number of
/// series is bounded by the code that makes them ([#MAX_SERIES] stops a mistake). Counting never locks; making and printing do. Any thread.
public final class Registry {
    static final int MAX_SERIES = 10_000;

    private record Family(String kind, String help, Map<String, Series> series) {}

    /// Writes its own lines.
    interface Series { void write(StringBuilder out, String name, String labels); }

    private final Map<String, Family> families = new LinkedHashMap<>();
    private int seriesCount;

    /// A number that only grows. `labels` are pairs: name, value. The same name and labels give the same counter.
    public LongAdder counter(String name, String help, String... labels) {
        return ((Counter) series(name, "counter", help, labels, new Counter(new LongAdder()))).value();
    }

    /// A number read when it is printed.
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        series(name, "gauge", help, labels, new Gauge(value));
    }

    /// A distribution of durations, printed in seconds.
    public Histogram histogram(String name, String help, String... labels) {
        return (Histogram) series(name, "histogram", help, labels, new Histogram());
    }

    private synchronized Series series(String name, String kind, String help, String[] labels, Series made) {
        var family = families.computeIfAbsent(name, n -> new Family(kind, help, new LinkedHashMap<>()));
        if (!family.kind.equals(kind))
            throw new IllegalArgumentException(name + " is a " + family.kind + ", not a " + kind);
        var key = labels(labels);
        var present = family.series.get(key);
        if (present != null)
            return present;
        if (++seriesCount > MAX_SERIES)
            throw new IllegalStateException("more than " + MAX_SERIES + " series; the last is " + name + "{" + key + "}");
        family.series.put(key, made);
        return made;
    }

    /// All series in Prometheus text format 0.0.4.
    public String prometheusText() {
        var out = new StringBuilder(16 << 10);
        for (var named : snapshot()) {
            var name = named.getKey();
            var family = named.getValue();
            out.append("# HELP ").append(name).append(' ').append(family.help).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(family.kind).append('\n');
            family.series.forEach((labels, series) -> series.write(out, name, labels));
        }
        return out.toString();
    }

    private synchronized List<Map.Entry<String, Family>> snapshot() {
        var copy = new ArrayList<Map.Entry<String, Family>>();
        families.forEach((name, family) -> copy
                .add(Map.entry(name, new Family(family.kind, family.help, new LinkedHashMap<>(family.series)))));
        return copy;
    }

    private static String labels(String[] pairs) {
        var out = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (i > 0)
                out.append(',');
            out.append(pairs[i]).append("=\"");
            out.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")).append('"');
        }
        return out.toString();
    }

    static void line(StringBuilder out, String name, String labels, String value) {
        out.append(name);
        if (!labels.isEmpty())
            out.append('{').append(labels).append('}');
        out.append(' ').append(value).append('\n');
    }

    private record Counter(LongAdder value) implements Series {
        @Override
        public void write(StringBuilder out, String name, String labels) {
            line(out, name, labels, Long.toString(value.sum()));
        }
    }

    private record Gauge(DoubleSupplier value) implements Series {
        @Override
        public void write(StringBuilder out, String name, String labels) {
            double now = value.getAsDouble();
            line(out, name, labels,
                    now == Math.rint(now) && Math.abs(now) < 1e15 ? Long.toString((long) now) : Double.toString(now));
        }
    }
}
