package io.cairn.replication.internal.extent;

import io.cairn.replication.ReplicatedLog.InPlace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file's bytes where the page cache has them, for whoever would copy them twice if they came through a channel. Only pages that are in
/// memory are shown, since a thread that waits for a page keeps the whole JVM from its safepoints. The kernel is asked once for a window of pages, and
/// believed for a while: asking for each block takes as long as copying it. A page that leaves memory within that while costs a wait, no wrong byte.
/// Any thread; the file must not become shorter.
final class CachedPages implements AutoCloseable {
    private static final int WINDOW_SHIFT = 21;
    private static final long BELIEVED_NANOS = 100_000_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    /// Up to when all of a window, or not all of it, is taken to be in memory. Threads may overwrite one another's: each is true.
    private final long[] inMemoryUntil;
    private final long[] notInMemoryUntil;

    private CachedPages(FileChannel channel) throws IOException {
        bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        int windows = (int) ((bytes.byteSize() >>> WINDOW_SHIFT) + 1);
        inMemoryUntil = new long[windows];
        notInMemoryUntil = new long[windows];
        long now = System.nanoTime();
        Arrays.fill(inMemoryUntil, now);
        Arrays.fill(notInMemoryUntil, now);
    }

    /// Null where the file cannot be mapped.
    static @Nullable CachedPages of(FileChannel channel) {
        try {
            return new CachedPages(channel);
        } catch (IOException | UnsupportedOperationException e) {
            return null; // it can be read all the same
        }
    }

    /// How many bytes there are, from the file's begin on.
    long size() {
        return bytes.byteSize();
    }

    /// Shows the `count` bytes from `at` on, if all of them are in memory. What was seen may be anything when the disk failed in this moment, which ends
    /// the look and is `false`: who looks has checksums.
    boolean show(long at, int count, InPlace look) {
        if (at + count > bytes.byteSize() || !inMemory(at, count))
            return false;
        try {
            look.at(bytes, at);
            return true;
        } catch (InternalError e) {
            return false; // a page went between the question and the look, and could not be had back
        }
    }

    /// Fills `into` with the bytes from `at` on, if all of them are in memory. The position of `into` stays.
    boolean copy(long at, ByteBuffer into) {
        int count = into.remaining();
        return show(at, count, (memory, from) -> MemorySegment.copy(memory, from, MemorySegment.ofBuffer(into), 0, count));
    }

    private boolean inMemory(long at, int count) {
        long now = System.nanoTime();
        int last = (int) ((at + count - 1) >>> WINDOW_SHIFT);
        for (int window = (int) (at >>> WINDOW_SHIFT); window <= last; window++)
            if (inMemoryUntil[window] - now <= 0 && !wholeWindow(window, now))
                return bytes.asSlice(at, count).isLoaded();
        return true;
    }

    private boolean wholeWindow(int window, long now) {
        if (notInMemoryUntil[window] - now > 0)
            return false;
        long from = (long) window << WINDOW_SHIFT;
        boolean whole = bytes.asSlice(from, Math.min(1L << WINDOW_SHIFT, bytes.byteSize() - from)).isLoaded();
        (whole ? inMemoryUntil : notInMemoryUntil)[window] = now + BELIEVED_NANOS;
        return whole;
    }

    @Override
    public void close() {
        arena.close();
    }
}
