package io.cairn.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pool for what may block: platform threads, because the engines below call into native code. Any thread.
///
/// Bound: [#execute] refuses with 503 `SlowDown` while `queue` tasks wait. What continues a request that was let in goes through
/// [#resume], which never refuses; each request has at most one such task waiting, so the number of connections bounds them.
public final class Workers implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private final ThreadPoolExecutor pool;
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final int queueBound;

    /// Bytes of bodies that wait for a worker, on all connections together.
    private final AtomicLong waitingBodyBytes = new AtomicLong();

    private final HeapBudget heap = new HeapBudget(Runtime.getRuntime().maxMemory());

    public Workers(int threads, int queueBound) {
        this.queueBound = queueBound;
        var number = new AtomicInteger();
        pool = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, queue,
                task -> Thread.ofPlatform().daemon().name("worker-" + number.incrementAndGet()).unstarted(task));
        pool.allowCoreThreadTimeOut(true);
    }

    /// @throws RefusedException 503 `SlowDown` when too many tasks wait
    @Override
    public void execute(Runnable task) {
        if (queue.size() >= queueBound || pool.isShutdown())
            throw new RefusedException(503, "SlowDown",
                    "Please reduce your request rate: " + queueBound + " requests wait already.");
        resume(task);
    }

    void resume(Runnable task) {
        pool.execute(() -> {
            try {
                task.run();
            } catch (Throwable t) {
                LOG.error("a task failed that should have answered its own failure", t);
            }
        });
    }

    AtomicLong waitingBodyBytes() {
        return waitingBodyBytes;
    }

    HeapBudget heap() {
        return heap;
    }

    int waiting() {
        return queue.size();
    }

    /// Waits a little for what runs; drops what waits.
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(2, TimeUnit.SECONDS))
                pool.shutdownNow();
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
