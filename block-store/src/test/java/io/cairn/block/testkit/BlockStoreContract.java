package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Difference;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.replication.testkit.Coverage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every block store does, whatever stores it. An implementation extends this class, and more than one may: the named examples tell one rule each,
/// the histories drive it and the model through whatever may happen.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class BlockStoreContract extends LinearizabilityContract {
    private static final int BLOCKS = 600;
    private static final long SIZE = (long) BLOCKS * BLOCK_BYTES;

    // ---- histories

    @ParameterizedTest
    @ValueSource(longs = {101, 102})
    void answersLikeTheModel(long seed) {
        Histories.check(this::subject, seed, 120, new Coverage());
    }

    // ---- reading and writing

    @Test
    void aNewVolumeIsZerosAndAHole() {
        inVolume((_, volume) -> {
            assertEquals(SIZE, volume.sizeBytes());
            assertArrayEquals(new byte[(int) SIZE], read(volume, 0, (int) SIZE));
            assertEquals(List.of(new Allocation(SIZE, State.HOLE)), runs(volume));
            assertEquals(0, volume.storedBytes());
        });
    }

    /// Any offset and length, within a block, up to its end, over several, over the edge of what one node of a map may hold.
    @Test
    void bytesAreReadAsTheyWereWritten() {
        inVolume((_, volume) -> {
            var expected = new byte[(int) SIZE];
            int seed = 0;
            for (int at : new int[]{0, 1, 4095, 4096, 4097, 100 * BLOCK_BYTES - 1, 511 * BLOCK_BYTES - 7, 512 * BLOCK_BYTES})
                for (int length : new int[]{1, 2, 511, 4095, 4096, 4097, 3 * BLOCK_BYTES, 70 * BLOCK_BYTES + 5}) {
                    var bytes = bytes(++seed, length);
                    write(volume, at, bytes);
                    System.arraycopy(bytes, 0, expected, at, length);
                    assertArrayEquals(bytes, read(volume, at, length), at + " " + length);
                }
            assertArrayEquals(expected, read(volume, 0, expected.length));
        });
    }

    /// A write leaves its neighbours alone, on both sides, within its blocks too.
    @Test
    void aWriteWithinABlockKeepsTheRestOfIt() {
        inVolume((_, volume) -> {
            var whole = bytes(1, 3 * BLOCK_BYTES);
            write(volume, 0, whole);
            var part = bytes(2, 100);
            write(volume, BLOCK_BYTES + 50, part);
            System.arraycopy(part, 0, whole, BLOCK_BYTES + 50, part.length);
            assertArrayEquals(whole, read(volume, 0, whole.length));
            write(volume, 2 * BLOCK_BYTES - 50, part);
            System.arraycopy(part, 0, whole, 2 * BLOCK_BYTES - 50, part.length);
            assertArrayEquals(whole, read(volume, 0, whole.length));
        });
    }

    /// The buffer's own limits count, of whatever kind it is.
    @Test
    void buffersAreTakenBetweenTheirPositionAndTheirLimit() {
        inVolume((_, volume) -> {
            var content = bytes(1, 10_000);
            var from = ByteBuffer.allocateDirect(content.length).put(content).flip();
            Outcome.await(volume.write(3, from.position(100).limit(9_000).asReadOnlyBuffer()));
            var into = ByteBuffer.wrap(bytes(2, 10_000)).position(100).limit(9_000);
            Outcome.await(volume.read(3, into));
            assertEquals(0, into.remaining());
            var expected = bytes(2, 10_000);
            System.arraycopy(content, 100, expected, 100, 8_900);
            assertArrayEquals(expected, into.array());
            var direct = ByteBuffer.allocateDirect(8_900);
            Outcome.await(volume.read(3, direct));
            assertEquals(ByteBuffer.wrap(content, 100, 8_900), direct.flip());
        });
    }

    /// Several buffers are one run of bytes, wherever blocks begin and end among them.
    @Test
    void severalBuffersAreOneRunOfBytes() {
        inVolume((_, volume) -> {
            var content = bytes(3, 70 * BLOCK_BYTES + 5);
            for (int offset : new int[]{0, 1, BLOCK_BYTES - 3, 5 * BLOCK_BYTES}) {
                int[] cuts = {0, 0, 1, 17, BLOCK_BYTES, BLOCK_BYTES + 1, 40 * BLOCK_BYTES + 9, content.length - 2,
                        content.length};
                var from = new ByteBuffer[cuts.length - 1];
                var into = new ByteBuffer[cuts.length - 1];
                for (int i = 0; i < from.length; i++) {
                    int length = cuts[i + 1] - cuts[i];
                    from[i] = ByteBuffer.wrap(content, cuts[i], length);
                    into[from.length - 1 - i] = ByteBuffer.allocateDirect(length);
                }
                Outcome.await(volume.write(offset, from));
                assertArrayEquals(content, read(volume, offset, content.length));
                Outcome.await(volume.read(offset, into));
                var all = ByteBuffer.allocate(content.length);
                for (var each : into)
                    all.put(each.flip());
                assertArrayEquals(content, all.array());
                for (var each : from)
                    assertEquals(0, each.remaining());
            }
            Outcome.await(volume.write(SIZE));
            Outcome.await(volume.read(SIZE));
            assertThrows(IndexOutOfBoundsException.class,
                    () -> Outcome.await(volume.write(SIZE - 10, ByteBuffer.allocate(6), ByteBuffer.allocate(5))));
            assertThrows(IndexOutOfBoundsException.class,
                    () -> Outcome.await(volume.read(SIZE - 10, ByteBuffer.allocate(6), ByteBuffer.allocate(5))));
        });
    }

    /// What deleting a device would give back, and where two differ.
    @Test
    void whatIsSharedIsNeitherUniqueNorChanged() {
        inVolume((store, volume) -> {
            write(volume, 0, bytes(1, 20 * BLOCK_BYTES));
            assertEquals(20L * BLOCK_BYTES, volume.uniqueBytes());
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            assertEquals(0, volume.uniqueBytes());
            assertEquals(List.of(new Difference(SIZE, false)), store.changes(snapshot, volume, 0, SIZE, 10));
            write(volume, 3 * BLOCK_BYTES + 7, bytes(2, 10));
            Outcome.await(volume.trim(5L * BLOCK_BYTES, 2L * BLOCK_BYTES));
            Outcome.await(volume.zero(30L * BLOCK_BYTES, BLOCK_BYTES)); // was zeros before
            assertEquals(BLOCK_BYTES, volume.uniqueBytes());
            assertEquals(3L * BLOCK_BYTES, snapshot.uniqueBytes());
            var expected = List.of(new Difference(3L * BLOCK_BYTES, false), new Difference(BLOCK_BYTES, true),
                    new Difference(BLOCK_BYTES, false), new Difference(2L * BLOCK_BYTES, true),
                    new Difference(SIZE - 7L * BLOCK_BYTES, false));
            assertEquals(expected, store.changes(snapshot, volume, 0, SIZE, 10));
            assertEquals(expected, store.changes(volume, snapshot, 0, SIZE, 10));
            assertEquals(expected.subList(0, 2), store.changes(volume, snapshot, 0, SIZE, 2));
            assertEquals(List.of(new Difference(1, true), new Difference(2, false)),
                    store.changes(snapshot, volume, 4L * BLOCK_BYTES - 1, 3, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> store.changes(snapshot, volume, SIZE, 1, 1));
        });
    }

    /// Whoever reads or writes a volume sees nothing of the snapshots that come and go meanwhile.
    @Test
    void snapshotsThatComeAndGoTakeNothingFromAVolumeInUse() {
        inVolume((_, volume) -> {
            var sevens = new byte[256 * BLOCK_BYTES];
            Arrays.fill(sevens, (byte) 7);
            write(volume, 0, sevens);
            var end = new AtomicBoolean();
            var wrong = new ConcurrentLinkedQueue<String>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 2; i++) {
                int client = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    var random = new SplittableRandom(client);
                    while (!end.get()) {
                        long at = (random.nextInt(128) * 2L + client) * BLOCK_BYTES;
                        if (random.nextBoolean())
                            write(volume, at, new byte[]{7});
                        for (byte b : read(volume, at, BLOCK_BYTES))
                            if (b != 7) {
                                wrong.add("at " + at);
                                end.set(true);
                                return;
                            }
                        if (!volume.allocation(at, BLOCK_BYTES, 1).equals(List.of(new Allocation(BLOCK_BYTES, State.STORED)))) {
                            wrong.add("a hole at " + at);
                            end.set(true);
                        }
                    }
                }));
            }
            for (long until = System.nanoTime() + 2_000_000_000L; !end.get() && System.nanoTime() < until;)
                volume.snapshot(SnapshotDefinition.UNNAMED).delete();
            end.set(true);
            for (var thread : threads)
                join(thread);
            assertEquals(List.of(), List.copyOf(wrong));
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingIsReadAndWrittenAnywhereOnTheVolume() {
        inVolume((_, volume) -> {
            for (long at : new long[]{0, 1, 4096, SIZE - 1, SIZE}) {
                write(volume, at, new byte[0]);
                assertEquals(0, read(volume, at, 0).length);
                Outcome.await(volume.trim(at, 0));
                Outcome.await(volume.zero(at, 0));
                assertEquals(List.of(), volume.allocation(at, 0, 1));
            }
            assertEquals(List.of(new Allocation(SIZE, State.HOLE)), runs(volume));
        });
    }

    @Test
    void theLastByteIsOnTheVolumeAndTheNextIsNot() {
        inVolume((_, volume) -> {
            write(volume, SIZE - 1, new byte[]{7});
            assertArrayEquals(new byte[]{7}, read(volume, SIZE - 1, 1));
            for (long[] run : new long[][]{{SIZE, 1}, {SIZE - 1, 2}, {SIZE + 1, 0}, {SIZE - BLOCK_BYTES, BLOCK_BYTES + 1},
                    {-1, 1},
                    {-1, 0}, {-BLOCK_BYTES, 2 * BLOCK_BYTES}, {Long.MAX_VALUE, 1}, {Long.MIN_VALUE, 1}})
                outOfBounds(volume, run[0], run[1]);
            for (long[] run : new long[][]{{0, Long.MAX_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}, {1, SIZE}, {0, -1}, {SIZE, -1},
                    {SIZE, Long.MIN_VALUE}}) {
                outOfBounds(() -> Outcome.await(volume.trim(run[0], run[1])));
                outOfBounds(() -> Outcome.await(volume.zero(run[0], run[1])));
                outOfBounds(() -> volume.allocation(run[0], run[1], 1));
            }
            assertArrayEquals(new byte[]{7}, read(volume, SIZE - 1, 1), "a call that was refused has changed nothing");
            assertEquals(BLOCK_BYTES, volume.storedBytes());
        });
    }

    private static void outOfBounds(Volume volume, long offset, long length) {
        outOfBounds(() -> Outcome.await(volume.read(offset, ByteBuffer.allocate((int) length))));
        outOfBounds(() -> Outcome.await(volume.write(offset, ByteBuffer.allocate((int) length))));
        outOfBounds(() -> Outcome.await(volume.trim(offset, length)));
        outOfBounds(() -> Outcome.await(volume.zero(offset, length)));
        outOfBounds(() -> volume.allocation(offset, length, 1));
    }

    private static void outOfBounds(Supplier<Object> call) {
        assertEquals(new Outcome.OutOfBounds<>(), Outcome.of(call));
    }

    /// Its last blocks can be written, and what is far from them is still a hole.
    @Test
    void aVolumeMayHave64Tebibytes() {
        inStore(store -> {
            var volume = store.createVolume(VolumeDefinition.of(VolumeDefinition.MAX_BYTES));
            var bytes = bytes(1, 3 * BLOCK_BYTES + 9);
            for (long at : new long[]{0, (1L << 31) - 5, (1L << 32) - BLOCK_BYTES, (5L << 40) + 3,
                    VolumeDefinition.MAX_BYTES - bytes.length}) {
                write(volume, at, bytes);
                assertArrayEquals(bytes, read(volume, at, bytes.length));
            }
            assertEquals(new Allocation((1L << 31) - 2 * BLOCK_BYTES - 4 * BLOCK_BYTES + BLOCK_BYTES, State.HOLE),
                    volume.allocation(4 * BLOCK_BYTES, volume.sizeBytes() - 4 * BLOCK_BYTES, 2).getFirst());
            outOfBounds(volume, VolumeDefinition.MAX_BYTES, 1);
            Outcome.await(volume.trim(0, volume.sizeBytes()));
            assertEquals(0, volume.storedBytes());
            assertEquals(List.of(new Allocation(VolumeDefinition.MAX_BYTES, State.HOLE)), runs(volume));
        });
    }

    /// More than may wait for the disk at once, by one thread that does not wait.
    @Test
    void writesNeedNotWaitForEachOther() {
        inStore(store -> {
            var volume = store.createVolume(VolumeDefinition.of(64L << 20));
            int count = 300;
            int length = 64 << 10;
            var writes = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < count; i++)
                writes.add(volume.write((long) i * length, ByteBuffer.wrap(bytes(i, length))));
            writes.forEach(Outcome::await);
            Outcome.await(volume.flush());
            for (int i = 0; i < count; i++)
                assertArrayEquals(bytes(i, length), read(volume, (long) i * length, length), "write " + i);
            var large = bytes(count, 20 << 20);
            write(volume, 77, large);
            assertArrayEquals(large, read(volume, 77, large.length));
        });
    }

    /// Done or not, but not for ever.
    @Test
    void writesThatAreUnderWayWhenTheStoreEndsAreAnswered() {
        for (boolean crash : new boolean[]{true, false})
            crashing((machine, store) -> {
                var volume = store.createVolume(VolumeDefinition.of(64L << 20));
                var calls = new ArrayList<CompletableFuture<Void>>();
                for (int i = 0; i < 200; i++) {
                    calls.add(volume.write((long) i << 16, ByteBuffer.wrap(bytes(i, 64 << 10))));
                    if (i % 50 == 0)
                        calls.add(volume.flush());
                }
                if (crash)
                    machine.crash(store);
                else
                    store.close();
                for (var call : calls)
                    assertDoesNotThrow(() -> call.handle((_, _) -> true).get(60, TimeUnit.SECONDS));
                machine.open().close();
            });
    }

    // ---- trim, zero, allocation

    @Test
    void trimMakesHolesAndZeroKeepsThePlace() {
        inVolume((_, volume) -> {
            write(volume, 0, bytes(1, 10 * BLOCK_BYTES));
            Outcome.await(volume.trim(2 * BLOCK_BYTES, 3 * BLOCK_BYTES));
            Outcome.await(volume.zero(6 * BLOCK_BYTES, 2 * BLOCK_BYTES));
            assertEquals(
                    List.of(run(2, State.STORED), run(3, State.HOLE), run(1, State.STORED), run(2, State.ZERO),
                            run(2, State.STORED), run(BLOCKS - 10, State.HOLE)),
                    runs(volume));
            assertEquals(5L * BLOCK_BYTES, volume.storedBytes());
            assertArrayEquals(new byte[3 * BLOCK_BYTES], read(volume, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES));
            assertArrayEquals(new byte[2 * BLOCK_BYTES], read(volume, 6 * BLOCK_BYTES, 2 * BLOCK_BYTES));
            Outcome.await(volume.trim(0, SIZE));
            assertEquals(List.of(run(BLOCKS, State.HOLE)), runs(volume));
            Outcome.await(volume.zero(0, SIZE));
            assertEquals(List.of(run(BLOCKS, State.ZERO)), runs(volume));
            Outcome.await(volume.trim(BLOCK_BYTES, BLOCK_BYTES));
            write(volume, 3 * BLOCK_BYTES, bytes(2, BLOCK_BYTES));
            assertEquals(List.of(run(1, State.ZERO), run(1, State.HOLE), run(1, State.ZERO), run(1, State.STORED),
                    run(BLOCKS - 4, State.ZERO)), runs(volume));
        });
    }

    /// To the byte: what lies in the same blocks before and behind stays.
    @Test
    void bytesThatAreClearedInPartOfABlockAreZeros() {
        inVolume((_, volume) -> {
            int seed = 0;
            for (int skip : new int[]{0, 1, 511, 4095})
                for (int length : new int[]{1, 100, 4095, 4096, 4097, 3 * BLOCK_BYTES - 1, 3 * BLOCK_BYTES + 1})
                    for (boolean trim : new boolean[]{true, false}) {
                        var bytes = bytes(++seed, 6 * BLOCK_BYTES);
                        write(volume, 0, bytes);
                        int at = BLOCK_BYTES + skip;
                        Outcome.await(trim ? volume.trim(at, length) : volume.zero(at, length));
                        Arrays.fill(bytes, at, at + length, (byte) 0);
                        assertArrayEquals(bytes, read(volume, 0, bytes.length), skip + " " + length + " " + trim);
                    }
        });
    }

    @Test
    void whatHoldsNothingTakesNothingWhenAPartOfItIsCleared() {
        inVolume((_, volume) -> {
            Outcome.await(volume.zero(10 * BLOCK_BYTES, BLOCK_BYTES));
            for (int at : new int[]{0, 10 * BLOCK_BYTES}) {
                Outcome.await(volume.trim(at + 512, 1024));
                Outcome.await(volume.zero(at + 512, 1024));
                Outcome.await(volume.trim(at + 512, BLOCK_BYTES));
            }
            assertEquals(0, volume.storedBytes());
            assertEquals(List.of(run(10, State.HOLE), run(1, State.ZERO), run(BLOCKS - 11, State.HOLE)), runs(volume));
        });
    }

    @Test
    void runsEndWhereTheRangeDoesOrAtTheirNumber() {
        inVolume((_, volume) -> {
            write(volume, BLOCK_BYTES, bytes(1, 2 * BLOCK_BYTES));
            write(volume, 5 * BLOCK_BYTES, bytes(2, BLOCK_BYTES));
            assertEquals(List.of(new Allocation(100, State.HOLE), new Allocation(2 * BLOCK_BYTES, State.STORED),
                    new Allocation(7, State.HOLE)), volume.allocation(BLOCK_BYTES - 100, 2 * BLOCK_BYTES + 107, 10));
            assertEquals(List.of(new Allocation(30, State.STORED)), volume.allocation(BLOCK_BYTES + 10, 30, 10));
            assertEquals(List.of(run(1, State.HOLE), run(2, State.STORED)), volume.allocation(0, SIZE, 2));
            assertEquals(List.of(run(1, State.HOLE)), volume.allocation(0, SIZE, 1));
        });
    }

    // ---- flush and crashes

    @Test
    void whatWasFlushedIsThereAfterACrash() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
            var bytes = bytes(1, 200 * BLOCK_BYTES + 77);
            write(volume, 1234, bytes);
            Outcome.await(volume.trim(20 * BLOCK_BYTES, 3 * BLOCK_BYTES));
            Outcome.await(volume.zero(30 * BLOCK_BYTES, 3 * BLOCK_BYTES));
            Outcome.await(volume.flush());
            var before = runs(volume);
            machine.crash(store);
            try (var after = machine.open()) {
                var found = after.volume(volume.id());
                assertEquals(before, runs(found));
                assertEquals("disk", found.name());
                Arrays.fill(bytes, 20 * BLOCK_BYTES - 1234, 23 * BLOCK_BYTES - 1234, (byte) 0);
                Arrays.fill(bytes, 30 * BLOCK_BYTES - 1234, 33 * BLOCK_BYTES - 1234, (byte) 0);
                assertArrayEquals(bytes, read(found, 1234, bytes.length));
            }
        });
    }

    /// A flush speaks for writes that have completed on any volume of the store.
    @Test
    void aFlushThatHadNothingToDoIsAFlushToo() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE));
            write(volume, 0, bytes(1, BLOCK_BYTES));
            for (int i = 0; i < 5; i++)
                Outcome.await(volume.flush());
            machine.crash(store);
            try (var after = machine.open()) {
                assertArrayEquals(bytes(1, BLOCK_BYTES), read(after.volume(volume.id()), 0, BLOCK_BYTES));
            }
        });
    }

    /// A snapshot, and a clone of it, need no flush; all writes before it are in it, and so on disk.
    @Test
    void snapshotsAndClonesAreDurableWhenTheyAreAnswered() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE));
            write(volume, 100, bytes(1, 9_000));
            var snapshot = volume.snapshot(SnapshotDefinition.named("s"));
            machine.crash(store);
            try (var after = machine.open()) {
                assertArrayEquals(bytes(1, 9_000), read(after.snapshot(snapshot.id()), 100, 9_000));
                assertArrayEquals(bytes(1, 9_000), read(after.volume(volume.id()), 100, 9_000));
                assertEquals(volume.id(), after.snapshot(snapshot.id()).volumeId());
                var clone = after.createVolume(VolumeDefinition.of(SIZE), after.snapshot(snapshot.id()));
                machine.crash(after);
                try (var again = machine.open()) {
                    assertArrayEquals(bytes(1, 9_000), read(again.volume(clone.id()), 100, 9_000));
                }
            }
        });
    }

    @Test
    void whatIsDeletedResizedOrRenamedStaysSoAfterACrash() {
        crashing((machine, store) -> {
            var gone = store.createVolume(VolumeDefinition.of(SIZE));
            var volume = store.createVolume(VolumeDefinition.of(SIZE).named("a"));
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            var kept = volume.snapshot(SnapshotDefinition.UNNAMED);
            gone.delete();
            snapshot.delete();
            volume.resize(SIZE + BLOCK_BYTES);
            volume.alter(definition -> definition.named("b"));
            kept.alter(_ -> SnapshotDefinition.named("c"));
            machine.crash(store);
            try (var after = machine.open()) {
                assertEquals(List.of(volume.id()), after.volumes().stream().map(BlockDevice::id).toList());
                assertEquals(List.of(kept.id()), after.snapshots().stream().map(BlockDevice::id).toList());
                assertEquals("b", after.volume(volume.id()).name());
                assertEquals(SIZE + BLOCK_BYTES, after.volume(volume.id()).sizeBytes());
                assertEquals("c", after.snapshot(kept.id()).name());
                refused(Reason.NOT_FOUND, () -> after.volume(gone.id()));
                refused(Reason.NOT_FOUND, () -> after.snapshot(snapshot.id()));
            }
        });
    }

    /// Each block was written in turn, so there is a last one that is there.
    @Test
    void aCrashLeavesAPrefixOfTheWrites() {
        for (int seed = 0; seed < 5; seed++)
            crashing((machine, store) -> {
                var volume = store.createVolume(VolumeDefinition.of(SIZE));
                for (int block = 0; block < 60; block++) {
                    write(volume, (long) (block * 7 % 60) * BLOCK_BYTES, bytes(block, BLOCK_BYTES));
                    if (block == 20)
                        Outcome.await(volume.flush());
                }
                machine.crash(store);
                try (var after = machine.open()) {
                    boolean ended = false;
                    for (int block = 0; block < 60; block++) {
                        var found = read(after.volume(volume.id()), (long) (block * 7 % 60) * BLOCK_BYTES, BLOCK_BYTES);
                        if (ended || Arrays.equals(found, new byte[BLOCK_BYTES])) {
                            assertTrue(block > 20, "flushed, and gone");
                            assertArrayEquals(new byte[BLOCK_BYTES], found, "a write is there, and one before it is not");
                            ended = true;
                        } else
                            assertArrayEquals(bytes(block, BLOCK_BYTES), found, "torn");
                    }
                }
            });
    }

    @Test
    void aStoreThatWasClosedHasEverything() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE));
            write(volume, 5, bytes(1, 50_000));
            store.close();
            store.close(); // once more is nothing
            try (var after = machine.open()) {
                assertArrayEquals(bytes(1, 50_000), read(after.volume(volume.id()), 5, 50_000));
                assertEquals(volume.created(), after.volume(volume.id()).created());
            }
        });
    }

    /// Nothing is answered as done that is not, and nothing hangs.
    @Test
    void aClosedStoreMakesNothingDurable() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE));
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            store.close();
            fails(() -> wrote(volume, 0, bytes(1, BLOCK_BYTES)) && Outcome.await(volume.flush()));
            fails(() -> Outcome.await(volume.trim(0, BLOCK_BYTES)) && Outcome.await(volume.flush()));
            fails(() -> volume.snapshot(SnapshotDefinition.UNNAMED));
            fails(() -> resized(volume, 2 * SIZE));
            fails(() -> store.createVolume(VolumeDefinition.of(SIZE)));
            fails(() -> store.createVolume(VolumeDefinition.of(SIZE), snapshot));
            fails(() -> done(volume::delete));
            fails(() -> done(snapshot::delete));
            try (var after = machine.open()) {
                assertEquals(List.of(volume.id()), after.volumes().stream().map(BlockDevice::id).toList());
                assertEquals(List.of(snapshot.id()), after.snapshots().stream().map(BlockDevice::id).toList());
                assertEquals(0, after.volume(volume.id()).storedBytes());
                assertEquals(SIZE, after.volume(volume.id()).sizeBytes());
            }
        });
    }

    private static void fails(Supplier<Object> call) {
        assertThrows(RuntimeException.class, call::get);
    }

    // ---- volumes

    @Test
    void aVolumeIsWhatItsDefinitionSays() {
        inStore(store -> {
            var definition = new VolumeDefinition(SIZE - 100, VolumeType.IO2, Map.of("Name", "disk", "team", "\u00e4"),
                    Map.of("zone", "a"));
            var volume = store.createVolume(definition);
            assertEquals(SIZE, volume.sizeBytes(), "whole blocks");
            assertEquals(definition.withSize(SIZE), volume.definition());
            assertEquals(VolumeType.IO2, volume.type());
            assertEquals("disk", volume.name());
            assertEquals(definition.tags(), volume.tags());
            assertEquals(definition.attributes(), volume.attributes());
            assertTrue(volume.id().matches("vol-[0-9a-f]{17}"), volume.id());
            assertEquals(volume.id(), store.volume(volume.id()).id());
            assertEquals("", store.createVolume(VolumeDefinition.of(1)).name());
        });
    }

    @Test
    void aSizeIsOneTo64Tebibytes() {
        inStore(store -> {
            for (long bytes : new long[]{0, -1, Long.MIN_VALUE, VolumeDefinition.MAX_BYTES + 1, Long.MAX_VALUE})
                refused(Reason.INVALID, () -> store.createVolume(VolumeDefinition.of(bytes)));
            assertEquals(List.of(), store.volumes());
            assertEquals(BLOCK_BYTES, store.createVolume(VolumeDefinition.of(1)).sizeBytes());
            assertEquals(2 * BLOCK_BYTES, store.createVolume(VolumeDefinition.of(BLOCK_BYTES + 1)).sizeBytes());
            assertEquals(VolumeDefinition.MAX_BYTES,
                    store.createVolume(VolumeDefinition.of(VolumeDefinition.MAX_BYTES)).sizeBytes());
        });
    }

    @Test
    void thereAreUpTo50Tags() {
        inVolume((store, volume) -> {
            var tags = new HashMap<String, String>();
            for (int i = 0; i < VolumeDefinition.MAX_TAGS; i++)
                tags.put("tag" + i, "" + i);
            var most = VolumeDefinition.of(SIZE).withTags(tags);
            assertEquals(tags, store.createVolume(most).tags());
            var snapshot = volume.snapshot(new SnapshotDefinition(tags, Map.of()));
            assertEquals(tags, snapshot.tags());
            tags.put("one", "more");
            refused(Reason.INVALID, () -> store.createVolume(VolumeDefinition.of(SIZE).withTags(tags)));
            refused(Reason.INVALID, () -> volume.snapshot(new SnapshotDefinition(tags, Map.of())));
            refused(Reason.INVALID, () -> alter(volume, definition(volume).withTags(tags)));
            refused(Reason.INVALID, () -> alter(snapshot, new SnapshotDefinition(tags, Map.of())));
            assertEquals(VolumeDefinition.MAX_TAGS, snapshot.tags().size());
            assertEquals(Map.of(), volume.tags());
            assertEquals(2, store.volumes().size());
            assertEquals(1, store.snapshots().size());
        });
    }

    /// Whoever looks for a name sees all that have it.
    @Test
    void aNameMayBeTakenTwice() {
        inStore(store -> {
            var one = store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
            var other = store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
            assertNotEquals(one.id(), other.id());
            assertEquals(List.of("disk", "disk"), store.volumes().stream().map(BlockDevice::name).toList());
            write(one, 0, bytes(1, BLOCK_BYTES));
            assertArrayEquals(new byte[BLOCK_BYTES], read(other, 0, BLOCK_BYTES));
        });
    }

    @Test
    void volumesAreListedTheOldestFirst() {
        inStore(store -> {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 12; i++)
                ids.add(store.createVolume(VolumeDefinition.of(SIZE)).id());
            store.volume(ids.remove(5)).delete();
            assertEquals(ids, store.volumes().stream().map(BlockDevice::id).toList());
        });
    }

    @Test
    void aVolumeIsAltered() {
        inVolume((store, volume) -> {
            volume.alter(definition -> new VolumeDefinition(definition.sizeBytes(), VolumeType.ST1, Map.of("Name", "new"),
                    Map.of("k", "v")));
            var found = store.volume(volume.id());
            assertEquals(VolumeType.ST1, found.type());
            assertEquals("new", found.name());
            assertEquals(Map.of("k", "v"), found.attributes());
            volume.alter(definition -> definition.withTags(Map.of()));
            assertEquals("", found.name());
            assertEquals(Map.of("k", "v"), found.attributes(), "what the change keeps");
        });
    }

    /// A larger size begins as a hole behind what there was, and a smaller one is refused.
    @Test
    void aVolumeGrowsAndDoesNotShrink() {
        inVolume((_, volume) -> {
            var bytes = bytes(1, (int) SIZE);
            write(volume, 0, bytes);
            volume.resize(SIZE + 1);
            assertEquals(SIZE + BLOCK_BYTES, volume.sizeBytes());
            assertArrayEquals(bytes, read(volume, 0, bytes.length));
            assertArrayEquals(new byte[BLOCK_BYTES], read(volume, SIZE, BLOCK_BYTES));
            write(volume, SIZE + BLOCK_BYTES - 1, new byte[]{1});
            volume.resize(3L << 30); // more levels
            assertArrayEquals(bytes, read(volume, 0, bytes.length));
            write(volume, (3L << 30) - 9, bytes(2, 9));
            assertArrayEquals(bytes(2, 9), read(volume, (3L << 30) - 9, 9));
            volume.resize(3L << 30); // the same is nothing
            for (long less : new long[]{(3L << 30) - BLOCK_BYTES, SIZE, 1, 0, -1})
                refused(Reason.INVALID, () -> resized(volume, less));
            refused(Reason.INVALID, () -> resized(volume, VolumeDefinition.MAX_BYTES + 1));
            assertEquals(3L << 30, volume.sizeBytes());
            assertEquals(SIZE + 2 * BLOCK_BYTES, volume.storedBytes());
        });
    }

    @Test
    void whatIsNotThereIsNotFound() {
        inVolume((store, volume) -> {
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            for (var id : List.of("", "vol-00000000000000000", snapshot.id()))
                refused(Reason.NOT_FOUND, () -> store.volume(id));
            for (var id : List.of("", "snap-00000000000000000", volume.id()))
                refused(Reason.NOT_FOUND, () -> store.snapshot(id));
        });
    }

    /// Who still holds a volume that was deleted is told so, whatever he asks for.
    @Test
    void aDeletedVolumeIsNotFound() {
        inVolume((store, volume) -> {
            write(volume, 0, bytes(1, BLOCK_BYTES));
            volume.delete();
            assertEquals(List.of(), store.volumes());
            refused(Reason.NOT_FOUND, () -> store.volume(volume.id()));
            refused(Reason.NOT_FOUND, () -> read(volume, 0, BLOCK_BYTES));
            refused(Reason.NOT_FOUND, () -> wrote(volume, 0, bytes(1, BLOCK_BYTES)));
            refused(Reason.NOT_FOUND, () -> wrote(volume, 100, bytes(1, 100)));
            refused(Reason.NOT_FOUND, () -> Outcome.await(volume.trim(0, BLOCK_BYTES)));
            refused(Reason.NOT_FOUND, () -> Outcome.await(volume.trim(0, 100)));
            refused(Reason.NOT_FOUND, () -> Outcome.await(volume.zero(0, BLOCK_BYTES)));
            refused(Reason.NOT_FOUND, () -> volume.allocation(0, BLOCK_BYTES, 1));
            refused(Reason.NOT_FOUND, volume::storedBytes);
            refused(Reason.NOT_FOUND, () -> volume.snapshot(SnapshotDefinition.UNNAMED));
            refused(Reason.NOT_FOUND, () -> resized(volume, 2 * SIZE));
            refused(Reason.NOT_FOUND, () -> done(volume::delete));
        });
    }

    // ---- snapshots and clones

    @Test
    void aSnapshotIsWhatTheVolumeWas() {
        inVolume((store, volume) -> {
            write(volume, 100, bytes(1, 20_000));
            Outcome.await(volume.zero(10 * BLOCK_BYTES, BLOCK_BYTES));
            var snapshot = volume.snapshot(new SnapshotDefinition(Map.of("Name", "s"), Map.of("k", "v")));
            var runs = runs(volume);
            write(volume, 0, bytes(2, 30_000));
            Outcome.await(volume.trim(0, SIZE));
            volume.resize(2 * SIZE);
            assertEquals(SIZE, snapshot.sizeBytes());
            assertArrayEquals(bytes(1, 20_000), read(snapshot, 100, 20_000));
            assertEquals(runs, runs(snapshot));
            assertEquals(5L * BLOCK_BYTES, snapshot.storedBytes());
            assertEquals(volume.id(), snapshot.volumeId());
            assertEquals("s", snapshot.name());
            assertEquals(Map.of("k", "v"), snapshot.attributes());
            assertTrue(snapshot.id().matches("snap-[0-9a-f]{17}"), snapshot.id());
            assertEquals(snapshot.id(), store.snapshot(snapshot.id()).id());
            assertFalse(snapshot.created().isBefore(volume.created()));
            outOfBounds(() -> Outcome.await(snapshot.read(SIZE, ByteBuffer.allocate(1))));
            outOfBounds(() -> snapshot.allocation(0, SIZE + 1, 1));
        });
    }

    @Test
    void aSnapshotOfAnEmptyVolumeIsEmpty() {
        inVolume((store, volume) -> {
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            write(volume, 0, bytes(1, BLOCK_BYTES));
            assertArrayEquals(new byte[(int) SIZE], read(snapshot, 0, (int) SIZE));
            assertEquals(List.of(run(BLOCKS, State.HOLE)), runs(snapshot));
            var clone = store.createVolume(VolumeDefinition.of(SIZE), snapshot);
            assertArrayEquals(new byte[(int) SIZE], read(clone, 0, (int) SIZE));
            assertEquals(0, clone.storedBytes());
        });
    }

    /// Each of many, with a change between any two, and none at all between some.
    @Test
    void eachSnapshotOfARowKeepsItsOwn() {
        inVolume((_, volume) -> {
            var snapshots = new ArrayList<Snapshot>();
            for (int i = 0; i < 12; i++) {
                if (i % 4 != 3)
                    write(volume, (long) (i % 3) * BLOCK_BYTES + 10, bytes(i, 5_000));
                snapshots.add(volume.snapshot(SnapshotDefinition.UNNAMED));
            }
            var expected = new byte[4 * BLOCK_BYTES];
            for (int i = 0; i < 12; i++) {
                if (i % 4 != 3)
                    System.arraycopy(bytes(i, 5_000), 0, expected, i % 3 * BLOCK_BYTES + 10, 5_000);
                assertArrayEquals(expected, read(snapshots.get(i), 0, expected.length), "snapshot " + i);
            }
        });
    }

    @Test
    void aCloneAndWhatItWasMadeOfGoTheirOwnWays() {
        inVolume((store, volume) -> {
            var bytes = bytes(1, 8 * BLOCK_BYTES);
            write(volume, 0, bytes);
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            var clone = store.createVolume(VolumeDefinition.of(2 * SIZE).named("clone"), snapshot);
            var second = store.createVolume(VolumeDefinition.of(SIZE), snapshot);
            assertEquals(2 * SIZE, clone.sizeBytes());
            assertArrayEquals(bytes, read(clone, 0, bytes.length));
            assertArrayEquals(new byte[BLOCK_BYTES], read(clone, 2 * SIZE - BLOCK_BYTES, BLOCK_BYTES));
            write(clone, 100, bytes(2, 100));
            Outcome.await(clone.trim(2 * BLOCK_BYTES, BLOCK_BYTES));
            Outcome.await(clone.zero(3 * BLOCK_BYTES, BLOCK_BYTES));
            write(volume, 5 * BLOCK_BYTES, bytes(3, BLOCK_BYTES));
            assertArrayEquals(bytes, read(snapshot, 0, bytes.length));
            assertArrayEquals(bytes, read(second, 0, bytes.length));
            assertArrayEquals(Arrays.copyOf(bytes, 5 * BLOCK_BYTES), read(volume, 0, 5 * BLOCK_BYTES));
            assertArrayEquals(Arrays.copyOfRange(bytes, 5 * BLOCK_BYTES, 6 * BLOCK_BYTES),
                    read(clone, 5 * BLOCK_BYTES, BLOCK_BYTES));
            var ofClone = clone.snapshot(SnapshotDefinition.UNNAMED);
            var third = store.createVolume(VolumeDefinition.of(2 * SIZE), ofClone);
            assertArrayEquals(read(clone, 0, bytes.length), read(third, 0, bytes.length));
            assertEquals(clone.id(), ofClone.volumeId());
        });
    }

    @Test
    void aCloneHasAtLeastTheSizeOfItsSnapshot() {
        inVolume((store, volume) -> {
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            refused(Reason.INVALID, () -> store.createVolume(VolumeDefinition.of(SIZE - BLOCK_BYTES), snapshot));
            assertEquals(SIZE, store.createVolume(VolumeDefinition.of(SIZE - 1), snapshot).sizeBytes(), "rounded up first");
            assertEquals(2, store.volumes().size());
        });
    }

    @Test
    void aDeletedSnapshotIsNotFound() {
        inVolume((store, volume) -> {
            write(volume, 0, bytes(1, BLOCK_BYTES));
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            snapshot.delete();
            assertEquals(List.of(), store.snapshots());
            refused(Reason.NOT_FOUND, () -> store.snapshot(snapshot.id()));
            refused(Reason.NOT_FOUND, () -> read(snapshot, 0, BLOCK_BYTES));
            refused(Reason.NOT_FOUND, () -> snapshot.allocation(0, BLOCK_BYTES, 1));
            refused(Reason.NOT_FOUND, snapshot::storedBytes);
            refused(Reason.NOT_FOUND, () -> alter(snapshot, SnapshotDefinition.UNNAMED));
            refused(Reason.NOT_FOUND, () -> store.createVolume(VolumeDefinition.of(SIZE), snapshot));
            refused(Reason.NOT_FOUND, () -> done(snapshot::delete));
            assertArrayEquals(bytes(1, BLOCK_BYTES), read(volume, 0, BLOCK_BYTES));
        });
    }

    /// In the middle, at either end, with clones and without: those that stay keep what they have, before what was deleted is given up and behind.
    @Test
    void deletingASnapshotTakesNothingFromItsNeighbours() {
        for (int gone = 0; gone < 3; gone++) {
            int first = gone;
            crashing((machine, store) -> {
                var volume = store.createVolume(VolumeDefinition.of(SIZE));
                var snapshots = new ArrayList<Snapshot>();
                var clones = new ArrayList<Volume>();
                for (int i = 0; i < 3; i++) {
                    write(volume, (long) i * BLOCK_BYTES, bytes(10 + i, 2 * BLOCK_BYTES));
                    snapshots.add(volume.snapshot(SnapshotDefinition.UNNAMED));
                    clones.add(store.createVolume(VolumeDefinition.of(SIZE), snapshots.getLast()));
                }
                Outcome.await(volume.trim(0, SIZE));
                write(clones.get(1), 3 * BLOCK_BYTES, bytes(20, BLOCK_BYTES));
                for (int i = 0; i < 3; i++) {
                    snapshots.get((first + i) % 3).delete();
                    for (int other = 0; other < 3; other++) {
                        var expected = chain(other);
                        if ((other - first + 3) % 3 > i)
                            assertArrayEquals(expected, read(snapshots.get(other), 0, expected.length));
                        assertArrayEquals(Arrays.copyOf(expected, 3 * BLOCK_BYTES),
                                read(clones.get(other), 0, 3 * BLOCK_BYTES));
                    }
                    machine.tend(store);
                    machine.checkInside(store);
                }
                assertArrayEquals(new byte[4 * BLOCK_BYTES], read(volume, 0, 4 * BLOCK_BYTES));
                store.close();
            });
        }
    }

    private static byte[] chain(int last) {
        var expected = new byte[4 * BLOCK_BYTES];
        for (int i = 0; i <= last; i++)
            System.arraycopy(bytes(10 + i, 2 * BLOCK_BYTES), 0, expected, i * BLOCK_BYTES, 2 * BLOCK_BYTES);
        return expected;
    }

    @Test
    void aVolumeGoesAndItsSnapshotsStay() {
        crashing((machine, store) -> {
            var volume = store.createVolume(VolumeDefinition.of(SIZE));
            write(volume, 0, bytes(1, 5_000));
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            write(volume, 0, bytes(2, 5_000));
            volume.delete();
            machine.tend(store);
            assertArrayEquals(bytes(1, 5_000), read(snapshot, 0, 5_000));
            assertEquals(volume.id(), snapshot.volumeId());
            var clone = store.createVolume(VolumeDefinition.of(SIZE), snapshot);
            snapshot.delete();
            machine.tend(store);
            assertArrayEquals(bytes(1, 5_000), read(clone, 0, 5_000));
            store.close();
            try (var after = machine.open()) {
                assertArrayEquals(bytes(1, 5_000), read(after.volume(clone.id()), 0, 5_000));
            }
        });
    }

    // ---- how examples speak

    private interface OnMachine { void run(BlockSubject machine, BlockStore store); }

    private interface InStore { void run(BlockStore store); }

    private interface InVolume { void run(BlockStore store, Volume volume); }

    /// The example ends the store itself.
    private void crashing(OnMachine example) {
        try (var machine = subject(1)) {
            var store = machine.open();
            example.run(machine, store);
        }
    }

    private void inStore(InStore example) {
        try (var machine = subject(1); var store = machine.open()) {
            example.run(store);
        }
    }

    private void inVolume(InVolume example) {
        inStore(store -> example.run(store, store.createVolume(VolumeDefinition.of(SIZE))));
    }

    static byte[] bytes(long seed, int count) {
        var bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(BlockDevice device, long offset, int count) {
        var into = ByteBuffer.allocate(count);
        Outcome.await(device.read(offset, into));
        return into.array();
    }

    static void write(Volume volume, long offset, byte[] bytes) {
        Outcome.await(volume.write(offset, ByteBuffer.wrap(bytes)));
    }

    private static boolean wrote(Volume volume, long offset, byte[] bytes) {
        write(volume, offset, bytes);
        return true;
    }

    private static boolean resized(Volume volume, long bytes) {
        volume.resize(bytes);
        return true;
    }

    private static boolean done(Runnable call) {
        call.run();
        return true;
    }

    private static VolumeDefinition definition(Volume volume) {
        return volume.definition();
    }

    private static boolean alter(Volume volume, VolumeDefinition definition) {
        volume.alter(_ -> definition);
        return true;
    }

    private static boolean alter(Snapshot snapshot, SnapshotDefinition definition) {
        snapshot.alter(_ -> definition);
        return true;
    }

    private static List<Allocation> runs(BlockDevice device) {
        return device.allocation(0, device.sizeBytes(), Integer.MAX_VALUE);
    }

    private static Allocation run(long blocks, State state) {
        return new Allocation(blocks * BLOCK_BYTES, state);
    }

    private static void refused(Reason reason, Supplier<Object> call) {
        assertEquals(new Outcome.Refused<>(reason), Outcome.of(call));
    }
}
