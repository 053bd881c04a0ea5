package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Difference;
import io.cairn.block.Reason;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeLimits.Rate;
import io.cairn.block.internal.limit.LimitedVolume;
import io.cairn.replication.LogOptions;
import io.cairn.replication.StoreFailedException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store whose volumes are no faster than 10 operations a second for each MiB, by a clock that the test moves.
class LimitedVolumeTest {
    @TempDir
    Path directory;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    private LogBlockStore open() {
        return LogBlockStore.open(directory.resolve("store"), BlockStoreOptions.DEFAULT
                .withLog(LogOptions.DEFAULT.withClock(now::get)).withLimits(definition -> new VolumeLimits(
                        Rate.steady(10 * (definition.sizeBytes() >> 20)), Rate.UNLIMITED, 256 << 10)),
                false);
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static CompletableFuture<Void> write(Volume volume, int first) {
        return volume.write(0, ByteBuffer.wrap(new byte[]{(byte) first, 2, 3}));
    }

    private static void stillWaits(CompletableFuture<Void> request) throws InterruptedException {
        Thread.sleep(30); // time passes, but not that of the store
        assertFalse(request.isDone());
    }

    @Test
    void whatIsTooMuchBeginsLaterByTheClock() throws Exception {
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(1 << 20));
            assertSame(volume, store.volume(volume.id()), "one volume, one bucket");
            assertSame(volume, store.volumes().getFirst());
            assertTrue(write(volume, 1).isDone(), "a tenth of a second is in hand");
            var second = write(volume, 5);
            var into = ByteBuffer.allocate(3);
            var third = volume.read(0, into);
            stillWaits(second);
            assertThrows(IndexOutOfBoundsException.class, () -> volume.read(1 << 20, ByteBuffer.allocate(1)));
            assertTrue(volume.trim(8192, 4096).isDone() && volume.read(0, ByteBuffer.allocate(0)).isDone(),
                    "these count for nothing");
            pass(Duration.ofMillis(100));
            second.get(10, TimeUnit.SECONDS);
            stillWaits(third);
            pass(Duration.ofMillis(100));
            third.get(10, TimeUnit.SECONDS);
            assertArrayEquals(new byte[]{5, 2, 3}, into.array());
            pass(Duration.ofSeconds(1));
            assertTrue(write(volume, 6).isDone());
            volume.resize(100 << 20);
            for (int i = 0; i < 100; i++)
                assertTrue(write(volume, i).isDone(), "faster, and with the credits of a new volume");
            assertFalse(write(volume, 7).isDone());
        }
    }

    @Test
    void limitsChangeNothingElse() {
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(100 << 20).named("disk"));
            write(volume, 1).join();
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            write(volume, 2).join();
            assertEquals(List.of(new Difference(4096, true), new Difference(4096, false)),
                    store.changes(snapshot, volume, 0, 8192, 2));
            assertEquals(4096, volume.storedBytes());
            assertEquals(4096, volume.uniqueBytes());
            assertInstanceOf(LimitedVolume.class, store.createVolume(VolumeDefinition.of(100 << 20), snapshot));
            assertEquals("disk", volume.name());
            volume.flush().join();
            volume.delete();
            assertThrows(BlockRefusedException.class, () -> store.volume(volume.id()));
        }
        try (var store = LogBlockStore.open(directory.resolve("store"), BlockStoreOptions.DEFAULT, false)) {
            assertInstanceOf(LogVolume.class, store.volumes().getFirst(), "without limits there is nothing between");
        }
    }

    @Test
    void soManyWaitAndAfterThatTheyAreToldSo() throws Exception {
        CompletableFuture<Void> last;
        try (var store = open()) {
            var volume = store.createVolume(VolumeDefinition.of(1 << 20));
            write(volume, 1).join();
            var waiting = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < LimitedVolume.MAX_WAITING; i++)
                waiting.add(write(volume, i));
            var refused = assertInstanceOf(BlockRefusedException.class, write(volume, 1).exceptionNow());
            assertEquals(Reason.OVERLOADED, refused.reason());
            pass(Duration.ofMillis(100));
            waiting.getFirst().get(10, TimeUnit.SECONDS);
            last = write(volume, 9);
            assertFalse(last.isDone(), "there is room for one again");
            var gone = store.createVolume(VolumeDefinition.of(1 << 20));
            write(gone, 1).join();
            var late = write(gone, 2);
            gone.delete();
            assertEquals(Reason.NOT_FOUND, assertInstanceOf(BlockRefusedException.class, late.exceptionNow()).reason());
        }
        assertInstanceOf(StoreFailedException.class, last.exceptionNow(), "a store that is closed lets nobody wait for ever");
    }
}
