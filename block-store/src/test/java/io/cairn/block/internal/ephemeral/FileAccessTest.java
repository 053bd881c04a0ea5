package io.cairn.block.internal.ephemeral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.StoreFailedException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who does what touches files, and when.
class FileAccessTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // as nanoTime may: it wraps
    private final FileAccess access = new FileAccess(now::get);

    @AfterEach
    void close() {
        access.close();
    }

    /// The thread that does something of so many bytes which takes so long.
    private Thread by(long bytes, long nanos) {
        var done = new AtomicReference<Thread>();
        access.run(bytes, () -> {
            now.addAndGet(nanos);
            done.set(Thread.currentThread());
        }).join();
        return done.get();
    }

    @Test
    void aCallerDoesWhatDoesNotWaitAndWaitsOnce() {
        var caller = Thread.currentThread();
        assertEquals(caller, by(4096, FileAccess.SLOW_NANOS - 1));
        assertEquals(caller, by(4096, FileAccess.SLOW_NANOS), "nobody knew that it would wait");
        assertNotEquals(caller, by(4096, 10));
        now.addAndGet(FileAccess.WHILE_NANOS / 2);
        assertNotEquals(caller, by(0, FileAccess.SLOW_NANOS), "and it waits still");
        now.addAndGet(FileAccess.WHILE_NANOS - 1);
        assertNotEquals(caller, by(4096, 10));
        assertEquals(caller, by(4096, 10), "the disk has kept up for a while");
    }

    @Test
    void whatIsLargeIsHandedOverAndSaysNothingOfTheDisk() {
        var caller = Thread.currentThread();
        assertNotEquals(caller, by(FileAccess.LARGE_BYTES, 10 * FileAccess.SLOW_NANOS));
        assertEquals(caller, by(FileAccess.LARGE_BYTES - 1, 10));
    }

    @Test
    void whatIsThrownIsTheAnswer() {
        for (long bytes : new long[]{1, FileAccess.LARGE_BYTES}) {
            var failed = access.run(bytes, () -> {
                throw new StoreFailedException("no space", null);
            });
            assertInstanceOf(StoreFailedException.class, assertThrows(CompletionException.class, failed::join).getCause());
        }
        var caller = Thread.currentThread();
        var _ = access.run(1, () -> {
            now.addAndGet(FileAccess.SLOW_NANOS);
            throw new StoreFailedException("no space, after a while", null);
        });
        assertNotEquals(caller, by(1, 1), "a failure that took long is told too");
    }

    @Test
    void theQueueIsBoundedAndWhatWaitsAtTheCloseIsDone() throws InterruptedException {
        var released = new CountDownLatch(1);
        var busy = new CountDownLatch(FileAccess.THREADS);
        var all = new ArrayList<CompletableFuture<Void>>();
        var count = new AtomicInteger();
        for (int i = 0; i < FileAccess.THREADS + FileAccess.QUEUE; i++)
            all.add(access.run(FileAccess.LARGE_BYTES, () -> {
                busy.countDown();
                try {
                    assertTrue(released.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                count.incrementAndGet();
            }));
        assertTrue(busy.await(30, TimeUnit.SECONDS));
        assertEquals(Thread.currentThread(), by(FileAccess.LARGE_BYTES, 0), "beyond the bound whoever asks does it");
        access.close();
        assertFalse(all.getFirst().isDone());
        released.countDown();
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
        assertEquals(FileAccess.THREADS + FileAccess.QUEUE, count.get());
        assertEquals(Thread.currentThread(), by(FileAccess.LARGE_BYTES, 0), "closed: nothing stays without an answer");
    }
}
