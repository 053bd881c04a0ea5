package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.testkit.Histories;
import io.cairn.block.testkit.Histories.BlockMachine;
import io.cairn.replication.Extent;
import io.cairn.replication.Store.Range;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.testkit.Coverage;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories with crashes against the model; and whatever happens, each file holds as many live bytes as there are blocks in it, and each row of
/// the map is of use. A failure names its seed.
class BlockHistoryTest {
    private static final int HISTORIES = 20_000;
    private static final int MIN_A_MINUTE = 10;

    private static final Coverage COVERAGE = new Coverage();
    /// Of twelve histories that are always the same: about a third of what they come to. How many crashes leave something unanswered is a matter of time.
    private static final Map<String, Integer> FLOORS = Map.ofEntries(Map.entry("Allocate", 20), Map.entry("Clean", 15),
            Map.entry("Clone", 15), Map.entry("Clone INVALID", 3), Map.entry("Compare", 30), Map.entry("Create", 12),
            Map.entry("DeleteSnapshot", 30), Map.entry("DeleteVolume", 15), Map.entry("Flush", 20), Map.entry("Read", 30),
            Map.entry("Rename", 6), Map.entry("Reopen", 15), Map.entry("Resize", 8), Map.entry("Resize INVALID", 2),
            Map.entry("TakeSnapshot", 40), Map.entry("Tend", 30), Map.entry("Trim", 50), Map.entry("Trim out of bounds", 5),
            Map.entry("UseDeleted READ NOT_FOUND", 1), Map.entry("Write", 250), Map.entry("Write out of bounds", 25),
            Map.entry("WriteThrough", 20), Map.entry("Zero", 45), Map.entry("crash in Flush", 60),
            Map.entry("crash in Flush, unanswered", 5), Map.entry("crash in TakeSnapshot, unanswered", 2),
            Map.entry("crash in Trim", 10), Map.entry("crash in Write", 45));

    @AfterAll
    static void reportCoverage() {
        System.out.println("coverage of volume histories: " + COVERAGE);
        if (COVERAGE.of("histories") == 12) // else a few were asked for
            COVERAGE.requireFloors(FLOORS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersLikeArraysOfBlocks(long seed) {
        Histories.check(LogBlockSubject::onFiles, seed, Histories.STEPS, COVERAGE);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void answersLikeArraysOfBlocksWhenThePowerGoesInTheMiddle(long seed) {
        Histories.check(LogBlockSubject::onMemoryDisks, seed, Histories.STEPS, COVERAGE);
    }

    /// `-Dcairn.seed=N` begins with that one, on the machine that goes with it.
    @Test
    @Tag("long")
    void manyHistories() {
        long first = Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
        long minutes = Long.getLong("cairn.long.minutes", 15);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes) / 3;
        System.out.println("volume histories: first seed " + first);
        int done = 0;
        for (; done < HISTORIES && System.nanoTime() < deadline; done++) {
            long seed = first + done;
            BlockMachine machine = switch ((int) (seed % 3)) {
                case 0 -> LogBlockSubject::onFiles;
                case 1 -> LogBlockSubject::onMemoryDisks;
                default -> LogBlockSubject::busy;
            };
            Histories.check(machine, seed);
        }
        System.out.println("volume histories: " + done + " of " + HISTORIES);
        int made = done;
        assertTrue(made >= Math.min(HISTORIES, MIN_A_MINUTE * minutes / 3), () -> "histories: " + made);
    }

    /// After a checkpoint.
    static void checkFiles(LogBlockStore store) {
        var reachable = store.reachable();
        var expected = new TreeMap<String, Long>();
        for (long address : reachable.addresses())
            expected.merge(Extent.at(address, 0).home() + " " + Extent.fileAt(address), 4112L, Long::sum);
        var live = new TreeMap<String, Long>();
        ((RocksStore) store.log().store()).liveBytes().snapshot()
                .forEach((file, bytes) -> live.put(file.home() + " " + file.number(), bytes));
        assertEquals(expected, live);
        var rows = new TreeSet<Long>();
        try (var cursor = store.log().store().scan(BlockSpace.NODE, new Range(new byte[0], null))) {
            for (cursor.seekToFirst(); cursor.valid(); cursor.next())
                rows.add(ByteBuffer.wrap(cursor.key()).getLong());
        }
        assertEquals(reachable.nodes(), rows);
    }
}
