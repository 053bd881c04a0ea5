package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.CheckReport;
import io.cairn.block.KeySource;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.CounterRow;
import io.cairn.block.internal.row.DataKeyRow;
import io.cairn.block.internal.row.Note;
import io.cairn.block.internal.row.SnapshotRow;
import io.cairn.block.internal.row.VolumeRow;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.Extent;
import io.cairn.replication.LogInspection;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Files first, since they can be read whatever rows say; then the map against the versions, its rows against the map, volumes and snapshots against the versions
/// that notes lead to, and live bytes of files against the blocks that the map names. Memory: a number for each block.
public final class StoreCheck {
    private final LogInspection log;
    private final Consumer<Damage> sink;
    private final Map<Integer, byte[]> versions = new HashMap<>();
    private final Map<String, Long> expected = new HashMap<>();
    private CounterRow counters = new CounterRow(1, 1);
    /// Ids by number of the volume, ephemeral ones apart, and by that of the version.
    private final Map<Integer, String> volumesOfLog = new HashMap<>();
    private final Map<Integer, String> snapshotsOfVersions = new HashMap<>();
    private long volumes;
    private long snapshots;
    private long blocks;
    private final DataKeys keys;
    private final Set<Integer> encrypted = new HashSet<>();
    private final ByteBuffer block = ByteBuffer.allocateDirect(BlockFormat.BYTES);
    private long unopened;
    private long damages;

    private StoreCheck(LogInspection log, @Nullable KeySource source, Consumer<Damage> sink) {
        this.log = log;
        keys = new DataKeys(source, number -> log.rows().get(BlockSpace.META, DataKeyRow.key(number)), BlockCipher::new);
        this.sink = sink;
    }

    public static CheckReport check(Path directory, @Nullable KeySource keys, Consumer<Damage> found) {
        try (var held = EngineDirectory.inspect(directory, Engine.VOLUMES, LogBlockStore.FORMAT);
                var log = LogInspection.open(held.group(0), BlockSpace.group(0))) {
            return new StoreCheck(log, keys, found).run();
        }
    }

    private CheckReport run() {
        var files = log.files(this::tell);
        try {
            rows();
            live();
        } catch (StoreFailedException e) {
            tell(new Damage("db", -1, "rows cannot be read: " + e.getMessage(), null));
        }
        return new CheckReport(volumes, snapshots, blocks * BlockFormat.DATA_BYTES, unopened, files.entries(), files.unapplied(),
                files.logBytes(), files.extentBytes(), files.storeBytes(), damages);
    }

    private void rows() {
        each(BlockSpace.VERSION, (key, value) -> versions.put(ByteBuffer.wrap(key).getInt(), value));
        each(BlockSpace.META, this::device);
        try {
            map();
            // What notes name counts as alive, whatever became of it since: a checkpoint gives it up.
            each(BlockSpace.NOTE, (_, value) -> Note.decode(value, note -> {
                if (note instanceof Note.Write(int volume, long first, int count, long address)) {
                    expected.merge(file(address), (long) count * BlockFormat.BYTES, Long::sum);
                    if (encrypted.contains(volume))
                        for (int i = 0; i < count; i++)
                            open(first + i, address + i * BlockMaps.STEP);
                }
            }));
            versions();
        } catch (IllegalArgumentException | IllegalStateException e) {
            wrong(String.valueOf(e.getMessage()));
        }
    }

    private void device(byte[] key, byte[] value) {
        try {
            if (VolumeRow.isVolume(key)) {
                volumes++;
                var row = VolumeRow.decode(key, value);
                if (row.definition().type() != VolumeType.EPHEMERAL)
                    volumesOfLog.put(row.number(), row.id());
                if (row.definition().encrypted())
                    encrypted.add(row.number());
            } else if (SnapshotRow.isSnapshot(key)) {
                snapshots++;
                var row = SnapshotRow.decode(key, value);
                snapshotsOfVersions.put(row.version(), row.id());
            } else if (DataKeyRow.isDataKey(key))
                keys.add(DataKeyRow.decode(key, value));
            else if (CounterRow.isCounters(key))
                counters = CounterRow.decode(value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            wrong("a volume's or snapshot's row is none: " + e.getMessage());
        }
    }

    private void map() {
        var maps = newMaps();
        maps.lock().lock();
        try {
            maps.restore(versions, counters.nextNode(), counters.nextVersion());
            var reachable = maps.reachable();
            blocks = reachable.addresses().size();
            for (long address : reachable.addresses())
                expected.merge(file(address), (long) BlockFormat.BYTES, Long::sum);
            var rows = new TreeSet<Long>();
            each(BlockSpace.NODE, (key, _) -> rows.add(ByteBuffer.wrap(key).getLong()));
            rows.removeAll(reachable.nodes());
            for (var origin : maps.origins())
                if (origin.encryptionRoot() != 0)
                    open(maps, origin, reachable.addresses());
            for (long row : rows)
                wrong("node " + row + " of the block map belongs to no version");
        } finally {
            maps.lock().unlock();
        }
    }

    /// Carries the notes out, as opening the store does, and looks for what is missing then.
    private void versions() {
        var maps = newMaps();
        maps.lock().lock();
        try {
            maps.restore(versions, counters.nextNode(), counters.nextVersion());
            each(BlockSpace.NOTE, (_, value) -> Note.decode(value, note -> Journal.carryOut(note, maps)));
            volumesOfLog.forEach((number, id) -> {
                if (maps.head(number) == null)
                    wrong("the block map of " + id + " is missing");
            });
            snapshotsOfVersions.forEach((version, id) -> {
                if (maps.version(version) == null)
                    wrong("the block map of " + id + " is missing");
            });
        } finally {
            maps.lock().unlock();
        }
    }

    private BlockMaps newMaps() {
        return new BlockMaps(id -> log.rows().get(BlockSpace.NODE, Checkpointer.nodeKey(id)));
    }

    /// @param alive all blocks that some version has: of those that are being given up, some bytes may be others' already
    private void open(BlockMaps maps, Version origin, Set<Long> alive) {
        var _ = keys.newest(origin.encryptionRoot()); // or the master key could not be told from another
        for (var place = maps.addresses(origin, 0); place != null; place = maps.addresses(origin, place.next())) {
            long first = place.block();
            place.bySlot().forEach((slot, addresses) -> addresses.stream().filter(alive::contains)
                    .forEach(address -> open(first + slot, address)));
        }
    }

    private void open(long number, long address) {
        var at = Extent.at(address, BlockFormat.BYTES);
        try {
            if (!log.read(at, block.clear())) {
                wrong("encrypted block " + number + " cannot be read: " + at);
                return;
            }
            var cipher = keys.cipher(BlockCipher.keyOf(block, 0));
            if (cipher == null || !cipher.decrypt(block, 0, address, number, block, BlockFormat.HEADER_BYTES))
                wrong("encrypted block " + number + ", " + at + ": " + BlockCipher.FAULT);
        } catch (BlockRefusedException e) {
            unopened++;
        }
    }

    private static String file(long address) {
        return Extent.at(address, 0).home() + " " + Extent.fileAt(address);
    }

    private void live() {
        log.live().forEach((file, bytes) -> {
            long named = expected.getOrDefault(file.home() + " " + file.number(), 0L);
            if (bytes < 0)
                tell(new Damage(file.name(), -1, "a block in it was given up twice: the file is kept for ever", null));
            else if (bytes != named)
                tell(new Damage(file.name(), -1,
                        bytes + " bytes are counted as alive in it, and blocks of " + named + " bytes are", null));
            expected.remove(file.home() + " " + file.number());
        });
        expected.forEach((file, bytes) -> wrong("blocks of " + bytes + " bytes lie in " + file + ", which holds nothing alive"));
    }

    private void each(BlockSpace space, BiConsumer<byte[], byte[]> row) {
        try (var rows = log.rows().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                row.accept(rows.key(), rows.value());
        }
    }

    private void wrong(String what) {
        tell(new Damage("", -1, what, null));
    }

    private void tell(Damage damage) {
        damages++;
        sink.accept(damage);
    }
}
