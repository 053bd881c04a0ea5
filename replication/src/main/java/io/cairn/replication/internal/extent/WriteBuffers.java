package io.cairn.replication.internal.extent;

import io.cairn.replication.disk.Disk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Memory in which extent files are collected until it is worth a write past the page cache. Thread-safe.
///
/// Bound: [#MAX_LARGE] of [#LARGE_BYTES] at once; whoever comes then gets one of [#SMALL_BYTES] on the heap, which is written through the
/// page cache. Buffers that were used once are kept.
public final class WriteBuffers {
    static final int LARGE_BYTES = 512 << 10;
    static final int SMALL_BYTES = 64 << 10;
    static final int MAX_LARGE = 64;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int taken;

    /// An empty buffer; a direct one begins at a block's address.
    synchronized ByteBuffer take() {
        if (taken == MAX_LARGE)
            return ByteBuffer.allocate(SMALL_BYTES);
        taken++;
        var buffer = free.poll();
        return buffer != null
                ? buffer.clear()
                : ByteBuffer.allocateDirect(LARGE_BYTES + Disk.BLOCK_BYTES).alignedSlice(Disk.BLOCK_BYTES).limit(LARGE_BYTES)
                        .slice();
    }

    /// Nobody uses it any more.
    synchronized void giveBack(ByteBuffer buffer) {
        if (!buffer.isDirect())
            return;
        taken--;
        free.push(buffer);
    }
}
