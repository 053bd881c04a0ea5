package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.Reason;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.ephemeral.FileAccess;
import io.cairn.replication.LogOptions;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Volumes in files that last as long as their store is open.
class EphemeralVolumeTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final long CHUNK = 4 << 20;
    @TempDir
    Path directory;

    private LogBlockStore open() {
        return open(BlockStoreOptions.DEFAULT);
    }

    private LogBlockStore open(BlockStoreOptions options) {
        return LogBlockStore.open(directory.resolve("store"), options, false);
    }

    private static VolumeDefinition ephemeral(long bytes) {
        return new VolumeDefinition(bytes, VolumeType.EPHEMERAL, Map.of("Name", "scratch"), Map.of());
    }

    private Path file(Volume volume) {
        return directory.resolve("store").resolve("ephemeral").resolve(volume.id());
    }

    private static byte[] read(BlockDevice device, long offset, int count) {
        var into = ByteBuffer.allocate(count);
        device.read(offset, into).join();
        return into.array();
    }

    private static byte[] random(long seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void answersLikeAnArrayOfBytes(long seed) {
        var random = new SplittableRandom(seed);
        int size = (int) (3 * CHUNK);
        var bytes = new byte[size];
        var states = new State[size / BLOCK];
        Arrays.fill(states, State.HOLE);
        try (var store = open()) {
            var volume = store.createVolume(ephemeral(size));
            for (int step = 0; step < 400; step++) {
                int longest = random.nextInt(10) == 0 ? size : random.nextBoolean() ? 20_000 : 4096;
                int offset = random.nextInt(size);
                int length = random.nextInt(Math.min(longest, size - offset) + 1);
                if (random.nextBoolean()) { // whole blocks
                    offset = offset / BLOCK * BLOCK;
                    length = length / BLOCK * BLOCK;
                }
                int how = random.nextInt(10);
                if (how < 5) {
                    var written = random(step, length);
                    var from = random.nextBoolean()
                            ? ByteBuffer.wrap(written)
                            : ByteBuffer.allocateDirect(length).put(written).flip();
                    volume.write(offset, from).join();
                    assertFalse(from.hasRemaining());
                    System.arraycopy(written, 0, bytes, offset, length);
                    for (int block = offset / BLOCK; block * BLOCK < offset + length; block++)
                        states[block] = State.STORED;
                } else if (how < 8) {
                    var state = how == 5 ? State.ZERO : State.HOLE;
                    (state == State.ZERO ? volume.zero(offset, length) : volume.trim(offset, length)).join();
                    Arrays.fill(bytes, offset, offset + length, (byte) 0);
                    for (int block = (offset + BLOCK - 1) / BLOCK; (block + 1) * BLOCK <= offset + length; block++)
                        states[block] = state;
                } else
                    assertArrayEquals(Arrays.copyOfRange(bytes, offset, offset + length), read(volume, offset, length),
                            "seed " + seed + " step " + step);
                if (step % 20 == 0) {
                    assertArrayEquals(bytes, read(volume, 0, size), "seed " + seed + " step " + step);
                    assertEquals(runs(states), volume.allocation(0, size, Integer.MAX_VALUE), "seed " + seed + " step " + step);
                    assertEquals(Arrays.stream(states).filter(state -> state == State.STORED).count() * BLOCK,
                            volume.storedBytes());
                    assertEquals(volume.storedBytes(), volume.uniqueBytes());
                }
            }
        }
    }

    private static List<Allocation> runs(State[] states) {
        var runs = new ArrayList<Allocation>();
        int from = 0;
        for (int block = 1; block <= states.length; block++)
            if (block == states.length || states[block] != states[from]) {
                runs.add(new Allocation((long) (block - from) * BLOCK, states[from]));
                from = block;
            }
        return runs;
    }

    @Test
    void whatItHoldsIsGoneWhenTheStoreIsOpenedAgainAndItsDefinitionStays() throws Exception {
        String id;
        String durable;
        try (var store = open()) {
            durable = store.createVolume(VolumeDefinition.of(1 << 20)).id();
            var volume = store.createVolume(ephemeral(1 << 20));
            id = volume.id();
            volume.write(0, ByteBuffer.wrap(random(1, 10_000))).join();
            volume.flush().join();
            volume.resize(2 << 20);
            volume.write((2 << 20) - 5, ByteBuffer.wrap(random(2, 5))).join();
            assertArrayEquals(random(2, 5), read(volume, (2 << 20) - 5, 5));
            assertThrows(IndexOutOfBoundsException.class, () -> volume.write((2 << 20) - 5, ByteBuffer.allocate(6)));
            assertEquals(List.of(durable, id), store.volumes().stream().map(Volume::id).toList(), "the oldest first");
            ((LocalLog) store.log()).crash();
        }
        Files.writeString(directory.resolve("store/ephemeral/vol-left-over"), "of a process that was killed");
        Files.writeString(directory.resolve("store/ephemeral").resolve(id), "x".repeat(10_000));
        assertTrue(Files.size(directory.resolve("store/ephemeral").resolve(id)) > 0);
        try (var store = open()) {
            var volume = store.volume(id);
            assertEquals(List.of(durable, id), store.volumes().stream().map(Volume::id).toList());
            assertEquals(VolumeType.EPHEMERAL, volume.type());
            assertEquals("scratch", volume.name());
            assertEquals(2 << 20, volume.sizeBytes());
            assertArrayEquals(new byte[2 << 20], read(volume, 0, 2 << 20));
            assertEquals(0, volume.storedBytes());
            assertFalse(Files.exists(directory.resolve("store/ephemeral/vol-left-over")));
            assertTrue(Files.exists(file(volume)));
            volume.delete();
            assertFalse(Files.exists(file(volume)));
            refused(Reason.NOT_FOUND, () -> volume.read(0, ByteBuffer.allocate(1)));
            refused(Reason.NOT_FOUND, volume::delete);
            refused(Reason.NOT_FOUND, () -> volume.resize(3 << 20));
            refused(Reason.NOT_FOUND, () -> store.volume(id));
        }
        try (var store = open()) {
            assertEquals(List.of(durable), store.volumes().stream().map(Volume::id).toList());
        }
    }

    private static void refused(Reason reason, Executable asked) {
        assertEquals(reason, assertThrows(BlockRefusedException.class, asked).reason());
    }

    @Test
    void whatOutlivesAProcessIsRefused() {
        try (var store = open()) {
            var volume = store.createVolume(ephemeral(1 << 20));
            var other = store.createVolume(VolumeDefinition.of(1 << 20));
            var snapshot = other.snapshot(SnapshotDefinition.UNNAMED);
            refused(Reason.UNSUPPORTED, () -> volume.snapshot(SnapshotDefinition.UNNAMED));
            refused(Reason.UNSUPPORTED, () -> store.createVolume(ephemeral(1 << 20), snapshot));
            refused(Reason.UNSUPPORTED, () -> store.changes(volume, other, 0, 1, 1));
            refused(Reason.UNSUPPORTED,
                    () -> volume.alter(it -> new VolumeDefinition(it.sizeBytes(), VolumeType.GP3, it.tags(), it.attributes())));
            refused(Reason.UNSUPPORTED, () -> other.alter(_ -> volume.definition()));
            refused(Reason.INVALID, () -> volume.resize(5));
            volume.alter(it -> it.named("other"));
            assertEquals("other", volume.name());
        }
    }

    @Test
    void bytesThatTheFileHasNotFromHereAreFound() throws Exception {
        try (var store = open()) {
            var volume = store.createVolume(ephemeral(1 << 20));
            volume.write(0, ByteBuffer.wrap(random(1, 4 * BLOCK))).join();
            try (var channel = FileChannel.open(file(volume), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 2 * BLOCK + 100);
            }
            corrupt("block 2", volume.read(0, ByteBuffer.allocate(4 * BLOCK)));
            corrupt("block 2", volume.write(2 * BLOCK, ByteBuffer.allocate(7))); // a part of it cannot be kept
            assertArrayEquals(Arrays.copyOf(random(1, 4 * BLOCK), 2 * BLOCK), read(volume, 0, 2 * BLOCK));
            volume.write(2 * BLOCK, ByteBuffer.wrap(random(2, BLOCK))).join();
            assertArrayEquals(random(2, BLOCK), read(volume, 2 * BLOCK, BLOCK), "written anew it is sound");
            try (var channel = FileChannel.open(file(volume), StandardOpenOption.WRITE)) {
                channel.truncate(3 * BLOCK);
            }
            corrupt("block 3", volume.read(0, ByteBuffer.allocate(4 * BLOCK)));
        }
    }

    private static void corrupt(String where, CompletableFuture<Void> failed) {
        var failure = assertInstanceOf(CorruptBlockException.class, failure(failed));
        assertTrue(String.valueOf(failure.getMessage()).contains(where), failure::toString);
    }

    private static @Nullable Throwable failure(CompletableFuture<Void> failed) {
        return assertThrows(CompletionException.class, failed::join).getCause();
    }

    private static long allocated(Path file) throws IOException, InterruptedException {
        var stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).redirectErrorStream(true).start();
        var text = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(stat.waitFor(10, TimeUnit.SECONDS));
        return 512 * Long.parseLong(text.strip());
    }

    @Test
    void trimGivesSpaceBackAndZerosKeepIt() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "not run: needs fallocate");
        try (var store = open()) {
            var volume = store.createVolume(ephemeral(1L << 40));
            volume.write(0, ByteBuffer.wrap(random(1, (int) (3 * CHUNK)))).join();
            volume.write((1L << 40) - BLOCK, ByteBuffer.wrap(random(1, BLOCK))).join();
            long all = allocated(file(volume));
            assertTrue(all >= 3 * CHUNK && all < 4 * CHUNK, "sparse: " + all);
            volume.zero(0, CHUNK).join();
            assertEquals(all, allocated(file(volume)), "zeros keep their place");
            volume.trim(0, 2 * CHUNK).join();
            assertTrue(allocated(file(volume)) <= all - 2 * CHUNK + BLOCK, () -> "after TRIM of 2 chunks");
            assertArrayEquals(Arrays.copyOfRange(random(1, (int) (3 * CHUNK)), (int) (2 * CHUNK), (int) (3 * CHUNK)),
                    read(volume, 2 * CHUNK, (int) CHUNK));
            assertEquals(List.of(new Allocation(2 * CHUNK, State.HOLE), new Allocation(CHUNK, State.STORED),
                    new Allocation((1L << 40) - 3 * CHUNK - BLOCK, State.HOLE), new Allocation(BLOCK, State.STORED)),
                    volume.allocation(0, 1L << 40, 10));
            volume.trim(0, 1L << 40).join();
            assertTrue(allocated(file(volume)) <= BLOCK);
            assertEquals(0, volume.storedBytes());
        }
    }

    @Test
    void theCheckOfAStoreKnowsThem() {
        try (var store = open()) {
            store.createVolume(ephemeral(1 << 20)).write(0, ByteBuffer.wrap(random(1, 10_000))).join();
            store.createVolume(VolumeDefinition.of(1 << 20)).write(0, ByteBuffer.wrap(random(1, 2 * BLOCK))).join();
            store.tend();
        }
        var told = new ArrayList<String>();
        var report = BlockStore.check(directory.resolve("store"), damage -> told.add(damage.toString()));
        assertEquals(List.of(), told);
        assertEquals(2, report.volumes());
        assertEquals(2 * BLOCK, report.storedBytes());
    }

    @Test
    void noBlockIsSeenTornAndAnInterruptHarmsOneThreadAlone() throws Exception {
        try (var store = open(); var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var volume = store.createVolume(ephemeral(64 << 10));
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                int writer = i + 1;
                running.add(threads.submit(() -> {
                    var data = new byte[BLOCK];
                    for (int round = 0; round < 3000; round++) {
                        Arrays.fill(data, (byte) (writer * 50 + round % 50));
                        if (round % 100 == 7)
                            Thread.currentThread().interrupt();
                        volume.write((long) round % 4 * BLOCK, ByteBuffer.wrap(data)).join();
                        boolean interrupted = Thread.interrupted();
                        assertEquals(round % 100 == 7, interrupted, "the interrupt is the thread's own");
                    }
                }));
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 3000; round++) {
                        var block = read(volume, (long) round % 4 * BLOCK, BLOCK);
                        for (byte each : block)
                            assertEquals(block[0], each, "torn");
                    }
                }));
            }
            for (var each : running)
                each.get();
        }
    }

    @Test
    void aFlushWaitsForWhatIsUnderWayAndADiskThatFailsFailsTheWriteAlone() throws Exception {
        var entered = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        var options = BlockStoreOptions.DEFAULT.withLog(LogOptions.DEFAULT.withDisks(path -> path.endsWith("ephemeral")
                ? slow(Disk.of(path), entered, released)
                : Disk.of(path)));
        try (var store = open(options); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var volume = store.createVolume(ephemeral(1 << 20));
            var writing = threads
                    .submit(() -> failure(volume.write(0, ByteBuffer.wrap(random(1, BLOCK)))));
            entered.await();
            var flushing = threads.submit(() -> volume.flush().join());
            Thread.sleep(50);
            assertFalse(flushing.isDone());
            released.countDown();
            flushing.get();
            assertInstanceOf(StoreFailedException.class, writing.get());
            volume.write(BLOCK, ByteBuffer.wrap(random(2, BLOCK))).join();
            assertArrayEquals(random(2, BLOCK), read(volume, BLOCK, BLOCK));
            store.createVolume(VolumeDefinition.of(1 << 20)).flush().join();
        }
    }

    /// The kernel makes those wait who write more than the disk takes, and one thread may serve many volumes.
    @Test
    void aDiskThatIsWaitedForKeepsOneCallerOnce() throws Exception {
        var caller = Thread.currentThread();
        var released = new CountDownLatch(1);
        var disks = LogOptions.DEFAULT.withDisks(directory -> directory.endsWith("ephemeral")
                ? new ForwardingDisk(Disk.of(directory)) {
                    @Override
                    protected boolean before(Change change) {
                        if (change == Change.WRITE)
                            try {
                                if (Thread.currentThread() == caller)
                                    TimeUnit.NANOSECONDS.sleep(2 * FileAccess.SLOW_NANOS);
                                else
                                    assertTrue(released.await(60, TimeUnit.SECONDS));
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        return true;
                    }
                }
                : Disk.of(directory));
        try (var store = open(BlockStoreOptions.DEFAULT.withLog(disks))) {
            var volume = store.createVolume(ephemeral(64 << 20));
            var written = new ArrayList<CompletableFuture<Void>>();
            boolean inTime = false;
            for (int i = 0; i < 100 && !inTime; i++) { // this thread may be kept from its processor
                long begin = System.nanoTime();
                written.add(volume.write(0, ByteBuffer.wrap(random(1, BLOCK))));
                var small = volume.write(BLOCK, ByteBuffer.wrap(random(2, BLOCK)));
                written.add(small);
                inTime = System.nanoTime() - begin < FileAccess.WHILE_NANOS;
                assertFalse(inTime && small.isDone());
            }
            assertTrue(inTime);
            var large = volume.write(2 * CHUNK, ByteBuffer.wrap(random(3, (int) CHUNK)));
            written.add(large);
            assertFalse(large.isDone());
            released.countDown();
            CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new)).join();
            assertArrayEquals(random(2, BLOCK), read(volume, BLOCK, BLOCK));
            assertArrayEquals(random(3, (int) CHUNK), read(volume, 2 * CHUNK, (int) CHUNK));
        }
    }

    /// Whose first write waits, and fails.
    private static Disk slow(Disk disk, CountDownLatch entered, CountDownLatch released) {
        return new ForwardingDisk(disk) {
            @Override
            protected boolean before(Change change) throws IOException {
                if (change != Change.WRITE || entered.getCount() == 0)
                    return true;
                entered.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("no space left");
            }
        };
    }
}
