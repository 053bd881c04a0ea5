package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.Space;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.testkit.MemoryDisks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Faults that the log once had, each as the shortest way to it.
@Timeout(600) // of a test that hangs
final class RecoveryRegressionsTest {
    enum Rows implements Space {
        ONLY
    }

    private static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));
    private static final LogOptions SMALL = LogOptions.DEFAULT.withFileBytes(64 << 10);

    @TempDir
    Path directory;

    private MemoryDisks disks = new MemoryDisks();

    private LocalLog open(LogOptions options) {
        return LocalLog.open(directory, GROUP, options.withDisks(disks), CommitListener.NONE);
    }

    private LocalLog open() {
        return open(SMALL);
    }

    private static byte[] key(int number) {
        return new byte[]{(byte) number};
    }

    private static Batch put(int number) {
        return new Batch().put(Rows.ONLY, key(number), key(number));
    }

    private static Batch large(int number, int bytes) {
        return new Batch().put(Rows.ONLY, key(number), new byte[bytes]);
    }

    private static void assertRead(LocalLog log, Extent extent, byte[] expected) {
        try (var content = log.open(extent)) {
            assertNotNull(content);
            assertEquals(ByteBuffer.wrap(expected), content.read(0, expected.length));
        }
    }

    private List<String> files(String kind) throws IOException {
        return disks.disk(directory.resolve(kind)).list();
    }

    @Test
    void whatRecoveryReadIsDurableBeforeMoreIsBuiltOnIt() {
        var content = new byte[3000];
        new Random(1).nextBytes(content);
        Extent extent;
        var log = open();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        disks.power().watch((operation, name) -> {
            if (!operation.equals("sync") || !name.endsWith(".log"))
                return;
            // Written, but the process dies before it is synced: the kernel has it, the platter does not.
            if (held.getCount() == 0)
                disks.power().cut();
            held.countDown();
            awaitUninterruptibly(release);
        });
        log.propose(put(1));
        awaitUninterruptibly(held);
        extent = log.append(1, ByteBuffer.wrap(content));
        log.append(1, ByteBuffer.wrap(new byte[100]));
        var unknown = log.propose(put(2).addExtent(extent));
        log.append(1, ByteBuffer.wrap(new byte[100]));
        release.countDown();
        assertThrows(CompletionException.class, () -> unknown.done().join());
        log.crash();
        disks = disks.processCrash();
        log = open();
        assertArrayEquals(key(2), log.store().get(Rows.ONLY, key(2)));
        log.crash();
        disks = disks.worstPowerCut();
        log = open();
        assertRead(log, extent, content);
        log.close();
    }

    @Test
    void anExtentInTheLogIsKeptUntilItsBatchComes() {
        var content = new byte[1000];
        new Random(2).nextBytes(content);
        try (var log = open()) {
            var extent = log.append(1, ByteBuffer.wrap(content));
            for (int i = 0; i < 30; i++)
                log.propose(large(i, 20_000)).done().join();
            log.flush();
            log.propose(put(50).addExtent(extent)).done().join();
            assertRead(log, extent, content);
        }
    }

    @Test
    void anExtentInTheLogThatWasDiscardedKeepsNoFile() throws Exception {
        try (var log = open()) {
            for (int i = 0; i < 30; i++) {
                var extent = log.append(1, ByteBuffer.wrap(new byte[1000]));
                log.propose(large(i, 20_000)).done().join();
                log.discard(extent);
            }
            log.flush();
            assertTrue(files("log").size() <= 2 + LogFiles.MAX_FREE, "files: " + files("log"));
        }
    }

    @Test
    void aTailStartsOnlyWhereNoFileIsMissingBetween() {
        try (var log = open()) {
            var extent = log.append(1, ByteBuffer.wrap(new byte[1000]));
            log.propose(put(0).addExtent(extent)).done().join();
            for (int i = 1; i < 30; i++)
                log.propose(large(i, 20_000)).done().join();
            log.flush(); // the first file stays for its extent, the next ones go
            assertThrows(IllegalArgumentException.class, () -> log.tail(1));
            try (var tail = log.tail(30)) {
                assertEquals(30, assertNotNull2(tail.next()).index());
            }
        }
    }

    @Test
    void aTailCountsFromTheFirstEntryOfAFileThatBeginsWithAnExtent() {
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var log = open()) {
            disks.power().watch((operation, name) -> {
                if (operation.equals("sync") && name.endsWith(".log") && held.getCount() > 0) {
                    held.countDown();
                    awaitUninterruptibly(release);
                }
            });
            log.propose(put(1));
            awaitUninterruptibly(held);
            // One group: entries, then a new file that begins with an extent.
            log.propose(large(2, 20_000));
            log.propose(large(3, 20_000));
            var extent = log.append(1, ByteBuffer.wrap(new byte[50_000]));
            var last = log.propose(put(4).addExtent(extent));
            release.countDown();
            last.done().join();
            try (var tail = log.tail(4)) {
                var entry = assertNotNull2(tail.next());
                assertEquals(List.of(4L, last.stamp()), List.of(entry.index(), entry.stamp()));
            }
        }
    }

    @Test
    void aTailOutlivesTheFilesOfLargeBatchesBeforeItAndKeepsThoseAhead() {
        try (var log = open()) {
            log.propose(large(1, 2 << 20)).done().join();
            log.flush();
            log.propose(put(2)).done().join();
            try (var tail = log.tail(2)) {
                log.propose(large(3, 2 << 20)).done().join();
                log.flush();
                assertEquals(2, assertNotNull2(tail.next()).index());
                assertEquals(3, assertNotNull2(tail.next()).index());
            }
            try (var tail = log.tail(1)) {
                assertThrows(IllegalArgumentException.class, tail::next);
            }
        }
    }

    @Test
    void aDamagedLargeBatchIsRefusedByATail() throws Exception {
        try (var log = open()) {
            log.propose(large(1, 2 << 20)).done().join();
            disks.disk(directory.resolve("extents")).damage(files("extents").getFirst(), 1_000_000, 1);
            try (var tail = log.tail(1)) {
                assertThrows(CorruptLogException.class, tail::next);
            }
        }
    }

    @Test
    void aLogFileSharedWithACheckpointIsNotWrittenAgainAfterReopening() throws Exception {
        var copy = directory.resolveSibling("copy-of-" + directory.getFileName());
        var content = new byte[1000];
        new Random(3).nextBytes(content);
        Extent extent;
        try (var log = LocalLog.open(directory, GROUP, SMALL, CommitListener.NONE)) {
            extent = log.append(1, ByteBuffer.wrap(content));
            log.propose(put(1).addExtent(extent)).done().join();
            log.propose(large(2, 60_000)).done().join();
            log.checkpoint(copy);
        }
        try (var log = LocalLog.open(directory, GROUP, SMALL, CommitListener.NONE)) {
            log.propose(new Batch().dropExtent(extent)).done().join();
            log.flush();
            for (int i = 0; i < 30; i++) {
                log.propose(large(i, 60_000)).done().join();
                log.flush();
            }
        }
        try (var log = LocalLog.open(copy, GROUP, SMALL, CommitListener.NONE)) {
            assertRead(log, extent, content);
        }
    }

    @Test
    void aCheckpointHasTheFilesOfItsOwnMomentNotOfALaterOne() throws Exception {
        var copy = directory.resolveSibling("copy-of-" + directory.getFileName());
        var running = new AtomicReference<@org.jspecify.annotations.Nullable LocalLog>();
        var dropped = new AtomicBoolean();
        var extents = new ArrayList<Extent>();
        LogOptions.Disks watched = path -> new LinkWatcher(Disk.of(path), () -> {
            var log = running.get();
            if (dropped.compareAndSet(false, true))
                assertNotNull2(log).propose(new Batch().dropExtent(extents.get(1))).done().join();
        });
        try (var log = LocalLog.open(directory, GROUP, SMALL.withDisks(watched), CommitListener.NONE)) {
            extents.add(log.append(1, ByteBuffer.wrap(new byte[100])));
            try (var writer = log.newExtent(1)) {
                writer.write(ByteBuffer.wrap(new byte[5000]));
                extents.add(writer.finish());
            }
            log.propose(put(1).addExtent(extents.get(0)).addExtent(extents.get(1))).done().join();
            running.set(log);
            log.checkpoint(copy);
        }
        try (var log = LocalLog.open(copy, GROUP, SMALL, CommitListener.NONE)) {
            assertRead(log, extents.get(1), new byte[5000]);
        }
    }

    @Test
    void aCheckpointTellsTheEngineNothing() {
        var copy = directory.resolveSibling("copy-of-" + directory.getFileName());
        var notes = new ArrayList<byte[]>();
        try (var log = LocalLog.open(directory, GROUP, SMALL, (_, _, note) -> notes.add(note))) {
            log.checkpoint(copy);
        }
        assertTrue(notes.isEmpty());
    }

    @Test
    void everyOpeningIsALaterEpoch() {
        var epochs = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            var log = open();
            epochs.add(log.epoch().number());
            log.crash();
        }
        assertEquals(List.of(1L, 2L, 3L), epochs);
    }

    @Test
    void aCrashCompletesWhatWaits() {
        var log = open();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        disks.power().watch((operation, _) -> {
            if (operation.equals("sync")) {
                held.countDown();
                awaitUninterruptibly(release);
            }
        });
        var first = log.propose(put(1));
        awaitUninterruptibly(held);
        var second = log.propose(put(2));
        var read = log.readPoint(new ReadLevel.Local(9));
        var crashing = Thread.ofPlatform().start(log::crash);
        var failure = assertThrows(CompletionException.class, () -> second.done().orTimeout(10, TimeUnit.SECONDS).join());
        assertTrue(failure.getCause() instanceof OutcomeUnknownException, failure.toString());
        release.countDown();
        first.done().exceptionally(_ -> null).orTimeout(10, TimeUnit.SECONDS).join();
        assertThrows(CompletionException.class, () -> read.orTimeout(10, TimeUnit.SECONDS).join());
        assertTimely(crashing);
        log.close();
        log.close();
    }

    @Test
    void closingTwiceDoesNothing() {
        var log = open();
        log.propose(put(1)).done().join();
        log.close();
        log.close();
        assertThrows(IllegalStateException.class, () -> log.store().get(Rows.ONLY, key(1)));
    }

    @Test
    void aReadForWhatAClosedLogWillNeverHaveIsTold() {
        var log = open();
        log.propose(put(1)).done().join();
        var before = log.readPoint(new ReadLevel.Local(2));
        log.close();
        var behind = log.readPoint(new ReadLevel.Local(2));
        for (var read : List.of(before, behind)) {
            var failure = assertThrows(CompletionException.class, () -> read.orTimeout(1, TimeUnit.SECONDS).join());
            assertTrue(failure.getCause() instanceof NotLeaderException, failure.toString());
        }
        assertEquals(1, log.readPoint(new ReadLevel.Local(1)).orTimeout(1, TimeUnit.SECONDS).join().index());
    }

    @Test
    void aLargeBatchThatIsNotOrderedLeavesNoFile() throws Exception {
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var log = LocalLog.open(directory, GROUP, SMALL.withPendingBytes(1 << 20), (_, _, _) -> {
            held.countDown();
            awaitUninterruptibly(release);
        })) {
            log.propose(put(1).note(new byte[1]));
            awaitUninterruptibly(held); // one that is larger than all that may wait would be taken if nothing did
            log.propose(put(2));
            assertThrows(OverloadedException.class, () -> log.propose(large(1, 2 << 20)));
            release.countDown();
            log.flush();
            assertEquals(List.of(), files("extents"));
        } finally {
            release.countDown();
        }
    }

    @Test
    void largeBatchesCountWhenItIsTimeToFlush() throws Exception {
        try (var log = open(SMALL.withFlushBytes(4 << 20))) {
            for (int i = 0; i < 20; i++)
                log.propose(large(1, 2 << 20)).done().join();
            var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (files("extents").size() > 6 && System.nanoTime() < deadline)
                Thread.sleep(5);
            assertTrue(files("extents").size() <= 6, "files: " + files("extents"));
        }
    }

    @Test
    void theLastRecordOfAFullFileIsVouchedForToo() throws Exception {
        var log = open();
        log.propose(large(1, 70_000)).done().join(); // alone in its file, which ends with it
        awaitMark();
        log.crash();
        disks = disks.processCrash();
        var name = files("log").getLast();
        disks.disk(directory.resolve("log")).damage(name, 50_000, 1);
        var refused = assertThrows(CorruptLogException.class, this::open);
        assertTrue(refused.toString().contains(name), refused.toString());
    }

    @Test
    void aFailedSyncLeavesTheOutcomeUnknownAndTheLogRefusesMore() {
        for (boolean write : List.of(true, false)) {
            disks = new MemoryDisks();
            var place = directory.resolve("write-" + write);
            var log = LocalLog.open(place, GROUP, SMALL.withDisks(disks), CommitListener.NONE);
            log.propose(put(1)).done().join();
            if (write)
                disks.power().failWrite(1);
            else
                disks.power().failSync(1);
            var failure = assertThrows(CompletionException.class, () -> log.propose(put(2)).done().join());
            // The mark behind the first batch may have met the planted fault: then the second is refused, not unknown.
            assertTrue(failure.getCause() instanceof OutcomeUnknownException, failure.toString());
            assertThrows(NotLeaderException.class, () -> log.propose(put(3)));
            log.crash();
            disks = disks.powerCut(new Random(5));
            try (var again = LocalLog.open(place, GROUP, SMALL.withDisks(disks), CommitListener.NONE)) {
                assertArrayEquals(key(1), again.store().get(Rows.ONLY, key(1)));
                assertFalse(again.propose(put(4)).done().join().index() > 3);
            }
        }
    }

    private void awaitMark() throws Exception {
        Thread.sleep(100); // the mark follows the answer without a sync
    }

    private static void assertTimely(Thread thread) {
        try {
            assertTrue(thread.join(Duration.ofSeconds(20)));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T assertNotNull2(@org.jspecify.annotations.Nullable T value) {
        if (value == null)
            throw new AssertionError("null");
        return value;
    }
}
