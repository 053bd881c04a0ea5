package io.cairn.bench.objects;

import com.sun.management.OperatingSystemMXBean;
import io.cairn.bench.match.Contestant;
import java.lang.management.ManagementFactory;

/// A store that runs in this process. Any thread.
interface EmbeddedStore extends Contestant {
    /// Returns once the object is durable.
    void put(String key, byte[] body) throws Exception;

    byte[] get(String key) throws Exception;

    @Override
    default boolean embedded() {
        return true;
    }

    @Override
    default long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
