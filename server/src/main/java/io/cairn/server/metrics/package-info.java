/// Counters, gauges and histograms, and their Prometheus text. Start reading at [io.cairn.server.metrics.Registry].
@org.jspecify.annotations.NullMarked
package io.cairn.server.metrics;
