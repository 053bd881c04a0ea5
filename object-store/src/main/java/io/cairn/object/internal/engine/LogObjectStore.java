package io.cairn.object.internal.engine;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.Reason;
import io.cairn.object.ScrubReport;
import io.cairn.object.internal.row.BucketRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Batch;
import io.cairn.replication.CleaningFigures;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The object store on a replicated log. Buckets are few and kept in memory; everything else is read from the store.
public final class LogObjectStore implements ObjectStore {
    static final int FORMAT = 1;
    private static final byte[] NEXT_ID = {0};
    private final AutoCloseable directory;
    private final Shared shared;
    private final ConcurrentSkipListMap<String, LogBucket> buckets = new ConcurrentSkipListMap<>();
    private int nextId = 1;

    public static LogObjectStore open(Path path, ObjectStoreOptions options) {
        var directory = EngineDirectory.open(path, Engine.OBJECTS, FORMAT);
        try {
            var log = ReplicatedLog.open(directory.group(0), ObjectSpace.group(0), options.log(), CommitListener.NONE);
            var store = new LogObjectStore(directory, log, options.minPartBytes());
            log.clean(new ExtentMoves(store.shared), options.cleaning());
            return store;
        } catch (Throwable e) {
            directory.close();
            throw e;
        }
    }

    public static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return Restore.engine(archive, ObjectSpace.group(0), FORMAT, target, timeline, into);
    }

    /// On a log that the caller opened. Closing the store closes it.
    public LogObjectStore(AutoCloseable directory, ReplicatedLog log, long minPartBytes) {
        this.directory = directory;
        this.shared = new Shared(log, minPartBytes);
        try (var rows = log.store().scan(ObjectSpace.BUCKETS, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                if (rows.key()[0] == 0) {
                    nextId = ByteBuffer.wrap(rows.value()).getInt();
                    continue;
                }
                var name = new String(rows.key(), StandardCharsets.US_ASCII);
                var row = BucketRow.decode(rows.value());
                buckets.put(name, new LogBucket(shared, row.id(), row.info(name)));
            }
        }
    }

    /// The log under this store, for tests that end it as a crash would.
    public ReplicatedLog log() {
        return shared.log();
    }

    /// What moves this store's extents, with faults that a test plants.
    ExtentMoves extentMoves(ExtentMoves.Faults faults) {
        return new ExtentMoves(shared, faults);
    }

    @Override
    public synchronized Bucket createBucket(String name, String owner, Map<String, byte[]> settings) {
        BucketNames.check(name);
        if (buckets.containsKey(name))
            throw new ObjectRefusedException(Reason.BUCKET_ALREADY_EXISTS, "bucket exists: " + name);
        if (buckets.size() >= MAX_BUCKETS)
            throw new ObjectRefusedException(Reason.TOO_MANY_BUCKETS,
                    "there are %d buckets, no more are made".formatted(MAX_BUCKETS));
        var row = new BucketRow(0, nextId, owner);
        var batch = new Batch()
                .put(ObjectSpace.BUCKETS, name.getBytes(StandardCharsets.US_ASCII), row.encode(),
                        Batch.Slot.inValue(BucketRow.STAMP_AT))
                .put(ObjectSpace.BUCKETS, NEXT_ID, ByteBuffer.allocate(4).putInt(nextId + 1).array());
        settings.forEach((setting, document) -> batch.put(ObjectSpace.SETTINGS, LogBucket.settingKey(row.id(), setting),
                LogBucket.checkedSetting(setting, document)));
        var proposed = shared.propose(batch);
        Shared.await(proposed.done());
        nextId++;
        var bucket = new LogBucket(shared, row.id(), new BucketRow(proposed.stamp(), row.id(), owner).info(name));
        buckets.put(name, bucket);
        return bucket;
    }

    @Override
    public Bucket bucket(String name) {
        var bucket = buckets.get(name);
        if (bucket == null)
            throw new ObjectRefusedException(Reason.NO_SUCH_BUCKET, "no bucket " + name);
        return bucket;
    }

    @Override
    public List<BucketInfo> buckets() {
        return buckets.values().stream().map(LogBucket::info).toList();
    }

    @Override
    public void deleteBucket(String name) {
        if (bucket(name) instanceof LogBucket bucket)
            bucket.delete(() -> buckets.remove(name));
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return shared.log().archiveStatus();
    }

    @Override
    public ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        if (bytesPerSecond < 1)
            throw new IllegalArgumentException("a scrub reads at least a byte a second: " + bytesPerSecond);
        var names = new HashMap<Integer, String>();
        buckets.forEach((name, bucket) -> names.put(bucket.id(), name));
        return new Scrub(shared, names, bytesPerSecond, found,
                () -> ended.getAsBoolean() || Thread.currentThread().isInterrupted()).run();
    }

    @Override
    public CleaningFigures cleaning() {
        return shared.log().cleaning();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return shared.log().failed();
    }

    @Override
    public void close() {
        shared.log().close();
        try {
            directory.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot unlock the directory", e);
        }
    }
}
