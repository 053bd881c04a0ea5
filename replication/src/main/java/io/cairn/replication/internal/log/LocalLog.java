package io.cairn.replication.internal.log;

import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Batch;
import io.cairn.replication.CheckpointRef;
import io.cairn.replication.CleaningFigures;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Epoch;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.ExtentContent;
import io.cairn.replication.ExtentOwner;
import io.cairn.replication.ExtentWriter;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.LogReader;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.Pin;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.ReadPoint;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import io.cairn.replication.internal.extent.ExtentReader;
import io.cairn.replication.internal.extent.FileHandles;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.extent.OwnFileWriter;
import io.cairn.replication.internal.extent.PackedFileWriter;
import io.cairn.replication.internal.extent.WriteBuffers;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.internal.store.RocksStore.Contents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The log of a group that lives in one process: `db/` (the store), `log/` (recycled files), `extents/` (large extents), and `BEGUN`, which
/// says that there is a log file, so that a directory that lost its log is not taken for a new one.
///
/// A batch's way: [Ordering] gives it its place; [Committer] writes, syncs, applies and completes it; [Janitor] flushes the store now and
/// then and recycles log files. [Recovery] brings the store up to the log's end at open.
public final class LocalLog implements ReplicatedLog {
    private static final int MAX_WAITING_READS = 10_000;
    private final Group group;
    private final Disk logDisk;
    private final Disk extentDisk;
    private final WriteBuffers writeBuffers = new WriteBuffers();
    private final RocksStore store;
    private final FileHandles handles;
    private final LogFiles files;
    private final EmptyFiles emptyFiles;
    private final Ordering ordering;
    private final Janitor janitor;
    private final Checkpoints checkpoints;
    private final Committer writer;
    private final Thread committer;
    private final @Nullable LogArchiver archiver;
    private @Nullable Cleaner cleaner;
    private @Nullable Thread cleanerThread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Set<TailReader> tails = ConcurrentHashMap.newKeySet();
    private final ConcurrentSkipListMap<Long, CompletableFuture<ReadPoint>> waitingReads = new ConcurrentSkipListMap<>();

    public static LocalLog open(Path directory, Group group, LogOptions options, CommitListener listener) {
        try {
            return new LocalLog(directory, group, options, listener);
        } catch (IOException e) {
            throw new StoreFailedException("cannot open the log in " + directory + ": " + e.getMessage(), e);
        }
    }

    private LocalLog(Path directory, Group group, LogOptions options, CommitListener listener) throws IOException {
        this.group = group;
        logDisk = options.disks().open(directory.resolve("log"));
        extentDisk = options.disks().open(directory.resolve("extents"));
        store = RocksStore.open(directory.resolve("db"), group, this::fail);
        try {
            handles = new FileHandles(logDisk, extentDisk, options.openFiles());
            files = new LogFiles(logDisk, group, options.random());
            emptyFiles = new EmptyFiles(store.liveBytes());
            var end = new Recovery(files, extentDisk, group, store, listener::noted).run();
            if (end.replayedParts() > 0)
                store.flush();
            if (end.lastFile() == 0)
                BegunMark.requireNew(directory, extentDisk);
            dropUnreferenced(options.archive() == null ? -1 : end.state().index());
            long epoch = end.lastEpoch() + 1;
            long number = Math.max(end.lastFile(), highestNumber()) / Ordering.NUMBER_STEP * Ordering.NUMBER_STEP
                    + Ordering.NUMBER_STEP;
            var active = files.begin(number, end.lastFile(), end.lastEnd(), end.state().index() + 1, epoch);
            BegunMark.write(directory);
            LogArchiver.clear(directory);
            archiver = options.archive() == null ? null : new LogArchiver(options.archive(), directory, archived(options));
            ordering = new Ordering(group, options.clock(), options.fileBytes(), options.pendingBytes(), epoch, number,
                    end.state(), emptyFiles::appended);
            janitor = new Janitor(store, files, extentDisk, handles, emptyFiles, options.flushBytes(), this::oldestTailFile,
                    this::oldestTailIndex, this::fail);
            checkpoints = new Checkpoints(group, store, files, logDisk, extentDisk, emptyFiles, janitor, this::roll);
            writer = new Committer(ordering, files, active, store, emptyFiles, listener, options.fileBytes(),
                    options.stepBytes(), this::applied);
            var _ = ordering.failed().thenAccept(_ -> failReads());
            committer = Thread.ofPlatform().name("cairn-committer-" + group.engine()).daemon().start(writer);
            if (archiver != null)
                archiver.start();
            Thread.ofPlatform().name("cairn-janitor-" + group.engine()).daemon().start(janitor);
        } catch (Throwable e) {
            store.close();
            throw e;
        }
    }

    private long highestNumber() throws IOException {
        long highest = 0;
        for (long number : files.numbers())
            highest = Math.max(highest, number);
        for (var name : extentDisk.list())
            highest = Math.max(highest, FileNames.number(Home.OWN_FILE, name).orElse(0));
        return highest;
    }

    /// Extent files that were written but never named by an entry. The store is flushed up to the end of the log, so no replay
    /// needs them. An archive that is not as far yet may: then they wait until it is.
    ///
    /// @param archivedIndex up to which the archive must be before they are deleted; -1 without an archive
    private void dropUnreferenced(long archivedIndex) throws IOException {
        for (var name : extentDisk.list()) {
            var number = FileNames.number(Home.OWN_FILE, name);
            if (number.isEmpty() || store.liveBytes().contains(Home.OWN_FILE, number.getAsLong()))
                continue;
            if (archivedIndex < 0)
                extentDisk.delete(name);
            else
                emptyFiles.keptForArchive(number.getAsLong(), archivedIndex);
        }
    }

    private void applied(AppliedState state) {
        janitor.applied(state);
        if (waitingReads.isEmpty())
            return;
        for (var entry : waitingReads.headMap(state.index(), true).entrySet())
            // One that another thread puts there meanwhile is completed by that thread.
            if (waitingReads.remove(entry.getKey(), entry.getValue()))
                entry.getValue().complete(new ReadPoint(state.index(), state.stamp()));
    }

    /// Nothing more will be applied.
    private void failReads() {
        for (var entry : waitingReads.entrySet())
            if (waitingReads.remove(entry.getKey(), entry.getValue()))
                entry.getValue().completeExceptionally(new NotLeaderException("this log is closed or has failed", null));
    }

    private void fail(Throwable cause) {
        // RocksDB may fail while it is being opened, before there is anything to stop.
        if (ordering == null)
            return;
        for (var record : ordering.fail(cause))
            if (record instanceof PendingRecord.EntryRecord entry)
                entry.done().completeExceptionally(
                        new OutcomeUnknownException("the log has failed: " + cause.getMessage(), cause));
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Epoch epoch() {
        return new Epoch(ordering.epoch());
    }

    @Override
    public Extent append(int kind, ByteBuffer... payload) {
        return ordering.append(kind, payload);
    }

    @Override
    public Extent append(int kind, int length, PlacedPayload payload) {
        return ordering.append(kind, length, payload);
    }

    @Override
    public ExtentWriter newExtent(int kind) {
        return new OwnFileWriter(extentDisk, writeBuffers, ordering.nextOwnFile(), kind, ordering.epoch());
    }

    @Override
    public void discard(Extent extent) {
        emptyFiles.abandoned(extent);
    }

    @Override
    public Pin pin() {
        return emptyFiles.pin(store.appliedIndex());
    }

    @Override
    public @Nullable ExtentContent open(Extent extent) {
        return ExtentReader.open(handles, extent);
    }

    @Override
    public boolean read(Extent piece, ByteBuffer into) throws IOException {
        return handles.read(piece, into);
    }

    @Override
    public ReadNow readNow(Extent piece, ByteBuffer into) throws IOException {
        return handles.readNow(piece, into);
    }

    @Override
    public ReadNow look(Extent piece, InPlace look) throws IOException {
        return handles.look(piece, look);
    }

    @Override
    public Proposed propose(Batch batch) {
        return propose(batch, true);
    }

    @Override
    public Proposed proposeToCommit(Batch batch) {
        return propose(batch, false);
    }

    @Override
    public void commit() {
        writer.commit();
    }

    private Proposed propose(Batch batch, boolean call) {
        var sealed = batch.seal();
        var bulk = sealed.length() > Batch.MAX_INLINE_BYTES ? writeBulk(sealed) : null;
        try {
            return ordering.propose(sealed, bulk, call);
        } catch (RuntimeException e) {
            if (bulk != null)
                discard(bulk.extent());
            throw e;
        }
    }

    private Bulk writeBulk(Batch.Sealed batch) {
        var crc = new CRC32C();
        crc.update(batch.operations(), 0, batch.length());
        try (var writer = newExtent(0)) {
            writer.write(ByteBuffer.wrap(batch.operations(), 0, batch.length()));
            return new Bulk(writer.finish(), (int) crc.getValue());
        }
    }

    @Override
    public CompletableFuture<ReadPoint> readPoint(ReadLevel level) {
        var state = store.applied();
        return switch (level) {
            // Nothing is acknowledged before it is applied.
            case ReadLevel.Linearizable() -> CompletableFuture.completedFuture(new ReadPoint(state.index(), state.stamp()));
            case ReadLevel.Local(long minIndex) -> {
                if (state.index() >= minIndex)
                    yield CompletableFuture.completedFuture(new ReadPoint(state.index(), state.stamp()));
                if (waitingReads.size() >= MAX_WAITING_READS)
                    throw new OverloadedException(MAX_WAITING_READS + " reads wait for entries to come");
                var read = waitingReads.computeIfAbsent(minIndex, _ -> new CompletableFuture<>());
                applied(store.applied()); // it may have come between the look and the registration
                if (ordering.stopped())
                    failReads();
                yield read;
            }
        };
    }

    @Override
    public LogReader tail(long fromIndex) {
        try {
            return janitor.holdingFiles(() -> {
                var reader = new TailReader(files, extentDisk, store::appliedIndex, fromIndex, tails::remove);
                tails.add(reader);
                return reader;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StoreFailedException("cannot read the log from index " + fromIndex, e);
        }
    }

    private long oldestTailIndex() {
        long oldest = archiver == null ? Long.MAX_VALUE : archiver.neededIndex();
        for (var reader : tails)
            oldest = Math.min(oldest, reader.index());
        return oldest;
    }

    private long oldestTailFile() {
        long oldest = archiver == null ? Long.MAX_VALUE : archiver.neededFile();
        for (var reader : tails)
            oldest = Math.min(oldest, reader.file());
        return oldest;
    }

    @Override
    public CheckpointRef checkpoint(Path directory) {
        return checkpoints.make(directory);
    }

    /// Ends the active file: what is proposed from now on goes to another.
    private void roll() {
        ordering.rollFile();
        propose(new Batch()).done().join();
    }

    /// What the archiver may ask of this log.
    private LogArchiver.Source archived(LogOptions options) {
        return new LogArchiver.Source() {
            @Override
            public Group group() {
                return group;
            }

            @Override
            public LogFiles files() {
                return files;
            }

            @Override
            public Disk extents() {
                return extentDisk;
            }

            @Override
            public AppliedState applied() {
                return store.applied();
            }

            @Override
            public OptionalLong quiet(long last) {
                return ordering.quiet(last);
            }

            @Override
            public LogOptions options() {
                return options;
            }

            @Override
            public void roll() {
                LocalLog.this.roll();
            }

            @Override
            public Contents checkpoint(Path directory) throws Exception {
                return checkpoints.contents(directory);
            }

            @Override
            public boolean live(FileKey file) {
                return store.liveBytes().contains(file.home(), file.number());
            }
        };
    }

    /// Archives what is applied now, for tests: as the archiver's own thread does it, but at once.
    public void archiveNow() {
        if (archiver == null)
            throw new IllegalStateException("this log has no archive");
        archiver.archiveNow();
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return Optional.ofNullable(archiver).map(LogArchiver::status);
    }

    @Override
    public synchronized void clean(ExtentOwner owner, CleaningOptions options) {
        if (cleaner != null || closing.get())
            throw new IllegalStateException(cleaner != null ? "this log is being cleaned already" : "this log is closed");
        var made = new Cleaner(store.liveBytes(), logDisk, extentDisk, ordering, janitor, new CleanedFiles(), owner, options);
        cleaner = made;
        cleanerThread = Thread.ofPlatform().name("cairn-cleaner-" + group.engine()).daemon().start(made);
    }

    private final class CleanedFiles implements Round.Files {
        @Override
        public @Nullable ExtentReader open(Extent extent) {
            return ExtentReader.open(handles, extent);
        }

        @Override
        public PackedFileWriter begin() {
            long number = ordering.nextPackedFile();
            emptyFiles.packed(number);
            try {
                return new PackedFileWriter(extentDisk, number, ordering.epoch());
            } catch (RuntimeException e) {
                emptyFiles.settled(number);
                throw e;
            }
        }

        @Override
        public void settled(long number) {
            emptyFiles.settled(number);
        }
    }

    /// Ends the active file, so that all that lives may have to move, and runs a round now, for tests; `false` when none was due or it gave
    /// nothing back.
    public boolean cleanNow() {
        var running = cleaner();
        if (closing.get())
            throw new NotLeaderException("this log is closed", null);
        return running != null && running.round(() -> {
            roll();
            janitor.flush();
        });
    }

    @Override
    public CleaningFigures cleaning() {
        var running = cleaner();
        return running == null ? CleaningFigures.NOTHING : running.figures();
    }

    private synchronized @Nullable Cleaner cleaner() {
        return cleaner;
    }

    /// Before anything else is closed, since a round uses it all.
    private void endCleaning() {
        Thread thread;
        synchronized (this) {
            thread = cleanerThread;
            if (cleaner != null)
                cleaner.end();
        }
        if (thread != null)
            uninterruptibly(thread::join);
        var ended = cleaner();
        if (ended != null)
            ended.awaitEnd();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return ordering.failed();
    }

    @Override
    public void flush() {
        janitor.flush();
    }

    @Override
    public void close() {
        close(true);
    }

    /// Ends as a killed process would, for tests: what was proposed and not yet synced may be lost, the store is not flushed.
    public void crash() {
        fail(new IOException("crashed"));
        close(false);
    }

    private void close(boolean flush) {
        if (!closing.compareAndSet(false, true))
            return;
        endCleaning();
        ordering.close();
        try {
            // Whatever becomes of the caller: the store is not closed under the threads that use it.
            uninterruptibly(committer::join);
            failReads();
            if (archiver != null)
                uninterruptibly(() -> archiver.close(flush));
            uninterruptibly(janitor::close);
            if (flush && ordering.failure() == null)
                janitor.flush();
        } finally {
            handles.close();
            store.close();
        }
    }

    private interface Wait { void run() throws InterruptedException; }

    private static void uninterruptibly(Wait wait) {
        boolean interrupted = false;
        try {
            while (true)
                try {
                    wait.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
        } finally {
            if (interrupted)
                Thread.currentThread().interrupt();
        }
    }
}
