package io.cairn.bench.volumes;

import com.sun.management.OperatingSystemMXBean;
import io.cairn.bench.match.Contestant;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/// A volume of blocks in this process. Any thread.
abstract class EmbeddedVolume implements Contestant {
    static final int BLOCK_BYTES = 4096;
    /// Of each block what was written last; a block belongs to one thread at a time.
    private final long[] versions;

    EmbeddedVolume(long bytes) {
        versions = new long[Math.toIntExact(bytes / BLOCK_BYTES)];
    }

    /// The whole of `block` is read or written.
    abstract void read(long offset, ByteBuffer block) throws IOException;

    abstract void write(long offset, ByteBuffer block) throws IOException;

    /// Returns once all that was written is on disk.
    abstract void flush() throws IOException;

    final int blocks() {
        return versions.length;
    }

    final long version(int block) {
        return versions[block];
    }

    final void written(int block, long version) {
        versions[block] = version;
    }

    static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    @Override
    public boolean embedded() {
        return true;
    }

    @Override
    public long cpuNanos() {
        return processCpuNanos();
    }
}
