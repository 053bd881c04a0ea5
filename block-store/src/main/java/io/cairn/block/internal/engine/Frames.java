package io.cairn.block.internal.engine;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Memory in which blocks wait for the log to write them: pieces of slabs that are used again once all their pieces are, so that a write makes no garbage
/// of its size. As much as is waiting, and one slab, is kept; it is not given back before the store is closed. Any thread.
final class Frames {
    /// Room for four of the largest.
    private static final int SLAB_BYTES = 1 << 20;

    private final ArrayDeque<Slab> idle = new ArrayDeque<>();
    private Slab current = new Slab();

    private static final class Slab {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(SLAB_BYTES);
        int used;
        int pieces;
    }

    /// A piece of memory that nobody else has until it is [#release]d.
    static final class Frame {
        final ByteBuffer bytes;
        private final Slab slab;
        private boolean handedOver;

        private Frame(ByteBuffer bytes, Slab slab) {
            this.bytes = bytes;
            this.slab = slab;
        }

        /// From now on somebody else releases it, or has done so already.
        void handOver() {
            handedOver = true;
        }
    }

    synchronized Frame take(int length) {
        if (SLAB_BYTES - current.used < length) {
            var full = current;
            var next = idle.poll();
            current = next == null ? new Slab() : next;
            if (full.pieces == 0)
                putBy(full);
        }
        var frame = new Frame(current.bytes.slice(current.used, length), current);
        current.used += length;
        current.pieces++;
        return frame;
    }

    /// Whoever took the frame is done with it: it is released, unless somebody else will do that.
    void end(Frame frame) {
        if (!frame.handedOver)
            release(frame);
    }

    synchronized void release(Frame frame) {
        var slab = frame.slab;
        if (--slab.pieces == 0 && slab != current)
            putBy(slab);
    }

    private void putBy(Slab slab) {
        slab.used = 0;
        idle.add(slab);
    }
}
