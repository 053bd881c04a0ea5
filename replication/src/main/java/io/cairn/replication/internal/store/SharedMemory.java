package io.cairn.replication.internal.store;

import org.rocksdb.Cache;
import org.rocksdb.HyperClockCache;
import org.rocksdb.WriteBufferManager;

/// Memory that all stores of this process share, so that its total is bounded however many engines are open: 96 MiB of cached
/// blocks, of which up to 64 MiB may be unflushed rows instead (`CAIRN_STORE_CACHE_MIB` sets the total; two thirds of it for rows).
final class SharedMemory {
    private static final long BYTES = Long.parseLong(System.getenv().getOrDefault("CAIRN_STORE_CACHE_MIB", "96")) << 20;
    static final Cache BLOCKS;
    static final WriteBufferManager ROWS;

    static {
        NativeLibrary.load();
        BLOCKS = new HyperClockCache(BYTES, 16 << 10, -1, false);
        ROWS = new WriteBufferManager(BYTES * 2 / 3, BLOCKS);
    }

    private SharedMemory() {}
}
