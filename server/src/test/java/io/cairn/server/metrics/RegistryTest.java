package io.cairn.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The Prometheus text of what was counted.
class RegistryTest {
    private final Registry registry = new Registry();

    @Test
    void writesPrometheusText() {
        registry.counter("a_total", "How many a", "face", "s3", "status", "200").add(3);
        registry.counter("a_total", "How many a", "face", "quo\"te\\", "status", "500").increment();
        registry.gauge("b", "What b is", () -> 1.5);
        assertEquals("""
                # HELP a_total How many a
                # TYPE a_total counter
                a_total{face="s3",status="200"} 3
                a_total{face="quo\\"te\\\\",status="500"} 1
                # HELP b What b is
                # TYPE b gauge
                b 1.5
                """, registry.prometheusText());
    }

    @Test
    void theSameSeriesIsTheSameCounter() {
        assertSame(registry.counter("c", "c", "x", "y"), registry.counter("c", "c", "x", "y"));
        assertThrows(IllegalArgumentException.class, () -> registry.gauge("c", "c", () -> 1));
    }

    @Test
    void aHistogramCountsUnderEachBound() {
        var histogram = registry.histogram("h_seconds", "h", "face", "s3");
        histogram.record(0);
        histogram.record(125_000);
        histogram.record(125_001);
        histogram.record(Long.MAX_VALUE / 4);
        var text = registry.prometheusText();
        assertTrue(text.contains("h_seconds_bucket{face=\"s3\",le=\"1.25E-4\"} 2\n"), text);
        assertTrue(text.contains("h_seconds_bucket{face=\"s3\",le=\"2.5E-4\"} 3\n"), text);
        assertTrue(text.contains("h_seconds_bucket{face=\"s3\",le=\"65.536\"} 3\n"), text);
        assertTrue(text.contains("h_seconds_bucket{face=\"s3\",le=\"+Inf\"} 4\n"), text);
        assertTrue(text.contains("h_seconds_count{face=\"s3\"} 4\n"), text);
    }

    @Test
    void bucketsAreTheirUpperBounds() {
        for (int i = 0; i < 20; i++) {
            assertEquals(i, Histogram.bucket(125_000L << i));
            assertEquals(Math.min(20, i + 1), Histogram.bucket((125_000L << i) + 1));
        }
    }

    @Test
    void seriesAreBounded() {
        assertThrows(IllegalStateException.class, () -> {
            for (int i = 0; i <= Registry.MAX_SERIES; i++)
                registry.counter("many", "many", "i", Integer.toString(i));
        });
    }

    @Test
    void theJvmIsThere() {
        JvmMetrics.register(registry);
        assertTrue(registry.prometheusText().contains("jvm_memory_used_bytes{area=\"heap\"} "));
    }
}
