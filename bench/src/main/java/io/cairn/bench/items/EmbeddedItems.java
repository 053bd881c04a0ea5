package io.cairn.bench.items;

import com.sun.management.OperatingSystemMXBean;
import io.cairn.bench.match.Contestant;
import io.cairn.kv.Item;
import java.lang.management.ManagementFactory;

/// A store of items that runs in this process. Any thread.
interface EmbeddedItems extends Contestant {
    /// Returns once the item is durable.
    void put(Item item) throws Exception;

    /// The bytes of the item under `key`, as they were put.
    byte[] get(Item key) throws Exception;

    @Override
    default boolean embedded() {
        return true;
    }

    @Override
    default long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
