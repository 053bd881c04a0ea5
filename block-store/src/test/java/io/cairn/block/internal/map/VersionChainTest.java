package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Cleaning walks over chains of versions that are far longer than a thread's stack is deep.
final class VersionChainTest {
    private static final int SNAPSHOTS = 50_000;
    private static final int CLONES = 3000;
    private static final long ADDRESS = 1L << 40;

    @Test
    void blocksMoveInAllVersionsOfALongChain() throws Exception {
        onSmallStack(this::moves);
    }

    /// Each is made of a snapshot of the one before, which is deleted again: between two there is a version that holds nothing.
    @Test
    void theFirstOfManyClonesIsWritten() throws Exception {
        onSmallStack(this::clones);
    }

    private static void onSmallStack(Runnable test) throws InterruptedException {
        var failure = new AtomicReference<@Nullable Throwable>();
        var thread = new Thread(null, test, "small stack", 256 << 10);
        thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        thread.start();
        thread.join();
        if (failure.get() != null)
            throw new AssertionError(failure.get());
    }

    private void clones() {
        var maps = new BlockMaps(_ -> null);
        maps.lock().lock();
        var first = maps.create(1, 512);
        maps.write(first, 7, 2, ADDRESS);
        for (int i = 2; i <= CLONES; i++) {
            var snapshot = maps.requireHead(1);
            maps.snapshot(snapshot);
            maps.clone(snapshot, i);
            maps.delete(snapshot);
            while (!maps.advance(snapshot, 100)) {
                // on with the next leaves
            }
        }
        maps.write(maps.requireHead(2), 7, 1, ADDRESS + 5 * BlockMaps.STEP);
        assertEquals(Map.of(), maps.cut().dropped(), "the other clones have it");
        maps.clear(maps.requireHead(1), 7, 1, BlockMaps.HOLE);
        for (int i = 3; i <= CLONES; i++)
            maps.clear(maps.requireHead(i), 7, 1, BlockMaps.HOLE);
        assertEquals(1, maps.cut().dropped().size(), "nobody has it");
    }

    private void moves() {
        var maps = new BlockMaps(_ -> null);
        maps.lock().lock();
        var first = maps.create(1, 512);
        maps.write(first, 7, 1, ADDRESS);
        var head = first;
        for (int i = 0; i < SNAPSHOTS; i++)
            head = maps.snapshot(head);
        maps.write(head, 8, 1, ADDRESS + BlockMaps.STEP); // another leaf than the snapshots'
        var found = Objects.requireNonNull(maps.addresses(first, 0));
        assertEquals(2, found.bySlot().size());
        maps.prepareMove(first, 0, Map.of(ADDRESS, ADDRESS + 5 * BlockMaps.STEP)).run();
        assertEquals(ADDRESS + 5 * BlockMaps.STEP, maps.address(first, 7));
        assertEquals(ADDRESS + 5 * BlockMaps.STEP, maps.address(head, 7));
    }
}
