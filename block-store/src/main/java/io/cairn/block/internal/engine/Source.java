package io.cairn.block.internal.engine;

import java.nio.ByteBuffer;

/// The bytes of one write, which lie in several buffers. Not thread-safe.
final class Source {
    private final ByteBuffer[] buffers;
    private final int[] starts;
    private int at;
    private long remaining;

    Source(ByteBuffer... buffers) {
        this.buffers = buffers;
        starts = new int[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            starts[i] = buffers[i].position();
            remaining += buffers[i].remaining();
        }
    }

    long remaining() {
        return remaining;
    }

    /// Takes the next `length` bytes into `into` at `position`. Neither position nor limit of `into` change.
    void take(ByteBuffer into, int position, int length) {
        int done = 0;
        while (done < length) {
            var from = buffers[at];
            int count = Math.min(length - done, from.remaining());
            into.put(position + done, from, from.position(), count);
            from.position(from.position() + count);
            done += count;
            if (!from.hasRemaining())
                at++;
        }
        remaining -= length;
    }

    /// Gives the last `length` bytes again.
    void back(int length) {
        int left = length;
        while (left > 0) {
            if (at == buffers.length || buffers[at].position() == starts[at]) {
                at--;
                continue;
            }
            var from = buffers[at];
            int count = Math.min(left, from.position() - starts[at]);
            from.position(from.position() - count);
            left -= count;
        }
        remaining += length;
    }
}
