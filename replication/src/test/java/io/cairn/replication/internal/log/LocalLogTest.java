package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.Space;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.testkit.MemoryDisks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalLogTest {
    enum Rows implements Space {
        LEFT, RIGHT
    }

    private static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));
    private static final LogOptions SMALL = LogOptions.DEFAULT.withFileBytes(1 << 20);

    @TempDir
    Path directory;

    private LocalLog open() {
        return LocalLog.open(directory, GROUP, SMALL, CommitListener.NONE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aBatchSurvivesACrashWithItsExtent() {
        Extent extent;
        long stamp;
        try (var log = open()) {
            extent = log.append(1, ByteBuffer.wrap(bytes("bulk")), ByteBuffer.wrap(bytes(" bytes")));
            var proposed = log
                    .propose(new Batch().put(Rows.LEFT, bytes("k"), new byte[8], Batch.Slot.inValue(0)).addExtent(extent));
            assertEquals(1, proposed.done().join().index());
            stamp = proposed.stamp();
            log.crash();
        }
        try (var log = open()) {
            assertEquals(stamp, ByteBuffer.wrap(assertNotNull2(log.store().get(Rows.LEFT, bytes("k")))).getLong());
            assertNull(log.store().get(Rows.RIGHT, bytes("k")));
            try (var content = log.open(extent)) {
                assertNotNull(content);
                assertEquals(ByteBuffer.wrap(bytes("lk by")), content.read(2, 5));
            }
            assertEquals(2, log.epoch().number());
        }
    }

    @Test
    void extentsAloneAreWrittenWithoutASyncAndThenRead() throws Exception {
        var disks = new MemoryDisks();
        var syncs = new AtomicInteger();
        var written = new CompletableFuture<Long>();
        var listener = new CommitListener() {
            @Override
            public void noted(long index, long stamp, byte[] note) {
                // none here
            }

            @Override
            public void written(long file, long offset) {
                written.complete(offset);
            }
        };
        try (var log = LocalLog.open(directory, GROUP, SMALL.withDisks(disks), listener)) {
            disks.power().watch((operation, _) -> {
                if (operation.equals("sync"))
                    syncs.incrementAndGet();
            });
            var extent = log.append(1, ByteBuffer.wrap(bytes("0123456789abcdef")));
            assertTrue(written.get(10, TimeUnit.SECONDS) >= extent.offset() + extent.length());
            var piece = new Extent(extent.home(), extent.file(), extent.offset() + 8, 4);
            var into = ByteBuffer.allocate(4);
            assertTrue(log.read(piece, into));
            assertArrayEquals(bytes("89ab"), into.array());
            assertFalse(log.read(new Extent(Extent.Home.LOG, extent.file() + (9 << 20), 0, 4), ByteBuffer.allocate(4)));
            assertEquals(0, syncs.get(), "nobody was promised anything");
            log.propose(new Batch().addDivided(extent)).done().join();
            assertTrue(syncs.get() > 0, "now somebody is");
        }
    }

    /// Over several files, so that places change in ways that only the log knows.
    @Test
    void aPayloadIsMadeWhenItsPlaceIsKnown() {
        var extents = new ArrayList<Extent>();
        try (var log = open()) {
            for (int i = 0; i < 40; i++) {
                var extent = log.append(2, 100_000, (at, into) -> {
                    assertEquals(at.length(), into.remaining());
                    while (into.hasRemaining())
                        into.putLong(at.address());
                });
                log.propose(new Batch().addExtent(extent)).done().join();
                extents.add(extent);
            }
            log.crash();
        }
        try (var log = open()) {
            for (var extent : extents)
                try (var content = log.open(extent)) {
                    assertNotNull(content);
                    assertEquals(extent.address(), content.read(99_992, 8).order(ByteOrder.LITTLE_ENDIAN).getLong());
                }
        }
        assertTrue(extents.getLast().file() > extents.getFirst().file());
    }

    @Test
    void aPayloadThatIsTooShortFailsTheLog() throws Exception {
        try (var log = open()) {
            var extent = log.append(2, 10, (_, into) -> into.put((byte) 1));
            assertThrows(CompletionException.class, log.propose(new Batch().addExtent(extent)).done()::join);
            assertInstanceOf(IllegalStateException.class, log.failed().get(10, TimeUnit.SECONDS));
            assertThrows(IllegalArgumentException.class, () -> log.append(2, Extent.MAX_IN_LOG_BYTES + 1, (_, _) -> {
            }));
        }
    }

    @Test
    void aDividedExtentKeepsItsFileUntilItsLastPieceIsGivenUp() {
        try (var log = open()) {
            var extent = log.append(1, ByteBuffer.wrap(new byte[80]));
            log.propose(new Batch().addDivided(extent)).done().join();
            fillFiles(log);
            log.propose(new Batch().dropPieces(extent.home(), extent.file(), 30)).done().join();
            log.crash();
        }
        try (var log = open()) {
            var live = ((RocksStore) log.store()).liveBytes();
            assertEquals(List.of(50L), List.copyOf(live.snapshot().values()), "counted to the byte, after a crash too");
            long file = live.snapshot().keySet().iterator().next().number();
            log.propose(new Batch().dropPieces(Extent.Home.LOG, file, 50)).done().join();
            assertEquals(Map.of(), live.snapshot());
        }
    }

    private static void fillFiles(LocalLog log) {
        for (int i = 0; i < 300; i++)
            log.propose(new Batch().put(Rows.LEFT, bytes("k"), new byte[10_000])).done().join();
        log.flush();
    }

    @Test
    void filesRollAndAreRecycledWhenNothingNeedsThem() {
        try (var log = open()) {
            var value = new byte[10_000];
            for (int round = 0; round < 5; round++) {
                var last = new CompletableFuture<Applied>();
                for (int i = 0; i < 200; i++)
                    last = log.propose(new Batch().put(Rows.LEFT, bytes("k" + i), value)).done();
                last.join();
                log.flush();
            }
            assertTrue(list("log").size() <= 2 + LogFiles.MAX_FREE, () -> "files: " + list("log"));
        }
        try (var log = open()) {
            assertEquals(10_000, assertNotNull2(log.store().get(Rows.LEFT, bytes("k199"))).length);
        }
    }

    @Test
    void aLogFileIsHomeOfItsExtentsUntilTheyAreDropped() {
        var extents = new ArrayList<Extent>();
        var content = new byte[200_000];
        new Random(7).nextBytes(content);
        try (var log = open()) {
            for (int i = 0; i < 40; i++) {
                var extent = log.append(1, ByteBuffer.wrap(content));
                log.propose(new Batch().put(Rows.LEFT, bytes("k" + i), bytes("x")).addExtent(extent)).done().join();
                extents.add(extent);
            }
            log.flush();
            log.crash();
        }
        try (var log = open()) {
            for (var extent : extents)
                try (var opened = log.open(extent)) {
                    assertNotNull(opened);
                    assertEquals(ByteBuffer.wrap(content), opened.read(0, content.length));
                }
            var batch = new Batch();
            extents.forEach(batch::dropExtent);
            log.propose(batch).done().join();
            log.flush();
            assertTrue(list("log").size() <= 2 + LogFiles.MAX_FREE, () -> "files: " + list("log"));
            assertNull(log.open(extents.getFirst()));
        }
    }

    @Test
    void anExtentFileIsDeletedWhenDroppedAndWhenNeverNamed() {
        Extent named;
        try (var log = open()) {
            named = write(log, 300_000);
            write(log, 400_000);
            log.propose(new Batch().addExtent(named)).done().join();
            assertEquals(2, list("extents").size());
            log.crash();
        }
        try (var log = open()) {
            assertEquals(1, list("extents").size());
            try (var content = log.open(named)) {
                assertNotNull(content);
                assertEquals(300_000, content.read(0, 300_000).remaining());
                assertNotNull(content.verified(70_000, 5));
            }
            log.propose(new Batch().dropExtent(named)).done().join();
            log.flush();
            assertEquals(0, list("extents").size());
        }
    }

    @Test
    void aBatchThatNamesOrGivesUpAnExtentTwiceIsRefused() {
        try (var log = open()) {
            var extent = log.append(1, ByteBuffer.wrap(bytes("once")));
            assertThrows(IllegalArgumentException.class, () -> log.propose(new Batch().addExtent(extent).addExtent(extent)));
            log.propose(new Batch().addExtent(extent)).done().join();
            assertThrows(IllegalArgumentException.class, () -> log.propose(new Batch().dropExtent(extent).dropExtent(extent)));
            assertEquals(1, log.store().appliedIndex());
            log.propose(new Batch().dropExtent(extent)).done().join();
        }
    }

    @Test
    void anExtentGivenUpTwiceCostsNobodyTheLogNorAnotherExtentItsFile() {
        var value = new byte[10_000];
        Extent alive;
        try (var log = open()) {
            var twice = log.append(1, ByteBuffer.wrap(bytes("given up by two batches")));
            alive = log.append(1, ByteBuffer.wrap(bytes("alive")));
            log.propose(new Batch().addExtent(twice).addExtent(alive)).done().join();
            log.propose(new Batch().dropExtent(twice)).done().join();
            log.propose(new Batch().dropExtent(twice)).done().join();
            log.crash();
        }
        try (var log = open()) {
            for (int i = 0; i < 500; i++)
                log.propose(new Batch().put(Rows.LEFT, bytes("k" + i), value)).done().join();
            log.flush();
            try (var content = log.open(alive)) {
                assertNotNull(content, "the file was given back although it holds an extent that is alive");
                assertEquals(ByteBuffer.wrap(bytes("alive")), content.read(0, 5));
            }
        }
    }

    @Test
    void aBatchAboveOneMebibyteIsAppliedInOneStepAndReplayed() {
        var value = new byte[3 << 20];
        new Random(3).nextBytes(value);
        try (var log = open()) {
            log.propose(new Batch().put(Rows.RIGHT, bytes("large"), value, Batch.Slot.inValue(0))).done().join();
            log.crash();
        }
        try (var log = open()) {
            var read = assertNotNull2(log.store().get(Rows.RIGHT, bytes("large")));
            assertArrayEquals(Arrays.copyOfRange(value, 8, value.length),
                    Arrays.copyOfRange(read, 8, read.length));
            log.flush();
            assertEquals(0, list("extents").size());
        }
    }

    @Test
    void aTailSeesEveryEntryOfEveryEpoch() {
        try (var log = open()) {
            log.propose(new Batch().put(Rows.LEFT, bytes("a"), bytes("1")).note(bytes("n"))).done().join();
        }
        try (var log = open(); var tail = log.tail(1)) {
            log.propose(new Batch().delete(Rows.LEFT, bytes("a"))).done().join();
            var first = assertNotNull2(tail.next());
            var second = assertNotNull2(tail.next());
            assertNull(tail.next());
            assertEquals(List.of(1L, 1L, 2L, 2L), List.of(first.index(), first.epoch(), second.index(), second.epoch()));
            assertEquals(2, first.operations().size());
            assertTrue(second.operations().getFirst() instanceof Operation.Delete(int space, _) && space == 0);
        }
    }

    @Test
    void aCheckpointOpensLikeTheOriginalWhileThatGoesOn() throws Exception {
        var copy = directory.resolveSibling("copy-of-" + directory.getFileName());
        try (var log = open()) {
            var extent = log.append(1, ByteBuffer.wrap(bytes("kept")));
            var large = write(log, 300_000);
            log.propose(new Batch().put(Rows.LEFT, bytes("k"), bytes("v")).addExtent(extent).addExtent(large)).done().join();
            var checkpoint = log.checkpoint(copy);
            assertTrue(checkpoint.index() >= 1);
            log.propose(new Batch().put(Rows.LEFT, bytes("k"), bytes("later")).dropExtent(extent).dropExtent(large)).done()
                    .join();
            log.flush();
            try (var other = LocalLog.open(copy, GROUP, SMALL, CommitListener.NONE)) {
                assertArrayEquals(bytes("v"), other.store().get(Rows.LEFT, bytes("k")));
                try (var content = other.open(extent); var content2 = other.open(large)) {
                    assertNotNull(content);
                    assertEquals(ByteBuffer.wrap(bytes("kept")), content.read(0, 4));
                    assertNotNull(content2);
                    assertEquals(300_000, content2.read(0, 300_000).remaining());
                }
            }
        }
    }

    private static Extent write(LocalLog log, int length) {
        try (var writer = log.newExtent(1)) {
            writer.write(ByteBuffer.wrap(new byte[length]));
            return writer.finish();
        }
    }

    private List<String> list(String name) {
        var names = directory.resolve(name).toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private static <T> T assertNotNull2(@org.jspecify.annotations.Nullable T value) {
        if (value == null)
            throw new AssertionError("null");
        return value;
    }
}
