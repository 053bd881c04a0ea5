package io.cairn.block.internal.engine;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Difference;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.engine.Keyring.NewKey;
import io.cairn.block.internal.ephemeral.FileAccess;
import io.cairn.block.internal.limit.LimitedVolume;
import io.cairn.block.internal.limit.LimitedVolumes;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.CounterRow;
import io.cairn.block.internal.row.DataKeyRow;
import io.cairn.block.internal.row.Note;
import io.cairn.block.internal.row.SnapshotRow;
import io.cairn.block.internal.row.VolumeRow;
import io.cairn.replication.Applied;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Batch;
import io.cairn.replication.CleaningFigures;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.Extent;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The block store on a replicated log.
public final class LogBlockStore implements BlockStore {
    static final int FORMAT = 1;
    private static final String EPHEMERAL = "ephemeral";
    private static final int LEAVES_AT_A_TIME = 64;
    /// A checkpoint is due when it gives back so much: files that are written again are twice as fast as new ones.
    private static final long DROPPED_BYTES = 256L << 20;

    private final AutoCloseable directory;
    private final ReplicatedLog log;
    private final BlockStoreOptions options;
    private final BlockMaps maps;
    private final Journal journal;
    private final Unwritten unwritten;
    private final DataKeys keys;
    private final Keyring keyring;
    private final BlockReader reader;
    private final Writes writes;
    private final Checkpointer checkpointer;
    private final Tender tender;
    private volatile int leftBySweep;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final EphemeralFiles files;
    private final FileAccess fileAccess = new FileAccess();
    private final Map<String, RowVolume> volumes = new ConcurrentHashMap<>();
    private final Map<String, LogSnapshot> snapshots = new ConcurrentHashMap<>();
    private final LimitedVolumes limited;
    private int nextVolume = 1;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private boolean closed;

    /// Where the log tells a store of what it has written; made before either.
    public static final class Ears implements CommitListener {
        private volatile @Nullable LogBlockStore store;

        @Override
        public void noted(long index, long stamp, byte[] note) {
            // the store's notes are rows
        }

        @Override
        public void written(long file, long offset) {
            var hearing = store;
            if (hearing != null)
                hearing.written(file, offset);
        }
    }

    public static LogBlockStore open(Path path, BlockStoreOptions options) {
        return open(path, options, true);
    }

    static LogBlockStore open(Path path, BlockStoreOptions options, boolean ownPace) {
        return open(path, options, ownPace, BlockCipher::new);
    }

    /// @param ciphers for a test that watches them
    static LogBlockStore open(Path path, BlockStoreOptions options, boolean ownPace, DataKeys.Ciphers ciphers) {
        var directory = EngineDirectory.open(path, Engine.VOLUMES, FORMAT);
        try {
            var ears = new Ears();
            var log = ReplicatedLog.open(directory.group(0), BlockSpace.group(0), options.log(), ears);
            try {
                return new LogBlockStore(directory, path.resolve(EPHEMERAL), log, ears, options, ownPace, ciphers);
            } catch (Throwable e) {
                log.close();
                throw e;
            }
        } catch (Throwable e) {
            directory.close();
            throw e;
        }
    }

    public static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return Restore.engine(archive, BlockSpace.group(0), FORMAT, target, timeline, into);
    }

    /// On a log that the caller opened with these ears. Closing the store closes it.
    ///
    /// @param ephemeral directory for the files of ephemeral volumes; what lies in it is removed
    /// @param ownPace whether checkpoints and deletions go on by themselves; else they wait for [#tend], for tests that are repeated exactly
    /// @param ciphers makes those of data keys
    private LogBlockStore(AutoCloseable directory, Path ephemeral, ReplicatedLog log, Ears ears, BlockStoreOptions options,
            boolean ownPace, DataKeys.Ciphers ciphers) {
        this.directory = directory;
        files = new EphemeralFiles(ephemeral, options.log().disks());
        this.log = log;
        this.options = options;
        maps = new BlockMaps(id -> log.store().get(BlockSpace.NODE, Checkpointer.nodeKey(id)));
        journal = new Journal(log);
        var frames = new Frames();
        unwritten = new Unwritten(options.unwrittenBytes(), frames);
        keys = new DataKeys(options.keys(), number -> log.store().get(BlockSpace.META, DataKeyRow.key(number)), ciphers);
        keyring = new Keyring(keys, journal, maps.lock());
        reader = new BlockReader(log, maps, unwritten, keys);
        checkpointer = new Checkpointer(maps, journal, log, this::checkpointsFailed);
        tender = new Tender(this::tend, this::tendIfDue, () -> isCheckpointDue() || isMapLarge(), this::checkpointsFailed);
        writes = new Writes(maps, journal, frames, unwritten, reader, keyring, this::execute, tender::look,
                2 * options.checkpointNodes());
        limited = new LimitedVolumes(options.limits(), options.log().clock(), executor);
        try {
            readRows();
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new CorruptLogException("db", 0, "a row of the volumes or of their block map is damaged: " + e.getMessage());
        }
        ears.store = this;
        var _ = log.failed().thenAccept(cause -> {
            endWaiting();
            failed.complete(cause);
        });
        log.clean(new Cleaning(maps, reader, checkpointer, keyring, tender::look), options.cleaning());
        if (ownPace)
            tender.start();
    }

    private void readRows() {
        var versionRows = new HashMap<Integer, byte[]>();
        try (var rows = log.store().scan(BlockSpace.VERSION, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                versionRows.put(ByteBuffer.wrap(rows.key()).getInt(), rows.value());
        }
        var counters = log.store().get(BlockSpace.META, CounterRow.key());
        var next = counters == null ? new CounterRow(1, 1) : CounterRow.decode(counters);
        maps.lock().lock();
        try {
            maps.restore(versionRows, next.nextNode(), next.nextVersion());
            try (var rows = log.store().scan(BlockSpace.NOTE, new Range(new byte[0], null))) {
                for (rows.seekToFirst(); rows.valid(); rows.next())
                    journal.replay(ByteBuffer.wrap(rows.key()).getLong(), rows.value(), maps);
            }
            readDevices();
        } finally {
            maps.lock().unlock();
        }
    }

    private void readDevices() {
        try (var rows = log.store().scan(BlockSpace.META, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                if (VolumeRow.isVolume(rows.key())) {
                    var row = VolumeRow.decode(rows.key(), rows.value());
                    volumes.put(row.id(), isEphemeral(row.definition())
                            ? new EphemeralVolume(this, row, files.create(row.id()))
                            : new LogVolume(this, row, required(maps.head(row.number()), row.id())));
                } else if (SnapshotRow.isSnapshot(rows.key())) {
                    var row = SnapshotRow.decode(rows.key(), rows.value());
                    snapshots.put(row.id(), new LogSnapshot(this, row, required(maps.version(row.version()), row.id())));
                } else if (DataKeyRow.isDataKey(rows.key()))
                    keyring.found(DataKeyRow.decode(rows.key(), rows.value()));
                else if (!CounterRow.isCounters(rows.key()))
                    nextVolume = ByteBuffer.wrap(rows.value()).getInt();
        }
    }

    private static boolean isEphemeral(VolumeDefinition definition) {
        return definition.type() == VolumeType.EPHEMERAL;
    }

    private static Version required(@Nullable Version version, String device) {
        if (version == null)
            throw new IllegalStateException("the block map of " + device + " is missing");
        return version;
    }

    private void written(long file, long offset) {
        for (var next : unwritten.written(Extent.endAddress(file, offset)))
            next.run();
    }

    BlockMaps maps() {
        return maps;
    }

    FileAccess fileAccess() {
        return fileAccess;
    }

    BlockReader reader() {
        return reader;
    }

    Writes writes() {
        return writes;
    }

    /// The log under this store, for tests that end it as a crash would.
    public ReplicatedLog log() {
        return log;
    }

    /// How many nodes of the block map are in memory.
    int residentNodes() {
        return maps.resident();
    }

    /// Every node and block that some version has, for checks.
    BlockMaps.Reachable reachable() {
        maps.lock().lock();
        try {
            return maps.reachable();
        } finally {
            maps.lock().unlock();
        }
    }

    // ---- volumes and snapshots

    /// Runs a step under the lock of the maps that proposes a batch, and waits for it to be on disk. While the log has no room, the step is repeated: it
    /// proposes before it changes anything.
    private <T> T change(Supplier<Change<T>> step) {
        while (true) {
            Change<T> change;
            maps.lock().lock();
            try {
                change = step.get();
            } catch (OverloadedException e) {
                LockSupport.parkNanos(1_000_000);
                continue;
            } finally {
                maps.lock().unlock();
            }
            change.done.join();
            return change.result;
        }
    }

    private record Change<T>(CompletableFuture<Applied> done, T result) {}

    @Override
    public Volume createVolume(VolumeDefinition definition) {
        return face(isEphemeral(definition) ? createEphemeral(definition) : create(definition, null));
    }

    private Volume face(RowVolume volume) {
        var face = limited.of(volume);
        if (!volumes.containsKey(volume.id()))
            limited.end(volume.id(), notFound("volume", volume.id())); // deleted meanwhile
        return face;
    }

    private RowVolume createEphemeral(VolumeDefinition definition) {
        var checked = checked(definition);
        if (checked.encrypted())
            throw EphemeralVolume.unsupported("is not encrypted: its bytes end with the process");
        var id = newId("vol-");
        var file = files.create(id);
        try {
            return change(() -> {
                var row = new VolumeRow(id, nextVolume, micros(), checked);
                var done = journal.propose(numbered(row));
                nextVolume++;
                var volume = new EphemeralVolume(this, row, file);
                volumes.put(id, volume);
                return new Change<>(done, volume);
            });
        } catch (Throwable e) {
            volumes.remove(id);
            EphemeralFiles.delete(file);
            throw e;
        }
    }

    /// The row of a new volume, and the number of the next one.
    private static Batch numbered(VolumeRow row) {
        return new Batch().put(BlockSpace.META, row.key(), row.encode()).put(BlockSpace.META, new byte[]{1},
                ByteBuffer.allocate(4).putInt(row.number() + 1).array());
    }

    @Override
    public Volume createVolume(VolumeDefinition definition, Snapshot from) {
        var snapshot = snapshots.get(from.id());
        if (snapshot == null || snapshot != from)
            throw notFound("snapshot", from.id());
        if (isEphemeral(definition))
            throw EphemeralVolume.unsupported("does not begin as a snapshot");
        return face(create(definition, snapshot));
    }

    private RowVolume create(VolumeDefinition definition, @Nullable LogSnapshot from) {
        boolean inherits = from != null && from.encrypted();
        if (from != null && definition.encrypted() && !inherits)
            throw new BlockRefusedException(Reason.UNSUPPORTED, "'" + from.id()
                    + "' is not encrypted, so a volume that begins as it cannot be: what they share is plain. Create an encrypted volume and copy it there.");
        var checked = checked(definition).withEncryption(definition.encrypted() || inherits);
        long bytes = checked.sizeBytes();
        if (from != null && bytes < from.sizeBytes())
            throw new BlockRefusedException(Reason.INVALID,
                    "The volume size " + bytes + " is less than the snapshot's, " + from.sizeBytes());
        var id = newId("vol-");
        var key = checked.encrypted() && from == null ? firstKey(id) : null;
        return change(() -> {
            var row = new VolumeRow(id, nextVolume, micros(), checked);
            long blocks = bytes / BlockDevice.BLOCK_BYTES;
            var version = from == null ? null : from.requireVersion();
            journal.begin();
            if (version == null)
                journal.add(new Note.Create(row.number(), blocks, checked.encrypted()));
            else {
                journal.add(new Note.Clone(version.id(), row.number()));
                journal.add(new Note.Grow(row.number(), blocks));
            }
            var batch = numbered(row);
            if (key != null)
                keyring.put(batch, key, row);
            var done = journal.propose(batch);
            nextVolume++;
            if (key != null)
                keyring.added(key, row);
            var head = version == null
                    ? maps.create(row.number(), blocks, checked.encrypted())
                    : maps.clone(version, row.number());
            maps.grow(head, blocks);
            var volume = new LogVolume(this, row, head);
            volumes.put(id, volume);
            return new Change<>(done, volume);
        });
    }

    /// There is always one, so that a master key can be held against it.
    private NewKey firstKey(String volume) {
        if (options.keys() == null)
            throw new BlockRefusedException(Reason.UNSUPPORTED,
                    "This store was opened without keys: it has no encrypted volumes.");
        keys.requireSame();
        return keyring.create(volume);
    }

    private static long sizeOf(long asked) {
        if (asked < 1 || asked > VolumeDefinition.MAX_BYTES)
            throw new BlockRefusedException(Reason.INVALID,
                    "a volume has 1 to " + VolumeDefinition.MAX_BYTES + " bytes, not " + asked);
        return (asked + BlockDevice.BLOCK_BYTES - 1) / BlockDevice.BLOCK_BYTES * BlockDevice.BLOCK_BYTES;
    }

    private String newId(String prefix) {
        RandomGenerator random = options.log().random();
        synchronized (random) {
            while (true) {
                var id = prefix + "0%016x".formatted(random.nextLong());
                if (!volumes.containsKey(id) && !snapshots.containsKey(id))
                    return id;
            }
        }
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, options.log().clock().instant());
    }

    @Override
    public Volume volume(String id) {
        var volume = volumes.get(id);
        if (volume == null)
            throw notFound("volume", id);
        return face(volume);
    }

    @Override
    public List<Volume> volumes() {
        return volumes.values().stream().sorted(Comparator.comparingInt(RowVolume::number)).map(this::face)
                .toList();
    }

    @Override
    public Snapshot snapshot(String id) {
        var snapshot = snapshots.get(id);
        if (snapshot == null)
            throw notFound("snapshot", id);
        return snapshot;
    }

    @Override
    public List<Snapshot> snapshots() {
        return snapshots.values().stream()
                .sorted(Comparator.comparing(LogSnapshot::created).thenComparing(LogSnapshot::id))
                .map(snapshot -> (Snapshot) snapshot).toList();
    }

    private static BlockRefusedException notFound(String what, String id) {
        return new BlockRefusedException(Reason.NOT_FOUND, "The " + what + " '" + id + "' does not exist.");
    }

    Snapshot snapshot(LogVolume volume, SnapshotDefinition definition) {
        var checked = checked(definition);
        var id = newId("snap-");
        return change(() -> {
            var head = volume.head();
            if (head == null)
                throw notFound("volume", volume.id());
            var row = new SnapshotRow(id, head.id(), volume.id(), volume.sizeBytes(), micros(), checked);
            journal.begin();
            journal.add(new Note.Snapshot(volume.number()));
            var done = journal.propose(new Batch().put(BlockSpace.META, row.key(), row.encode()));
            volume.become(volume.row(), maps.snapshot(head));
            var snapshot = new LogSnapshot(this, row, head);
            snapshots.put(id, snapshot);
            return new Change<>(done, snapshot);
        });
    }

    void alter(LogVolume volume, UnaryOperator<VolumeDefinition> change) {
        this.<Boolean>change(() -> {
            var head = volume.head();
            if (head == null)
                throw notFound("volume", volume.id());
            var changed = altered(volume.definition(), change);
            long blocks = changed.sizeBytes() / BlockDevice.BLOCK_BYTES;
            var row = volume.row().with(changed);
            journal.begin();
            if (blocks > head.blocks())
                journal.add(new Note.Grow(volume.number(), blocks));
            var done = journal.propose(new Batch().put(BlockSpace.META, row.key(), row.encode()));
            maps.grow(head, blocks);
            volume.become(row, head);
            return new Change<>(done, true);
        });
    }

    void alter(EphemeralVolume volume, UnaryOperator<VolumeDefinition> change) {
        this.<Boolean>change(() -> {
            volume.requireStanding();
            var row = volume.row().with(altered(volume.definition(), change));
            var done = journal.propose(new Batch().put(BlockSpace.META, row.key(), row.encode()));
            volume.become(row);
            return new Change<>(done, true);
        });
    }

    private static VolumeDefinition altered(VolumeDefinition before, UnaryOperator<VolumeDefinition> change) {
        var changed = checked(change.apply(before));
        if (changed.sizeBytes() < before.sizeBytes())
            throw new BlockRefusedException(Reason.INVALID,
                    "New size cannot be smaller than existing size: " + before.sizeBytes() + " bytes");
        if (isEphemeral(before) != isEphemeral(changed))
            throw EphemeralVolume.unsupported("is one for good, and no other becomes one");
        if (before.encrypted() != changed.encrypted())
            throw new BlockRefusedException(Reason.UNSUPPORTED,
                    "A volume is encrypted from the beginning, or never: create another and copy it there.");
        return changed;
    }

    void alter(LogSnapshot snapshot, UnaryOperator<SnapshotDefinition> change) {
        this.<Boolean>change(() -> {
            var _ = snapshot.requireVersion();
            var row = snapshot.row().with(checked(change.apply(snapshot.row().definition())));
            var done = journal.propose(new Batch().put(BlockSpace.META, row.key(), row.encode()));
            snapshot.become(row);
            return new Change<>(done, true);
        });
    }

    private static VolumeDefinition checked(VolumeDefinition definition) {
        checkTags(definition.tags());
        return definition.withSize(sizeOf(definition.sizeBytes()));
    }

    private static SnapshotDefinition checked(SnapshotDefinition definition) {
        checkTags(definition.tags());
        return definition;
    }

    private static void checkTags(Map<String, String> tags) {
        if (tags.size() > VolumeDefinition.MAX_TAGS)
            throw new BlockRefusedException(Reason.INVALID,
                    "there are up to " + VolumeDefinition.MAX_TAGS + " tags, not " + tags.size());
    }

    void delete(LogVolume volume) {
        var _ = checkpointer.run(() -> {
            var head = volume.head();
            if (head == null)
                throw notFound("volume", volume.id());
            return () -> {
                maps.delete(head);
                volume.become(volume.row(), null);
                volumes.remove(volume.id());
                limited.end(volume.id(), notFound("volume", volume.id()));
            };
        }, batch -> batch.delete(BlockSpace.META, volume.row().key()));
        tender.wake();
    }

    void delete(EphemeralVolume volume) {
        this.<Boolean>change(() -> {
            volume.requireStanding();
            var done = journal.propose(new Batch().delete(BlockSpace.META, volume.row().key()));
            volume.deleted();
            volumes.remove(volume.id());
            limited.end(volume.id(), notFound("volume", volume.id()));
            return new Change<>(done, true);
        });
        EphemeralFiles.delete(volume.file());
    }

    void delete(LogSnapshot snapshot) {
        var _ = checkpointer.run(() -> {
            var version = snapshot.requireVersion();
            return () -> {
                maps.delete(version);
                snapshot.deleted();
                snapshots.remove(snapshot.id());
            };
        }, batch -> batch.delete(BlockSpace.META, snapshot.row().key()));
        tender.wake();
    }

    // ---- what devices share

    @Override
    public List<Difference> changes(BlockDevice from, BlockDevice to, long offset, long length, int maxRuns) {
        var one = mapped(from);
        var other = mapped(to);
        Objects.checkFromIndexSize(offset, length, Math.max(from.sizeBytes(), to.sizeBytes()));
        if (maxRuns < 1)
            throw new IllegalArgumentException("at most " + maxRuns + " runs");
        return new Differences(maps, offset, length, maxRuns).between(one, other);
    }

    private MappedDevice mapped(BlockDevice device) {
        if (device instanceof LimitedVolume limits)
            return mapped(limits.volume());
        if (device instanceof EphemeralVolume)
            throw EphemeralVolume.unsupported("is compared with nothing");
        if (!(device instanceof MappedDevice mapped) || mapped.store() != this)
            throw new BlockRefusedException(Reason.INVALID, "'" + device.id() + "' is no volume or snapshot of this store");
        var _ = mapped.requireVersion();
        return mapped;
    }

    long uniqueBytes(MappedDevice device) {
        long blocks = 0;
        for (long next = 0; next != Long.MAX_VALUE;) {
            maps.lock().lock();
            try {
                var counted = maps.countUnique(device.requireVersion(), next, LEAVES_AT_A_TIME);
                blocks += counted.unique();
                next = counted.next();
            } finally {
                maps.lock().unlock();
            }
        }
        return blocks * BlockDevice.BLOCK_BYTES;
    }

    // ---- what goes on behind

    private boolean isCheckpointDue() {
        return maps.waiting() >= options.checkpointNodes() || journal.noteBytes() >= options.checkpointNoteBytes()
                || maps.droppedBytes() >= DROPPED_BYTES;
    }

    /// After a sweep that could not let go of enough, more has to come together before the next one.
    private boolean isMapLarge() { return maps.resident() > Math.max(options.mapNodes(), leftBySweep + options.mapNodes() / 8); }

    /// A map that is merely large needs no checkpoint: most of it is as its rows say.
    private void tendIfDue() {
        if (isCheckpointDue() || isDeleting())
            tend();
        else
            sweep();
    }

    private boolean isDeleting() {
        maps.lock().lock();
        try {
            return maps.deleting() != null;
        } finally {
            maps.lock().unlock();
        }
    }

    /// Gives up what deleted versions had, and writes a checkpoint. Blocks.
    public void tend() {
        while (advance())
            if (isCheckpointDue())
                checkpoint();
        checkpoint();
        sweep();
    }

    private void sweep() {
        maps.lock().lock();
        try {
            if (isMapLarge())
                leftBySweep = maps.sweep(options.mapNodes() * 3 / 4, checkpointer.durable());
        } finally {
            maps.lock().unlock();
        }
    }

    private boolean advance() {
        maps.lock().lock();
        try {
            var next = maps.deleting();
            if (next != null)
                maps.advance(next, LEAVES_AT_A_TIME);
            return next != null;
        } finally {
            maps.lock().unlock();
        }
    }

    private void checkpoint() {
        var _ = checkpointer.run();
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return log.archiveStatus();
    }

    @Override
    public CleaningFigures cleaning() {
        return log.cleaning();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return failed;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed)
                return;
            closed = true;
        }
        tender.close();
        allOf(() -> {
            if (!log.failed().isDone())
                checkpoint();
        }, log::close, // before the rest: what waits in line is told that nothing is taken any more
                this::endWaiting, () -> limited.endAll(new StoreFailedException("the store was closed", null)),
                executor::shutdown,
                reader::close, fileAccess::close, this::deleteEphemeralFiles, this::closeDirectory);
    }

    /// Carries out one after the other, whatever becomes of those before; then throws the first failure.
    private static void allOf(Runnable... steps) {
        RuntimeException first = null;
        for (var step : steps)
            try {
                step.run();
            } catch (RuntimeException e) {
                if (first == null)
                    first = e;
                else
                    first.addSuppressed(e);
            }
        if (first != null)
            throw first;
    }

    private void checkpointsFailed(Throwable cause) {
        writes.withoutCheckpoints(cause);
        failed.complete(cause);
    }

    /// What waits for room is told by the log why there is none any more.
    private void endWaiting() {
        writes.end();
        unwritten.end().forEach(Runnable::run);
    }

    /// By a thread of the executor's, or, when that is closed, by whoever asks: nothing that was begun stays without an answer.
    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /// The next process would do it, and they take space until then.
    private void deleteEphemeralFiles() {
        for (var volume : volumes.values())
            if (volume instanceof EphemeralVolume ephemeral)
                EphemeralFiles.delete(ephemeral.file());
    }

    private void closeDirectory() {
        try {
            directory.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot unlock the directory", e);
        }
    }
}
