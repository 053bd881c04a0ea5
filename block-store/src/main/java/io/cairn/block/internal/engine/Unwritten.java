package io.cairn.block.internal.engine;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.engine.Frames.Frame;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.replication.Extent;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Blocks that the log has taken and not written yet, by address, which only grows: reads find them here. Bounded: who comes when it is full waits in line.
///
/// Any thread; [#add] under one lock of the caller's. Reads take no lock: what they copied is right if [#holds] says afterwards that it still lay here, for
/// else its memory may be another's by now.
final class Unwritten {
    private final int maxBytes;
    private final Frames frames;
    private final ArrayDeque<Runnable> line = new ArrayDeque<>();
    private long bytes;
    private volatile Ring ring = new Ring(256);
    /// Counts of those that left and that came.
    private volatile long head;
    private volatile long tail;
    private volatile long writtenTo;

    private static final class Ring {
        final long[] addresses;
        final @Nullable Frame[] frames;
        final int mask;

        Ring(int capacity) {
            addresses = new long[capacity];
            frames = new Frame[capacity];
            mask = capacity - 1;
        }

        Ring doubled(long from, long to) {
            var larger = new Ring(2 * addresses.length);
            for (long i = from; i < to; i++) {
                larger.addresses[(int) i & larger.mask] = addresses[(int) i & mask];
                larger.frames[(int) i & larger.mask] = frames[(int) i & mask];
            }
            return larger;
        }
    }

    /// @param frames what [#add] gets is released there
    Unwritten(int maxBytes, Frames frames) {
        this.maxBytes = maxBytes;
        this.frames = frames;
    }

    /// Whether there is room for more; if not, `later` is run once there may be.
    synchronized boolean admit(Runnable later) {
        if (bytes < maxBytes && line.isEmpty())
            return true;
        line.add(later);
        return false;
    }

    /// @param frame the extent's blocks, which belong to this from now on
    synchronized void add(long address, Frame frame) {
        var now = ring;
        long end = tail;
        if (end - head == now.addresses.length) {
            now = now.doubled(head, end);
            ring = now;
        }
        int slot = (int) end & now.mask;
        now.addresses[slot] = address;
        now.frames[slot] = frame;
        tail = end + 1;
        bytes += frame.bytes.limit();
        if (address < writtenTo) // the log was faster
            forget(writtenTo);
    }

    /// The blocks from this address on, as far as they are one extent; null when the file has them.
    @Nullable
    ByteBuffer at(long address) {
        if (Extent.at(address, 0).home() != Extent.Home.LOG)
            return null;
        while (holds(address)) {
            var now = ring;
            long first = head;
            long found = last(now, first, tail, address);
            var frame = found < first ? null : now.frames[(int) found & now.mask];
            long from = now.addresses[(int) found & now.mask];
            VarHandle.acquireFence();
            if (head != first || ring != now)
                continue; // what was looked through may have been another's already
            if (frame == null)
                return null;
            long at = (address - from) / BlockMaps.STEP * BlockFormat.BYTES;
            return at < frame.bytes.limit() ? frame.bytes.duplicate().position((int) at) : null;
        }
        return null;
    }

    /// Whether nothing that [#at] gave for this address was anybody else's up to now.
    boolean holds(long address) {
        return address >= writtenTo;
    }

    /// The last of `[first, end)` whose address is not larger; `first - 1` for none.
    private static long last(Ring ring, long first, long end, long address) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (ring.addresses[(int) middle & ring.mask] <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    /// Everything below this address can be read from its file. Gives those that waited for room and may go on.
    synchronized ArrayDeque<Runnable> written(long address) {
        writtenTo = address;
        VarHandle.fullFence(); // before anybody writes to the memory
        forget(address);
        var next = new ArrayDeque<Runnable>(0);
        if (bytes < maxBytes)
            while (!line.isEmpty())
                next.add(line.remove());
        return next;
    }

    private void forget(long below) {
        var now = ring;
        long at = head;
        for (; at < tail && now.addresses[(int) at & now.mask] < below; at++) {
            var frame = now.frames[(int) at & now.mask];
            now.frames[(int) at & now.mask] = null;
            if (frame != null) {
                bytes -= frame.bytes.limit();
                frames.release(frame);
            }
        }
        head = at;
    }

    /// All that wait, when nothing will be written any more.
    synchronized ArrayDeque<Runnable> end() {
        var all = new ArrayDeque<>(line);
        line.clear();
        bytes = Long.MIN_VALUE / 2;
        return all;
    }
}
