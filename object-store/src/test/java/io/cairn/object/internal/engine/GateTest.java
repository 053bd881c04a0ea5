package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.object.Reason;
import io.cairn.object.Versioning;
import io.cairn.replication.Gate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What must be alone in a bucket takes turns; only a second deletion is refused.
@Timeout(60)
final class GateTest {
    private static final int THREADS = 8;
    private static final int CHANGES = 10;

    @TempDir
    Path directory;

    @Test
    void eachIsAloneAndNoneIsRefused() throws InterruptedException {
        var gate = new Gate();
        var holding = new CompletableFuture<Boolean>();
        var inside = gate.enter(() -> holding);
        var alone = new AtomicInteger();
        var most = new AtomicInteger();
        var begun = new CountDownLatch(THREADS);
        var all = new ArrayList<CompletableFuture<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < THREADS; i++)
                all.add(CompletableFuture.runAsync(() -> {
                    begun.countDown();
                    gate.alone(() -> {
                        most.accumulateAndGet(alone.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        alone.decrementAndGet();
                    });
                }, threads));
            begun.await();
            assertEquals(0, most.get(), "a commit is inside");
            holding.complete(true);
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        }
        assertEquals(true, inside.join());
        assertEquals(1, most.get());
        assertEquals(1, gate.enter(() -> CompletableFuture.completedFuture(1)).join(), "open again");
    }

    @Test
    void versioningIsSetByManyAtOnce() {
        try (var store = ObjectStore.open(directory)) {
            var bucket = store.createBucket("bucket");
            var all = new ArrayList<CompletableFuture<?>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < THREADS; i++) {
                    int first = i;
                    all.add(CompletableFuture.runAsync(() -> {
                        for (int change = 0; change < CHANGES; change++)
                            bucket.setVersioning((first + change) % 2 == 0 ? Versioning.ENABLED : Versioning.SUSPENDED);
                    }, threads));
                }
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            assertNotEquals(Versioning.OFF, bucket.versioning());
        }
    }

    @Test
    void aSecondDeletionAtTheSameTimeIsRefused() {
        try (var store = ObjectStore.open(directory)) {
            var bucket = (LogBucket) store.createBucket("bucket");
            bucket.delete(
                    () -> assertEquals(Reason.CONFLICT, assertThrows(ObjectRefusedException.class, () -> bucket.delete(() -> {
                    })).reason()));
            assertEquals(Reason.NO_SUCH_BUCKET,
                    assertThrows(ObjectRefusedException.class, () -> bucket.delete(() -> {
                    })).reason(), "the one before is over");
        }
    }
}
