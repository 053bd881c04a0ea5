package io.cairn.replication.internal.store;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import io.cairn.replication.Store;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.StoreSnapshot;
import io.cairn.replication.internal.batch.NamedExtents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The store of one group. Column family 0 is this module's own (how far it has come, live bytes by file); the engine's spaces follow
/// in the order of its enum.
///
/// One thread applies; any thread reads. RocksDB's own log is off: what was applied is in memory until flushed, and the replicated log
/// is replayed from the last flush. `atomic_flush` keeps all column families of a flush together; without it rows and position
/// were seen torn apart.
public final class RocksStore implements Store, AutoCloseable {
    private static final byte[] APPLIED = "applied".getBytes(StandardCharsets.US_ASCII);

    private final RocksDB database;
    private final List<ColumnFamilyHandle> families;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final WriteOptions noLog;
    private final ReadOptions plain = new ReadOptions();
    private final ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final LiveBytes liveBytes = new LiveBytes();
    private final LongAdder seeks = new LongAdder();
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    private boolean closed;
    private volatile AppliedState applied;

    /// Of the applying thread.
    private final PendingRecords pending = new PendingRecords();

    /// Opens or makes the store. `onFailure` is told when RocksDB fails in the background.
    public static RocksStore open(Path directory, Group group, Consumer<Throwable> onFailure) {
        return open(directory, group, onFailure, true);
    }

    /// A test shows what happens without atomic flushes; nothing else asks for that.
    static RocksStore open(Path directory, Group group, Consumer<Throwable> onFailure, boolean atomicFlush) {
        NativeLibrary.load();
        try {
            Files.createDirectories(directory);
            StoreFiles.requireSoundManifest(directory, false);
            return new RocksStore(directory, group, onFailure, atomicFlush, false);
        } catch (RocksDBException | IOException e) {
            throw new StoreFailedException("cannot open the store in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// What was last flushed, for looking at: RocksDB writes nothing.
    public static RocksStore openReadOnly(Path directory, Group group) {
        NativeLibrary.load();
        try {
            StoreFiles.requireSoundManifest(directory, true);
            return new RocksStore(directory, group, _ -> {
            }, true, true);
        } catch (RocksDBException | IOException e) {
            throw new StoreFailedException("cannot read the store in " + directory + ": " + e.getMessage(), e);
        }
    }

    private RocksStore(Path directory, Group group, Consumer<Throwable> onFailure, boolean atomicFlush, boolean readOnly)
            throws RocksDBException {
        // Ribbon filters cost 30 % less memory but three times the CPU to build; bloom stays until measured otherwise.
        var filter = new BloomFilter(10);
        var table = new BlockBasedTableConfig().setBlockCache(SharedMemory.BLOCKS).setFilterPolicy(filter)
                .setCacheIndexAndFilterBlocks(true).setPinL0FilterAndIndexBlocksInCache(true).setFormatVersion(6);
        var familyOptions = new ColumnFamilyOptions().setTableFormatConfig(table).setWriteBufferSize(32L << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION).setLevelCompactionDynamicLevelBytes(true);
        var listener = new BackgroundErrors(onFailure);
        var options = new DBOptions().setCreateIfMissing(!readOnly).setCreateMissingColumnFamilies(!readOnly)
                .setAtomicFlush(atomicFlush)
                .setAvoidFlushDuringShutdown(true) // close() flushes; a crash in a test must not
                .setMaxBgErrorResumeCount(0) // the default retries failed I/O for ever
                .setListeners(List.of(listener)).setWriteBufferManager(SharedMemory.ROWS).setMaxOpenFiles(512)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL).setKeepLogFileNum(2).setStatsDumpPeriodSec(0).setMaxBackgroundJobs(2)
                .setBytesPerSync(1 << 20);
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (var space : group.spaces())
            descriptors.add(new ColumnFamilyDescriptor(space.name().getBytes(StandardCharsets.UTF_8), familyOptions));
        families = new ArrayList<>();
        database = readOnly
                ? RocksDB.openReadOnly(options, directory.toString(), descriptors, families)
                : RocksDB.open(options, directory.toString(), descriptors, families);
        noLog = new WriteOptions().setDisableWAL(true);
        owned.addAll(List.of(noLog, plain, inMemory, options, familyOptions, listener, filter));
        for (int i = 0; i < families.size(); i++)
            if (families.get(i).getID() != i)
                throw new StoreFailedException("%s: space %s has id %d, not %d; this store was made by another program"
                        .formatted(directory, new String(families.get(i).getName(), StandardCharsets.UTF_8),
                                families.get(i).getID(), i),
                        null);
        var row = database.get(families.getFirst(), APPLIED);
        applied = row == null ? AppliedState.NOTHING : AppliedState.decode(row);
        loadLiveBytes();
    }

    private void loadLiveBytes() {
        try (var rows = new RocksCursor(families.getFirst(), Range.prefix(new byte[]{'F'}), null)) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                liveBytes.load(LiveBytes.decodeKey(rows.key()), LiveBytes.decodeValue(rows.value()));
            }
        }
    }

    /// Adds a batch to what the next [#commit] applies. Its slots must be filled. Only the applying thread.
    public void add(Batch.Sealed batch) {
        add(batch.operations(), 0, batch.length(), batch.count(), NamedExtents.of(batch));
    }

    /// The same for a batch as it was read from the log.
    public void add(byte[] operations, int offset, int length, int count, NamedExtents named) {
        pending.add(operations, offset, length, count);
        // An extent of no bytes still keeps its file, so that its header can be read: count one byte more for each.
        count(named.added(), 1, 1);
        count(named.dropped(), -1, 1);
        count(named.divided(), 1, 0);
        count(named.pieces(), -1, 0);
    }

    /// Applies what was added, and the new position, in one step.
    public void commit(AppliedState state) {
        pending.put(APPLIED, state.encode());
        var bytes = pending.take();
        enter();
        try (var batch = new WriteBatch(bytes)) {
            database.write(noLog, batch);
        } catch (RocksDBException e) {
            throw new StoreFailedException("cannot apply batches up to index " + state.index() + ": " + e.getMessage(), e);
        } finally {
            leave();
        }
        applied = state;
    }

    private void count(List<Extent> extents, int sign, int more) {
        for (int i = 0; i < extents.size(); i++)
            countLive(extents.get(i), sign * (long) (extents.get(i).length() + more));
    }

    private void countLive(Extent extent, long change) {
        long bytes = liveBytes.add(extent, change);
        var key = LiveBytes.encodeKey(LiveBytes.FileKey.of(extent));
        if (bytes != 0)
            pending.put(key, LiveBytes.encodeValue(bytes));
        else
            pending.delete(key);
    }

    public AppliedState applied() {
        return applied;
    }

    public LiveBytes liveBytes() {
        return liveBytes;
    }

    @Override
    public long appliedIndex() {
        return applied.index();
    }

    /// Makes everything applied before the call durable and returns how far that is.
    public AppliedState flush() {
        var before = applied;
        enter();
        try (var options = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
            database.flush(options, families);
        } catch (RocksDBException e) {
            throw new StoreFailedException("cannot flush the store: " + e.getMessage(), e);
        } finally {
            leave();
        }
        return before;
    }

    /// What a store that is not open holds.
    public record Contents(AppliedState applied, Set<LiveBytes.FileKey> liveFiles) {}

    public static Contents contents(Path directory, Group group) {
        try (var store = open(directory, group, _ -> {
        })) {
            return new Contents(store.applied(), store.liveBytes.snapshot().keySet());
        }
    }

    /// File names of the tables that it consists of.
    public Set<String> tables() {
        enter();
        try {
            var names = new HashSet<String>();
            for (var table : database.getLiveFilesMetaData())
                names.add(table.fileName().replace("/", ""));
            return names;
        } finally {
            leave();
        }
    }

    /// A copy of the store by hard links, everything applied so far in it.
    public void checkpoint(Path directory) {
        enter();
        try (var checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw new StoreFailedException("cannot make a checkpoint in " + directory + ": " + e.getMessage(), e);
        } finally {
            leave();
        }
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        enter();
        try {
            return get(space, key, plain);
        } finally {
            leave();
        }
    }

    @Override
    public Peek peek(Space space, byte[] key) {
        enter();
        try {
            var value = database.get(families.get(space.ordinal() + 1), inMemory, key);
            return value == null ? Peek.ABSENT : new Peek(true, value);
        } catch (RocksDBException e) {
            var status = e.getStatus();
            if (status != null && status.getCode() == Status.Code.Incomplete)
                return Peek.UNKNOWN;
            throw failed(e);
        } finally {
            leave();
        }
    }

    private byte @Nullable [] get(Space space, byte[] key, ReadOptions options) {
        try {
            return database.get(families.get(space.ordinal() + 1), options, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public Cursor scan(Space space, Range range) {
        enter();
        try {
            return new RocksCursor(families.get(space.ordinal() + 1), range, null);
        } finally {
            leave();
        }
    }

    @Override
    public StoreSnapshot snapshot() {
        enter();
        try {
            return new RocksSnapshot();
        } finally {
            leave();
        }
    }

    @Override
    public void verifyFiles() {
        enter();
        try {
            database.verifyChecksum();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    @Override
    public long seeks() {
        return seeks.sum();
    }

    /// Closes without flushing, as a crash would: what is not flushed is in the log.
    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (closed)
                return;
            for (var open : List.copyOf(held))
                open.release();
            closed = true;
            families.forEach(ColumnFamilyHandle::close);
            database.close();
            for (var resource : owned)
                resource.close();
        } catch (Exception e) {
            throw new StoreFailedException("cannot close the store: " + e.getMessage(), e);
        } finally {
            inUse.writeLock().unlock();
        }
    }

    // Reading a closed database would crash the process, so every use holds this lock against close().
    private void enter() {
        inUse.readLock().lock();
        if (closed) {
            inUse.readLock().unlock();
            throw new IllegalStateException("this store is closed");
        }
    }

    private void leave() {
        inUse.readLock().unlock();
    }

    private static StoreFailedException failed(RocksDBException e) {
        var corrupt = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
        return new StoreFailedException(
                (corrupt ? "the store has damaged bytes: " : "the store cannot be read: ") + e.getMessage(), e);
    }

    /// Native memory that is given back when its user closes it, or at the latest with the store.
    private abstract class Held implements AutoCloseable {
        private boolean released;

        Held() {
            held.add(this);
        }

        /// As [RocksStore#enter]; [RocksStore#leave] follows.
        final void use() {
            enter();
            if (released) {
                leave();
                throw new IllegalStateException("this cursor or snapshot is closed");
            }
        }

        @Override
        public final void close() {
            inUse.readLock().lock();
            try {
                release();
            } finally {
                inUse.readLock().unlock();
            }
        }

        final synchronized void release() {
            if (released)
                return;
            released = true;
            held.remove(this);
            free();
        }

        abstract void free();
    }

    private final class RocksSnapshot extends Held implements StoreSnapshot {
        private final Snapshot at = database.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(at);

        @Override
        public byte @Nullable [] get(Space space, byte[] key) {
            use();
            try {
                return RocksStore.this.get(space, key, options);
            } finally {
                leave();
            }
        }

        @Override
        public Cursor scan(Space space, Range range) {
            use();
            try {
                return new RocksCursor(families.get(space.ordinal() + 1), range, at);
            } finally {
                leave();
            }
        }

        @Override
        void free() {
            options.close();
            database.releaseSnapshot(at);
        }
    }

    private final class RocksCursor extends Held implements Cursor {
        private final byte[] from;
        private final ReadOptions options = new ReadOptions();
        private final @Nullable Slice upper;
        private final Slice lower;
        private final RocksIterator rows;

        RocksCursor(ColumnFamilyHandle family, Range range, @Nullable Snapshot at) {
            from = range.from();
            upper = range.to() == null ? null : new Slice(range.to());
            if (upper != null)
                options.setIterateUpperBound(upper);
            lower = new Slice(from);
            if (from.length > 0)
                options.setIterateLowerBound(lower);
            if (at != null)
                options.setSnapshot(at);
            rows = database.newIterator(family, options);
        }

        @Override
        public void seek(byte[] key) {
            use();
            try {
                seeks.increment();
                rows.seek(Arrays.compareUnsigned(key, from) < 0 ? from : key);
            } finally {
                leave();
            }
        }

        @Override
        public void seekToFirst() {
            seek(from);
        }

        @Override
        public void next() {
            use();
            try {
                rows.next();
            } finally {
                leave();
            }
        }

        @Override
        public void seekToLast() {
            use();
            try {
                seeks.increment();
                rows.seekToLast();
            } finally {
                leave();
            }
        }

        @Override
        public void seekForPrevious(byte[] key) {
            use();
            try {
                seeks.increment();
                rows.seekForPrev(key);
            } finally {
                leave();
            }
        }

        @Override
        public void previous() {
            use();
            try {
                rows.prev();
            } finally {
                leave();
            }
        }

        @Override
        public boolean valid() {
            use();
            try {
                if (rows.isValid())
                    return true;
                rows.status();
                return false;
            } catch (RocksDBException e) {
                throw failed(e);
            } finally {
                leave();
            }
        }

        @Override
        public byte[] key() {
            use();
            try {
                return rows.key();
            } finally {
                leave();
            }
        }

        @Override
        public byte[] value() {
            use();
            try {
                return rows.value();
            } finally {
                leave();
            }
        }

        @Override
        void free() {
            rows.close();
            options.close();
            lower.close();
            if (upper != null)
                upper.close();
        }
    }

    private static final class BackgroundErrors extends AbstractEventListener {
        private final Consumer<Throwable> onFailure;

        BackgroundErrors(Consumer<Throwable> onFailure) {
            super(EnabledEventCallback.ON_BACKGROUND_ERROR);
            this.onFailure = onFailure;
        }

        @Override
        public void onBackgroundError(BackgroundErrorReason reason, Status error) {
            onFailure.accept(
                    new StoreFailedException("RocksDB failed in the background (" + reason + "): " + error.getState(), null));
        }
    }
}
