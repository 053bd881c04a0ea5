package io.cairn.block.internal.engine;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.replication.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Blocks that the log has taken and not written yet: reads find them here. Bounded: who comes when it is full waits in line.
///
/// Any thread.
final class Unwritten {
    private final int maxBytes;
    private final ConcurrentSkipListMap<Long, ByteBuffer> extents = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Runnable> line = new ArrayDeque<>();
    private long bytes;
    private volatile long writtenTo;

    Unwritten(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Whether there is room for more; if not, `later` is run once there may be.
    synchronized boolean admit(Runnable later) {
        if (bytes < maxBytes && line.isEmpty())
            return true;
        line.add(later);
        return false;
    }

    /// @param framed the extent's blocks
    void add(long address, ByteBuffer framed) {
        extents.put(address, framed);
        synchronized (this) {
            bytes += framed.remaining();
        }
    }

    /// The blocks from this address on, as far as they are one extent; null when the file has them.
    @Nullable
    ByteBuffer at(long address) {
        if (address < writtenTo || Extent.at(address, 0).home() != Extent.Home.LOG)
            return null;
        var found = extents.floorEntry(address);
        if (found == null)
            return null;
        long at = (address - found.getKey()) / BlockMaps.STEP * BlockFormat.BYTES;
        var framed = found.getValue();
        return at < framed.limit() ? framed.duplicate().position((int) at) : null;
    }

    /// Everything below this address can be read from its file. Gives those that waited for room and may go on.
    ArrayDeque<Runnable> written(long address) {
        writtenTo = address;
        var done = extents.headMap(address);
        long freed = 0;
        for (var extent = done.pollFirstEntry(); extent != null; extent = done.pollFirstEntry())
            freed += extent.getValue().limit();
        var next = new ArrayDeque<Runnable>(0);
        synchronized (this) {
            bytes -= freed;
            if (bytes < maxBytes)
                while (!line.isEmpty())
                    next.add(line.remove());
        }
        return next;
    }

    /// All that wait, when nothing will be written any more.
    synchronized ArrayDeque<Runnable> end() {
        var all = new ArrayDeque<>(line);
        line.clear();
        bytes = Long.MIN_VALUE / 2;
        return all;
    }
}
