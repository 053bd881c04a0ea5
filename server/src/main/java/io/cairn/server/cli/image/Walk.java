package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Goes over a disk in parts, [#DEPTH] of them at a time: a request over the network waits most of its life. It takes
/// [#DEPTH] buffers of [#PART_BYTES] and the ranges of one [#WINDOW_BYTES], however large the disk is. Stateless; any thread.
public final class Walk {
    public static final int PART_BYTES = 1 << 20;
    public static final int DEPTH = 16;
    /// As much of a disk as is asked about at once; what one L2 table of the qcow2 files written here speaks of.
    public static final long WINDOW_BYTES = 512L << 20;
    /// Parts begin and end at multiples of this.
    public static final int ALIGNMENT = 64 << 10;

    private Walk() {}

    /// What is done to a part.
    @FunctionalInterface
    public interface Action {
        /// @param buffer with as much room as the part is long, for the action's own use
        void take(Range part, ByteBuffer buffer) throws IOException;
    }

    /// All parts with content, in no certain order. The first failure ends it.
    ///
    /// @param progress hears of bytes passed, with content or not
    public static void over(Contents disk, LongConsumer progress, Action action) throws IOException {
        for (long from = 0; from < disk.sizeBytes(); from += WINDOW_BYTES)
            over(disk, from, Math.min(disk.sizeBytes(), from + WINDOW_BYTES), progress, action);
    }

    /// Those of one window.
    static void over(Contents disk, long from, long to, LongConsumer progress, Action action) throws IOException {
        var parts = parts(disk.stored(from, to), to);
        long holes = to - from;
        for (var part : parts)
            holes -= part.length();
        progress.accept(holes);
        inParallel(parts, (part, buffer) -> {
            action.take(part, buffer);
            progress.accept(part.length());
        });
    }

    /// Covers ranges with parts that begin and end at multiples of [#ALIGNMENT], or at `end`, and have up to [#PART_BYTES].
    public static List<Range> parts(List<Range> ranges, long end) {
        var parts = new ArrayList<Range>();
        long covered = 0;
        for (var range : ranges) {
            long at = Math.max(covered, range.offset() & -ALIGNMENT);
            long until = Math.min(end, (range.end() + ALIGNMENT - 1) & -ALIGNMENT);
            while (at < until) {
                long next = Math.min(until, (at & -PART_BYTES) + PART_BYTES);
                parts.add(new Range(at, next - at));
                at = next;
            }
            covered = Math.max(covered, until);
        }
        return parts;
    }

    public static void inParallel(List<Range> parts, Action action) throws IOException {
        var next = new AtomicInteger();
        var failure = new AtomicReference<@Nullable Throwable>();
        // Closing it waits for its threads.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Math.min(DEPTH, parts.size()); i++)
                threads.execute(() -> {
                    try {
                        var buffer = ByteBuffer.allocate(PART_BYTES);
                        for (int at = next.getAndIncrement(); at < parts.size()
                                && failure.get() == null; at = next.getAndIncrement())
                            action.take(parts.get(at), buffer.clear().limit((int) parts.get(at).length()));
                    } catch (IOException | RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    }
                });
        }
        switch (failure.get()) {
            case null -> {
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
