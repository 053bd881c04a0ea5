package io.cairn.replication.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.cairn.replication.Batch;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import io.cairn.replication.Store.Range;
import io.cairn.replication.testkit.Golden;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksStoreTest {
    enum Rows implements Space {
        LARGE, SMALL
    }

    private static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));

    @TempDir
    Path directory;

    /// Batches over two spaces, until RocksDB itself flushes what fills up, and the end of the process before anything else is flushed.
    /// Rows of either space and applied index as the next start finds them.
    private List<Long> countsAfterCrash(boolean atomicFlush) {
        var place = directory.resolve("db-" + atomicFlush);
        var value = new byte[1 << 20];
        new Random(1).nextBytes(value);
        try (var store = RocksStore.open(place, GROUP, _ -> {
        }, atomicFlush)) {
            for (int i = 1; i <= 100; i++) {
                var key = ByteBuffer.allocate(4).putInt(i).array();
                store.add(new Batch().put(Rows.LARGE, key, value).put(Rows.SMALL, key, key).seal());
                store.commit(new AppliedState(i, 1, i, i, 1, i));
            }
        }
        try (var store = RocksStore.open(place, GROUP, _ -> {
        }, atomicFlush)) {
            return List.of(count(store, Rows.LARGE), count(store, Rows.SMALL), store.appliedIndex());
        }
    }

    private static long count(RocksStore store, Space space) {
        long count = 0;
        try (var rows = store.scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                count++;
        }
        return count;
    }

    @Test
    void spacesAndPositionAreFlushedTogether() {
        var counts = countsAfterCrash(true);
        assertNotEquals(0, counts.getFirst(), "nothing was flushed, so nothing was shown");
        assertEquals(counts.getFirst(), counts.get(1));
        assertEquals(counts.getFirst(), counts.get(2));
    }

    @Test
    void withoutAtomicFlushTheyAreTorn() {
        var counts = countsAfterCrash(false);
        assertNotEquals(counts.getFirst(), counts.get(1));
    }

    @Test
    void goldenRows() {
        var state = new AppliedState(0x0102030405060708L, 2, 3, 1_700_000_000_000_000L, 0x500000, 4096);
        assertEquals(state, AppliedState.decode(Golden.require("applied-state-v1", state.encode())));
        var key = new LiveBytes.FileKey(Home.OWN_FILE, 0x0102030405L);
        assertEquals(key, LiveBytes.decodeKey(Golden.require("live-bytes-key-v1", LiveBytes.encodeKey(key))));
        assertEquals(77_777, LiveBytes.decodeValue(Golden.require("live-bytes-value-v1", LiveBytes.encodeValue(77_777))));
    }
}
