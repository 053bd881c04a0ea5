package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.testkit.Histories;
import io.cairn.block.testkit.Histories.BlockMachine;
import io.cairn.replication.Extent;
import io.cairn.replication.Store.Range;
import io.cairn.replication.internal.store.RocksStore;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories with crashes against the model; and whatever happens, each file holds as many live bytes as there are blocks in it, and each row of
/// the map is of use. A failure names its seed.
class BlockHistoryTest {
    private static final int HISTORIES = 20_000;
    private static final int MIN_A_MINUTE = 10;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersLikeArraysOfBlocks(long seed) {
        Histories.check(LogBlockSubject::onFiles, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void answersLikeArraysOfBlocksWhenThePowerGoesInTheMiddle(long seed) {
        Histories.check(LogBlockSubject::onMemoryDisks, seed);
    }

    /// `-Dcairn.seed=N` begins with that one. Every other one is on real files.
    @Test
    @Tag("long")
    void manyHistories() {
        long first = Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
        long minutes = Long.getLong("cairn.long.minutes", 15);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes) / 3;
        System.out.println("volume histories: first seed " + first);
        int done = 0;
        for (; done < HISTORIES && System.nanoTime() < deadline; done++) {
            BlockMachine machine = (first + done) % 2 == 0 ? LogBlockSubject::onFiles : LogBlockSubject::onMemoryDisks;
            Histories.check(machine, first + done);
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
