package io.cairn.block.internal.ephemeral;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Where files are read and written through the page cache: on the caller's thread, which is often one that serves many, as long as nothing there waits for
/// the disk, and by other threads for a while after something did. Handing over costs more than most of what is done (20 to 30 us), but the kernel makes those who
/// write more than the disk takes wait for tenths of a second, and tells nobody before. So a caller waits once for one request that is not large, and not again
/// until the disk has kept up for [#WHILE_NANOS]. What is large is always handed over.
///
/// At most [#QUEUE] requests wait for a thread; whoever asks for more does it itself. Any thread.
public final class FileAccess implements AutoCloseable {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    static final int LARGE_BYTES = 256 << 10;
    /// Longer than the page cache ever takes for less than [#LARGE_BYTES].
    public static final long SLOW_NANOS = 1_000_000;
    public static final long WHILE_NANOS = 100_000_000;
    static final int THREADS = 8;
    static final int QUEUE = 1024;

    private final LongSupplier clock;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE), Thread.ofPlatform().daemon().name("cairn-volumes-file-", 0).factory(),
            (task, _) -> task.run());
    /// When something that was not large has waited last.
    private volatile long slowAt;

    public FileAccess() {
        this(System::nanoTime);
    }

    /// @param clock of [System#nanoTime]'s kind
    FileAccess(LongSupplier clock) {
        this.clock = clock;
        slowAt = clock.getAsLong() - WHILE_NANOS;
        threads.allowCoreThreadTimeOut(true);
    }

    /// Does it, or has it done. What it throws is what the answer fails with.
    ///
    /// @param bytes how many it moves
    public CompletableFuture<Void> run(long bytes, Runnable action) {
        long begin = clock.getAsLong();
        if (bytes >= LARGE_BYTES || begin - slowAt < WHILE_NANOS)
            return CompletableFuture.runAsync(() -> timed(clock.getAsLong(), bytes, action), threads);
        try {
            timed(begin, bytes, action);
            return DONE;
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void timed(long begin, long bytes, Runnable action) {
        try {
            action.run();
        } finally {
            long end = clock.getAsLong();
            if (bytes < LARGE_BYTES && end - begin >= SLOW_NANOS)
                slowAt = end;
        }
    }

    /// Takes nothing more; what waits is done.
    @Override
    public void close() {
        threads.shutdown();
    }
}
