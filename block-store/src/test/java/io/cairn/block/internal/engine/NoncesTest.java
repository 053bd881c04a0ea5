package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.KeySource;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.testkit.EncryptedSubject;
import io.cairn.block.testkit.Histories;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.testkit.Coverage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No nonce comes twice with a key: not after a crash, a move, or a clone, and not in two stores that were one.
class NoncesTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final KeySource KEYS = KeySource.of(new byte[KeySource.DATA_KEY_BYTES]);

    @TempDir
    Path directory;
    private final WatchedNonces nonces = new WatchedNonces();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void comeOnceInHistoriesWithCrashesCleaningAndClones(long seed) {
        Histories.check(machine -> new EncryptedSubject(LogBlockSubject.watched(machine, nonces)), seed, Histories.STEPS,
                new Coverage());
        nonces.requireOnce();
        System.out.println("seed " + seed + ": " + nonces.count() + " nonces, " + nonces.keys() + " keys");
        assertTrue(nonces.count() > 100 && nonces.keys() > 3, nonces.count() + " nonces, " + nonces.keys() + " keys");
    }

    private static BlockStore open(Path path, DataKeys.Ciphers ciphers, @Nullable ArchiveOptions archive) {
        var log = archive == null ? LogOptions.DEFAULT : LogOptions.DEFAULT.withArchive(archive);
        return LogBlockStore.open(path, BlockStoreOptions.DEFAULT.withLog(log).withKeys(KEYS), false, ciphers);
    }

    private static byte[] bytes(int of) {
        var bytes = new byte[20 * BLOCK];
        Arrays.fill(bytes, (byte) of);
        return bytes;
    }

    private static void write(Volume volume, int of) {
        volume.write(0, ByteBuffer.wrap(bytes(of))).join();
        volume.flush().join();
    }

    private static void holds(BlockDevice device, int of) {
        var read = ByteBuffer.allocate(20 * BLOCK);
        device.read(0, read).join();
        assertArrayEquals(bytes(of), read.array());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.toList())
                Files.copy(path, to.resolve(from.relativize(path)));
        }
    }

    /// Both give out the same addresses next.
    private void goOnInTwoPlaces(Path one, Path other, DataKeys.Ciphers ciphers) {
        int place = 0;
        for (var path : new Path[]{one, other})
            try (var store = open(path, ciphers, null)) {
                var volume = store.volumes().getFirst();
                holds(volume, 1);
                write(volume, 2 + place);
                var clone = store.createVolume(VolumeDefinition.of(20 * BLOCK), volume.snapshot(SnapshotDefinition.UNNAMED));
                write(clone, 4 + place);
                holds(volume, 2 + place);
                holds(clone, 4 + place);
                place++;
            }
    }

    private void writeAndCopy(DataKeys.Ciphers ciphers) throws IOException {
        try (var store = open(directory.resolve("one"), ciphers, null)) {
            write(store.createVolume(VolumeDefinition.of(20 * BLOCK).withEncryption(true)), 1);
        }
        copy(directory.resolve("one"), directory.resolve("copy"));
        nonces.requireOnce();
    }

    @Test
    void comeOnceInAStoreAndItsCopy() throws IOException {
        writeAndCopy(nonces);
        goOnInTwoPlaces(directory.resolve("one"), directory.resolve("copy"), nonces);
        nonces.requireOnce();
        assertEquals(3, nonces.keys());
    }

    /// A store whose openings all have one key.
    @Test
    void aKeyThatIsKeptIsCaught() throws IOException {
        DataKeys.Ciphers planted = (number, root, _) -> nonces.of(number, root, new byte[KeySource.DATA_KEY_BYTES]);
        writeAndCopy(planted);
        goOnInTwoPlaces(directory.resolve("one"), directory.resolve("copy"), planted);
        assertThrows(AssertionError.class, nonces::requireOnce);
    }

    @Test
    void comeOnceInAStoreAndWhatIsRestoredOfIt() throws Exception {
        var archive = Archive.directory(directory.resolve("archive"));
        var path = directory.resolve("one");
        try (var store = open(path, nonces, ArchiveOptions.to(archive).withInterval(Duration.ofMillis(10)))) {
            var volume = store.createVolume(VolumeDefinition.of(20 * BLOCK).withEncryption(true));
            write(volume, 1);
            for (int wait = 0; wait < 1000; wait++) {
                var status = store.archiveStatus().orElseThrow();
                if (status.index() > 0 && status.behindIndex() == 0)
                    break;
                Thread.sleep(10);
            }
        }
        var restored = directory.resolve("restored");
        BlockStore.restore(archive, new Target.Latest(), OptionalLong.empty(), restored);
        goOnInTwoPlaces(path, restored, nonces);
        nonces.requireOnce();
        assertEquals(3, nonces.keys());
    }
}
