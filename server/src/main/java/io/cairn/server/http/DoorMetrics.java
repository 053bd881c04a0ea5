package io.cairn.server.http;

import io.cairn.server.metrics.Histogram;
import io.cairn.server.metrics.Registry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// What is counted at one port.
final class DoorMetrics {
    private final Registry registry;
    private final ConcurrentHashMap<String, FaceMetrics> faces = new ConcurrentHashMap<>();
    final LongAdder bytesIn;
    final LongAdder bytesOut;
    final LongAdder refusedConnections;
    final LongAdder timeouts;

    DoorMetrics(Registry registry, String port) {
        this.registry = registry;
        bytesIn = registry.counter("cairn_http_received_bytes_total", "Bytes received, after TLS", "port", port);
        bytesOut = registry.counter("cairn_http_sent_bytes_total", "Bytes of answers begun, before TLS", "port", port);
        refusedConnections = registry.counter("cairn_http_connections_refused_total", "Connections closed at the cap", "port",
                port);
        timeouts = registry.counter("cairn_http_timeouts_total", "Connections closed because the client was too slow", "port",
                port);
    }

    FaceMetrics face(String service) {
        return faces.computeIfAbsent(service, FaceMetrics::new);
    }

    /// The class of an operation, by its method.
    enum Operation {
        READ(0, "read"), WRITE(1, "write"), DELETE(2, "delete"), OTHER(3, "other");

        static final int COUNT = 4;
        final int index;
        final String label;

        Operation(int index, String label) {
            this.index = index;
            this.label = label;
        }

        static Operation of(String method) {
            return switch (method) {
                case "GET", "HEAD" -> READ;
                case "PUT", "POST" -> WRITE;
                case "DELETE" -> DELETE;
                default -> OTHER;
            };
        }
    }

    final class FaceMetrics {
        private static final int STATUSES = 600;
        private final String service;
        private final AtomicReferenceArray<LongAdder> requests = new AtomicReferenceArray<>(Operation.COUNT * STATUSES);
        private final Histogram[] seconds = new Histogram[Operation.COUNT];
        final LongAdder inFlight = new LongAdder();

        FaceMetrics(String service) {
            this.service = service;
            for (var operation : Operation.values())
                seconds[operation.index] = registry.histogram("cairn_http_request_seconds",
                        "From the last byte of the head to the last byte of the answer", "face", service, "class",
                        operation.label);
            registry.gauge("cairn_http_requests_in_flight", "Requests begun and not yet answered", inFlight::sum, "face",
                    service);
        }

        void answered(Operation operation, int status, long nanos) {
            int slot = operation.index * STATUSES + Math.clamp(status, 0, STATUSES - 1);
            var counter = requests.get(slot);
            if (counter == null) {
                counter = registry.counter("cairn_http_requests_total", "Requests answered", "face", service, "class",
                        operation.label,
                        "status", Integer.toString(status));
                requests.set(slot, counter);
            }
            counter.increment();
            seconds[operation.index].record(nanos);
        }
    }
}
