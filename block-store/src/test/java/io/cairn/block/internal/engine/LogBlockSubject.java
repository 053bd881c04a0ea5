package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.KeySource;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.testkit.BlockSubject;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.Damage;
import io.cairn.replication.LogOptions;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.Crash;
import io.cairn.replication.testkit.MemoryDisks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The engine with small files and a small map, so that a history fills, cleans and sweeps many, and at the pace of its steps. What it holds inside is checked whenever it was
/// tended.
final class LogBlockSubject implements BlockSubject {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MIN_MEMORY_BYTES = 2L << 30;
    private static final KeySource KEYS = KeySource.of(new byte[KeySource.DATA_KEY_BYTES]);
    private final Path directory = scratch();
    private final SplittableRandom random;
    /// Null for real files.
    private @Nullable MemoryDisks disks;

    /// Whether checkpoints, sweeps and cleaning go on by themselves, all the time.
    private final boolean busy;

    private final DataKeys.Ciphers ciphers;

    private LogBlockSubject(long seed, @Nullable MemoryDisks disks, boolean busy) {
        this(seed, disks, busy, BlockCipher::new);
    }

    private LogBlockSubject(long seed, @Nullable MemoryDisks disks, boolean busy, DataKeys.Ciphers ciphers) {
        this.ciphers = ciphers;
        random = new SplittableRandom(seed);
        this.disks = disks;
        this.busy = busy;
    }

    /// On real files: a crash drops what the log has not written, and what RocksDB has in memory alone. Files are checked whenever no store has them open.
    static LogBlockSubject onFiles(long seed) {
        return new LogBlockSubject(seed, null, false);
    }

    /// The log on disks in memory, whose power can be cut in the middle of whatever goes on: then any part of what was not synced is lost. Now and then the
    /// process alone dies.
    static LogBlockSubject onMemoryDisks(long seed) {
        return new LogBlockSubject(seed, new MemoryDisks(), false);
    }

    /// On files, or for odd seeds on disks in memory, with all that goes on behind going on beside the steps, so that crashes fall into that.
    static LogBlockSubject busy(long seed) {
        return new LogBlockSubject(seed, seed % 2 == 0 ? null : new MemoryDisks(), true);
    }

    /// On disks in memory, with ciphers that are watched.
    static LogBlockSubject watched(long seed, DataKeys.Ciphers ciphers) {
        return new LogBlockSubject(seed, new MemoryDisks(), false, ciphers);
    }

    /// In memory, where there is enough of it: what a crash loses is decided elsewhere.
    private static Path scratch() {
        try {
            boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MIN_MEMORY_BYTES;
            return Files.createTempDirectory(roomy ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "cairn-volumes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogBlockStore open(LogOptions log) {
        var cleaning = new CleaningOptions(0.1, 0.05, 1, 1L << 40, 4 << 20, busy ? Duration.ofMillis(5) : Duration.ofHours(1));
        return LogBlockStore.open(store(), new BlockStoreOptions(log.withFileBytes(1 << 20).withRandom(random.split()), cleaning,
                4 << 20, 1000, busy ? 256 : 1 << 20, 4).withKeys(KEYS), busy, ciphers);
    }

    private Path store() {
        return directory.resolve("store");
    }

    @Override
    public BlockStore open() {
        if (disks != null)
            return open(LogOptions.DEFAULT.withDisks(disks));
        if (Files.exists(store())) {
            var damages = new ArrayList<Damage>();
            var report = BlockStore.check(store(), KEYS, damages::add);
            assertEquals(List.of(), damages);
            assertEquals(0, report.unopenedBlocks());
        }
        return open(LogOptions.DEFAULT);
    }

    @Override
    public void cutAfter(int operations) {
        if (disks != null)
            disks.power().cutAfter(operations);
    }

    @Override
    public void crash(BlockStore store) {
        if (disks != null)
            disks.power().cut();
        Crash.crash(((LogBlockStore) store).log());
        if (disks != null)
            disks = random.nextInt(3) == 0 ? disks.processCrash() : disks.powerCut(random);
        try {
            store.close();
        } catch (RuntimeException e) {
            if (disks == null)
                throw e;
            // it has nothing left to write to
        }
    }

    @Override
    public void tend(BlockStore store) {
        ((LogBlockStore) store).tend();
    }

    @Override
    public void clean(BlockStore store) {
        ((LocalLog) ((LogBlockStore) store).log()).cleanNow();
    }

    @Override
    public void checkInside(BlockStore store) {
        if (!busy) // else they change meanwhile
            BlockHistoryTest.checkFiles((LogBlockStore) store);
    }

    /// Those go into one extent, which one note names.
    @Override
    public int atomicBlocks() {
        return BlockFormat.MAX_BLOCKS;
    }

    @Override
    public void close() {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
