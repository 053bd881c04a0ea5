package io.cairn.server.metrics;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/// What the JVM knows of itself: memory, threads, collections, time up.
public final class JvmMetrics {
    private JvmMetrics() {}

    public static void register(Registry registry) {
        var memory = ManagementFactory.getMemoryMXBean();
        var used = "Memory in use, in bytes";
        registry.gauge("jvm_memory_used_bytes", used, () -> memory.getHeapMemoryUsage().getUsed(), "area", "heap");
        registry.gauge("jvm_memory_used_bytes", used, () -> memory.getNonHeapMemoryUsage().getUsed(), "area", "nonheap");
        registry.gauge("jvm_memory_max_bytes", "Most memory that may be used, in bytes",
                () -> memory.getHeapMemoryUsage().getMax(), "area",
                "heap");
        for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
            registry.gauge("jvm_buffer_used_bytes", "Memory of direct and mapped buffers, in bytes", pool::getMemoryUsed, "pool",
                    pool.getName());
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans())
            registry.gauge("jvm_gc_seconds", "Time spent in collections since the start, in seconds",
                    () -> collector.getCollectionTime() / 1e3, "gc", collector.getName());
        registry.gauge("jvm_threads", "Live threads", ManagementFactory.getThreadMXBean()::getThreadCount);
        registry.gauge("process_uptime_seconds", "Time since the start, in seconds",
                () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    }
}
