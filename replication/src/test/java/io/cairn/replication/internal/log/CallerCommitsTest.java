package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.Space;
import io.cairn.replication.testkit.MemoryDisks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who proposes may write what waits, and sync, on its own thread.
final class CallerCommitsTest {
    enum Rows implements Space {
        ONLY
    }

    private static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));
    private static final byte[] KEY = {1};

    @TempDir
    Path directory;

    private LocalLog open(LogOptions options) {
        return LocalLog.open(directory, GROUP, options, CommitListener.NONE);
    }

    private static Batch batch(long value) {
        return new Batch().put(Rows.ONLY, KEY, ByteBuffer.allocate(8).putLong(value).array());
    }

    private static CompletableFuture<Applied> commit(LocalLog log, Batch batch) {
        var done = log.proposeToCommit(batch).done();
        log.commit();
        return done;
    }

    /// The log's own thread may be first now and then: it looks by itself.
    @Test
    void itIsThisThreadThatSyncs() {
        var disks = new MemoryDisks();
        var here = new AtomicInteger();
        var caller = Thread.currentThread();
        try (var log = open(LogOptions.DEFAULT.withDisks(disks))) {
            disks.power().watch((operation, _) -> {
                if (operation.equals("sync") && Thread.currentThread() == caller)
                    here.incrementAndGet();
            });
            for (int i = 1; i <= 100; i++)
                commit(log, batch(i)).join();
            assertTrue(here.get() >= 50, () -> here + " of 100 batches were synced here");
            assertEquals(100, log.store().appliedIndex());
            log.commit(); // nothing waits
            log.crash();
        }
        try (var log = open(LogOptions.DEFAULT.withDisks(disks.processCrash()))) {
            assertArrayEquals(ByteBuffer.allocate(8).putLong(100).array(), log.store().get(Rows.ONLY, KEY));
        }
    }

    @Test
    void anInterruptedThreadLeavesItToTheLogsOwn() throws Exception {
        try (var log = open(LogOptions.DEFAULT)) {
            for (int i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                var done = commit(log, batch(i));
                assertTrue(Thread.interrupted());
                done.get(10, TimeUnit.SECONDS);
            }
            commit(log, batch(20)).get(10, TimeUnit.SECONDS);
        }
    }

    /// More than the caller should be kept by: the log's own thread is called.
    @Test
    void muchIsLeftToTheLogsOwn() throws Exception {
        try (var log = open(LogOptions.DEFAULT)) {
            for (int i = 0; i < 20; i++) {
                log.append(1, ByteBuffer.wrap(new byte[200_000]));
                log.append(1, ByteBuffer.wrap(new byte[200_000]));
                commit(log, batch(i)).get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aSyncThatFailsIsToldAndEndsTheLog() throws Exception {
        var disks = new MemoryDisks();
        try (var log = open(LogOptions.DEFAULT.withDisks(disks))) {
            commit(log, batch(1)).join();
            disks.power().watch((operation, _) -> {
                if (operation.equals("sync"))
                    disks.power().cut();
            });
            var failure = assertThrows(CompletionException.class, commit(log, batch(2))::join);
            assertInstanceOf(OutcomeUnknownException.class, failure.getCause());
            assertInstanceOf(IOException.class, log.failed().get(10, TimeUnit.SECONDS));
            assertThrows(NotLeaderException.class, () -> log.proposeToCommit(batch(3)));
            log.commit();
        }
    }

    /// Several that commit themselves, several that do not, in all orders; closed in the midst of it.
    @Test
    void manyAtOnceAreAllAnsweredAndKeptInOrder() throws Exception {
        int threads = 6;
        for (int round = 0; round < 20; round++) {
            var acknowledged = new AtomicLongArray(threads);
            var refused = new CountDownLatch(threads);
            var running = new ArrayList<Thread>();
            var lost = new AtomicInteger();
            var log = open(LogOptions.DEFAULT.withFileBytes(1 << 20));
            for (int i = 0; i < threads; i++) {
                int thread = i;
                int first = round;
                running.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (long value = 1;; value++) {
                            var batch = new Batch().put(Rows.ONLY, new byte[]{(byte) thread},
                                    ByteBuffer.allocate(1000).putInt(first).putLong(value).array());
                            var done = thread % 3 == 0 ? log.propose(batch).done() : commit(log, batch);
                            if (done.get(10, TimeUnit.SECONDS).index() > 0)
                                acknowledged.set(thread, value);
                        }
                    } catch (NotLeaderException e) {
                        refused.countDown();
                    } catch (ExecutionException e) {
                        if (e.getCause() instanceof NotLeaderException || e.getCause() instanceof OutcomeUnknownException)
                            refused.countDown();
                    } catch (Exception e) {
                        lost.incrementAndGet(); // never answered
                    }
                }));
            }
            Thread.sleep(20);
            if (round % 2 == 0)
                log.close();
            else
                log.crash();
            for (var each : running)
                each.join();
            assertEquals(0, lost.get());
            assertEquals(0, refused.getCount());
            try (var again = open(LogOptions.DEFAULT.withFileBytes(1 << 20))) {
                for (int i = 0; i < threads; i++) {
                    long value = acknowledged.get(i);
                    if (value == 0)
                        continue;
                    var found = ByteBuffer.wrap(again.store().get(Rows.ONLY, new byte[]{(byte) i}));
                    assertEquals(round, found.getInt());
                    long kept = found.getLong();
                    assertTrue(kept == value || kept == value + 1, () -> kept + " is kept, " + value + " was acknowledged");
                }
            }
        }
    }
}
