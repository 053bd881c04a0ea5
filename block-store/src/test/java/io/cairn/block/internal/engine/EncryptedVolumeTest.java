package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.CheckReport;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.KeySource;
import io.cairn.block.Reason;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What encryption adds to what holds of all volumes.
class EncryptedVolumeTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final long SIZE = 4L << 20;
    private static final VolumeDefinition ENCRYPTED = VolumeDefinition.of(SIZE).withEncryption(true);
    private static final KeySource KEYS = KeySource.of(key(1));
    private static final KeySource OTHER_KEYS = KeySource.of(key(2));
    /// Plain text that no file may have.
    private static final byte[] MARKER = "the quick brown fox was here".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private static byte[] key(int of) {
        var key = new byte[KeySource.DATA_KEY_BYTES];
        Arrays.fill(key, (byte) of);
        return key;
    }

    private LogBlockStore open(@Nullable KeySource keys) {
        var options = new BlockStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
                new CleaningOptions(0.1, 0.05, 1, 1L << 40, 4 << 20, Duration.ofHours(1)), 4 << 20, 1000, 1 << 20, 4);
        return LogBlockStore.open(directory.resolve("store"), keys == null ? options : options.withKeys(keys), false);
    }

    private static void crash(LogBlockStore store) {
        Crash.crash(store.log());
        store.close();
    }

    private static byte[] block(int of) {
        var bytes = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i += 64)
            ByteBuffer.wrap(bytes, i, 64).put(MARKER).putInt(of);
        return bytes;
    }

    private static void write(Volume volume, long block, int of) {
        volume.write(block * BLOCK, ByteBuffer.wrap(block(of))).join();
    }

    private static byte[] read(BlockDevice device, long block) {
        var bytes = ByteBuffer.allocate(BLOCK);
        device.read(block * BLOCK, bytes).join();
        return bytes.array();
    }

    private static void holds(BlockDevice device, long block, int of) {
        assertArrayEquals(block(of), read(device, block), device.id() + " block " + block);
    }

    private static void refused(Reason reason, Runnable call) {
        assertEquals(reason, assertThrows(BlockRefusedException.class, call::run).reason());
    }

    /// The future is there, and says why not.
    private static void answered(Reason reason, CompletableFuture<Void> done) {
        var failure = assertThrows(CompletionException.class, done::join);
        assertEquals(reason, assertInstanceOf(BlockRefusedException.class, failure.getCause()).reason());
    }

    @Test
    void isReadAgainAfterACrash() {
        var store = open(KEYS);
        var volume = store.createVolume(ENCRYPTED);
        write(volume, 3, 33);
        holds(volume, 3, 33); // from memory
        volume.flush().join();
        holds(volume, 3, 33); // from the file
        volume.write(3L * BLOCK + 100, ByteBuffer.wrap(new byte[]{1, 2, 3})).join();
        volume.flush().join();
        crash(store);
        var changed = block(33);
        System.arraycopy(new byte[]{1, 2, 3}, 0, changed, 100, 3);
        for (int opening = 0; opening < 3; opening++) {
            store = open(KEYS);
            volume = store.volume(volume.id());
            assertTrue(volume.encrypted());
            assertTrue(volume.definition().encrypted());
            assertArrayEquals(changed, read(volume, 3));
            for (int earlier = 0; earlier < opening; earlier++)
                holds(volume, 10 + earlier, earlier);
            write(volume, 10 + opening, opening);
            volume.flush().join();
            if (opening == 1)
                store.tend();
            crash(store);
        }
    }

    @Test
    void snapshotsAndClonesAreEncrypted() {
        try (var store = open(KEYS)) {
            var volume = store.createVolume(ENCRYPTED);
            write(volume, 0, 1);
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            write(volume, 0, 2);
            assertTrue(snapshot.encrypted());
            var clone = store.createVolume(VolumeDefinition.of(SIZE), snapshot);
            assertTrue(clone.encrypted(), "whatever the definition says");
            volume.delete();
            write(clone, 1, 3);
            holds(snapshot, 0, 1);
            holds(clone, 0, 1);
            holds(clone, 1, 3);
        }
        try (var store = open(KEYS)) {
            assertTrue(store.snapshots().getFirst().encrypted());
            var clone = store.volumes().getFirst();
            write(clone, 2, 4);
            for (int block = 0; block < 3; block++)
                holds(clone, block, new int[]{1, 3, 4}[block]);
        }
    }

    @Test
    void movedBlocksAreEncryptedAnew() {
        for (boolean reopened : new boolean[]{false, true}) {
            var store = open(KEYS);
            var volume = store.createVolume(ENCRYPTED);
            for (int round = 0; round < 6; round++)
                for (int block = 0; block < SIZE / BLOCK; block += round == 0 ? 1 : 3)
                    write(volume, block, round * 10_000 + block);
            volume.flush().join();
            if (reopened) {
                store.close();
                store = open(KEYS);
                volume = store.volume(volume.id());
            }
            store.tend();
            ((LocalLog) store.log()).cleanNow();
            assertTrue(store.log().cleaning().copiedBytes() > 0);
            for (int time = 0; time < 2; time++) {
                for (int block = 0; block < SIZE / BLOCK; block++)
                    holds(volume, block, (block % 3 == 0 ? 50_000 : 0) + block);
                crash(store);
                store = open(KEYS);
                volume = store.volume(volume.id());
            }
            store.close();
        }
    }

    @Test
    void whatCannotBeEncryptedIsRefused() {
        try (var store = open(null)) {
            refused(Reason.UNSUPPORTED, () -> store.createVolume(ENCRYPTED));
            assertEquals(0, store.volumes().size());
        }
        try (var store = open(KEYS)) {
            var plain = store.createVolume(VolumeDefinition.of(SIZE));
            var snapshot = plain.snapshot(SnapshotDefinition.UNNAMED);
            refused(Reason.UNSUPPORTED, () -> store.createVolume(ENCRYPTED, snapshot));
            refused(Reason.UNSUPPORTED, () -> plain.alter(definition -> definition.withEncryption(true)));
            var encrypted = store.createVolume(ENCRYPTED);
            refused(Reason.UNSUPPORTED, () -> encrypted.alter(definition -> definition.withEncryption(false)));
            refused(Reason.UNSUPPORTED, () -> store
                    .createVolume(new VolumeDefinition(SIZE, VolumeType.EPHEMERAL, Map.of(), Map.of(), true)));
            encrypted.alter(definition -> definition.named("still encrypted").withSize(2 * SIZE));
            assertTrue(encrypted.encrypted());
            assertFalse(plain.encrypted());
            assertFalse(snapshot.encrypted());
        }
    }

    /// Nothing is lost: with the right one all is there again.
    @Test
    void withoutTheKeyEachCallIsAnswered() {
        String encrypted;
        String plain;
        String snapshot;
        try (var store = open(KEYS)) {
            var volume = store.createVolume(ENCRYPTED);
            encrypted = volume.id();
            for (int block = 0; block < SIZE / BLOCK; block++)
                write(volume, block, 1);
            snapshot = volume.snapshot(SnapshotDefinition.UNNAMED).id();
            for (int block = 0; block < SIZE / BLOCK; block += 2)
                write(volume, block, 2);
            var other = store.createVolume(VolumeDefinition.of(SIZE));
            plain = other.id();
            write(other, 0, 5);
        }
        for (var keys : new @Nullable KeySource[]{null, OTHER_KEYS})
            try (var store = open(keys)) {
                var volume = store.volume(encrypted);
                answered(Reason.KEY_UNAVAILABLE, volume.read(0, ByteBuffer.allocate(BLOCK)));
                answered(Reason.KEY_UNAVAILABLE, store.snapshot(snapshot).read(0, ByteBuffer.allocate(BLOCK)));
                answered(Reason.KEY_UNAVAILABLE, volume.write(0, ByteBuffer.allocate(BLOCK)));
                answered(Reason.KEY_UNAVAILABLE, volume.write(1, ByteBuffer.allocate(5)));
                answered(Reason.KEY_UNAVAILABLE, volume.trim(0, SIZE));
                answered(Reason.KEY_UNAVAILABLE, volume.zero(0, SIZE));
                volume.flush().join();
                var copy = store.createVolume(VolumeDefinition.of(SIZE), store.snapshot(snapshot));
                answered(Reason.KEY_UNAVAILABLE, copy.read(0, ByteBuffer.allocate(BLOCK)));
                copy.delete();
                refused(keys == null ? Reason.UNSUPPORTED : Reason.KEY_UNAVAILABLE, () -> store.createVolume(ENCRYPTED));
                holds(store.volume(plain), 0, 5);
                write(store.volume(plain), 1, 6);
                store.tend();
                ((LocalLog) store.log()).cleanNow();
            }
        try (var store = open(KEYS)) {
            for (int block = 0; block < SIZE / BLOCK; block++) {
                holds(store.volume(encrypted), block, block % 2 == 0 ? 2 : 1);
                holds(store.snapshot(snapshot), block, 1);
            }
            holds(store.volume(plain), 1, 6);
        }
    }

    private long address(LogBlockStore store, Volume volume, long block) {
        return store.maps().address(((LogVolume) volume).requireVersion(), block);
    }

    private FileChannel file(Extent at) throws IOException {
        var room = at.home() == Extent.Home.LOG ? "log" : "extents";
        return FileChannel.open(directory.resolve("store/0").resolve(room).resolve(FileNames.of(at.home(), at.file())),
                StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private byte[] stored(long address) throws IOException {
        var bytes = ByteBuffer.allocate(BlockFormat.BYTES);
        var at = Extent.at(address, BlockFormat.BYTES);
        try (var file = file(at)) {
            file.read(bytes, at.offset());
        }
        return bytes.array();
    }

    private void store(long address, byte[] bytes) throws IOException {
        var at = Extent.at(address, bytes.length);
        try (var file = file(at)) {
            file.write(ByteBuffer.wrap(bytes), at.offset());
        }
    }

    private static void isCorrupt(BlockDevice device, long block) {
        var failure = assertThrows(CompletionException.class, () -> read(device, block));
        assertInstanceOf(CorruptBlockException.class, failure.getCause());
    }

    @Test
    void damagedAndSwappedBlocksAreRefused() throws IOException {
        try (var store = open(KEYS)) {
            var volume = store.createVolume(ENCRYPTED);
            var other = store.createVolume(ENCRYPTED);
            for (int block = 0; block < 4; block++) {
                write(volume, block, block);
                write(other, block, 10 + block);
            }
            var plain = store.createVolume(VolumeDefinition.of(SIZE));
            write(plain, 0, 20);
            volume.flush().join();
            long at = address(store, volume, 0);
            var whole = stored(at);
            for (int damaged : new int[]{0, 1, 2, 3, 4, 5, 2000, BLOCK + 3, BLOCK + 4, BLOCK + 15}) {
                var bytes = whole.clone();
                bytes[damaged] ^= 0x40;
                store(at, bytes);
                isCorrupt(volume, 0);
            }
            for (long foreign : new long[]{address(store, volume, 1), address(store, other, 0), address(store, plain, 0)}) {
                store(at, stored(foreign));
                isCorrupt(volume, 0);
            }
            store(at, new byte[BlockFormat.BYTES]);
            isCorrupt(volume, 0);
            holds(volume, 1, 1);
            holds(other, 0, 10);
            store(at, whole);
            holds(volume, 0, 0);
        }
    }

    private CheckReport check(@Nullable KeySource keys, List<String> told) {
        var path = directory.resolve("store");
        return keys == null
                ? BlockStore.check(path, damage -> told.add(damage.text()))
                : BlockStore.check(path, keys, damage -> told.add(damage.text()));
    }

    /// Half of the blocks are in a checkpoint, the other half in notes.
    @Test
    void aCheckOpensWhatItHasTheKeyOf() throws IOException {
        var store = open(KEYS);
        var volume = store.createVolume(ENCRYPTED);
        for (int block = 0; block < 20; block++) {
            if (block == 10)
                store.tend();
            write(volume, block, block);
        }
        write(store.createVolume(VolumeDefinition.of(SIZE)), 0, 0);
        volume.flush().join();
        store.log().flush();
        long first = address(store, volume, 3);
        long second = address(store, volume, 13);
        crash(store);
        var told = new ArrayList<String>();
        assertEquals(20, check(null, told).unopenedBlocks());
        assertEquals(20, check(OTHER_KEYS, told).unopenedBlocks());
        assertEquals(0, check(KEYS, told).unopenedBlocks());
        assertEquals(List.of(), told);
        // Swapped with all that the log's checksums say: what only the key can see.
        var swapped = stored(first);
        store(first, stored(second));
        store(second, swapped);
        check(KEYS, told);
        assertEquals(2, told.stream().filter(text -> text.contains("was not encrypted for this place")).count(), told::toString);
    }

    private boolean isOnDisk(byte[] wanted) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList())
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains(new String(wanted, StandardCharsets.ISO_8859_1)))
                    return true;
        }
        return false;
    }

    @Test
    void plainTextIsNowhereOnTheDisk() throws IOException {
        var store = open(KEYS);
        var volume = store.createVolume(ENCRYPTED);
        for (int round = 0; round < 4; round++)
            for (int block = 0; block < SIZE / BLOCK; block += round + 1)
                write(volume, block, block);
        volume.write(17, ByteBuffer.wrap(MARKER)).join();
        volume.flush().join();
        assertFalse(isOnDisk(MARKER), "before anything was closed");
        store.tend();
        ((LocalLog) store.log()).cleanNow();
        store.close();
        assertFalse(isOnDisk(MARKER));
        assertFalse(isOnDisk(key(1)));
        try (var again = open(KEYS)) {
            write(again.createVolume(VolumeDefinition.of(SIZE)), 0, 0);
        }
        assertTrue(isOnDisk(MARKER), "of a plain volume it is: the search finds what is there");
    }
}
