package io.cairn.replication.internal.log;

import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Proposed;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.EntryFormat.Bulk;
import io.cairn.replication.internal.extent.ExtentFormat;
import io.cairn.replication.internal.store.AppliedState;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Gives every record its place, under one short lock: position in the log, sequence, stamp. Nothing is written here. Any thread;
/// what [#take] and [#takeHere] give is one thread's alone until it says [#written].
final class Ordering {
    /// Log files are numbered in steps of this; the numbers between belong to extent files begun meanwhile. So no number is ever used
    /// twice, although nothing but file names records them.
    static final long NUMBER_STEP = 1 << 20;
    /// The upper half of these belongs to files of survivors, which hold many extents.
    private static final long PACKED_FROM = NUMBER_STEP / 2;
    /// As many as an [Extent#address] can tell apart.
    private static final long PACKED_FILES = (1 << 8) - 1;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /// Extents that no batch names yet are nobody's promise: so many are written at a time, or what came in so long.
    private static final int EXTENT_BYTES = 256 << 10;
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /// Whoever proposes writes so much at most: it is kept from its own work by no more than a sync, and a little.
    private static final long HERE_BYTES = 256 << 10;
    private static final long AWAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Group group;
    private final InstantSource clock;
    private final int fileBytes;
    private final long maxPendingBytes;
    private final long epoch;
    private final LongConsumer onAppend;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    private List<PendingRecord> queue = new ArrayList<>();
    private List<PendingRecord> spare = new ArrayList<>();
    private long queuedBytes;
    private int queuedEntries;
    /// When the first of the queue came.
    private long queuedSince;
    /// Whether the committer sleeps until it is called; else it looks by itself within [#LINGER_NANOS].
    private boolean dormant;
    /// Whether somebody writes what was taken.
    private boolean writing;
    private long writingBytes;
    private long file;
    private long offset = LogFileHeader.RECORDS_AT;
    private long ownFiles;
    private long packedFiles;
    private long loggedBytes;
    private long index;
    private long sequence;
    private long stamp;
    private boolean closing;
    private @Nullable Throwable failure;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

    /// @param onAppend told the file of each extent before anyone can know its address
    Ordering(Group group, InstantSource clock, int fileBytes, long maxPendingBytes, long epoch, long file,
            AppliedState recovered, LongConsumer onAppend) {
        this.group = group;
        this.clock = clock;
        this.fileBytes = fileBytes;
        this.maxPendingBytes = maxPendingBytes;
        this.epoch = epoch;
        this.onAppend = onAppend;
        this.file = file;
        this.index = recovered.index();
        this.stamp = recovered.stamp();
    }

    long epoch() {
        return epoch;
    }

    /// A number for an extent file.
    long nextOwnFile() {
        lock.lock();
        try {
            if (ownFiles == PACKED_FROM - 1)
                roll();
            return file + ++ownFiles;
        } finally {
            lock.unlock();
        }
    }

    /// A number for a file of survivors, which tells by itself that it is one.
    long nextPackedFile() {
        lock.lock();
        try {
            if (packedFiles == PACKED_FILES)
                roll();
            return file + PACKED_FROM + packedFiles++;
        } finally {
            lock.unlock();
        }
    }

    static boolean isPacked(long ownFile) {
        return ownFile % NUMBER_STEP >= PACKED_FROM;
    }

    /// All bytes that records took since the log was opened.
    long loggedBytes() {
        lock.lock();
        try {
            return loggedBytes;
        } finally {
            lock.unlock();
        }
    }

    /// Number of the file that the next record goes to, or one before.
    long activeFile() {
        lock.lock();
        try {
            return file;
        } finally {
            lock.unlock();
        }
    }

    Extent append(int kind, ByteBuffer[] payload) {
        long length = 0;
        for (var piece : payload)
            length += piece.remaining();
        return append(kind, length, (_, into) -> {
            for (var piece : payload)
                into.put(piece);
        });
    }

    Extent append(int kind, long length, PlacedPayload payload) {
        if (length < 0 || length > Extent.MAX_IN_LOG_BYTES)
            throw new IllegalArgumentException(
                    "an extent in the log holds at most " + Extent.MAX_IN_LOG_BYTES + " bytes, not " + length);
        int payloadBytes = ExtentFormat.totalBytes((int) length);
        lock.lock();
        try {
            admit(payloadBytes);
            long at = place(payloadBytes);
            onAppend.accept(file);
            int payloadAt = Math.toIntExact(at + RecordFormat.HEADER_BYTES + ExtentFormat.HEADER_BYTES);
            var extent = new Extent(Extent.Home.LOG, file, payloadAt, (int) length);
            enqueue(new PendingRecord.ExtentRecord(at, kind, extent, payload, payloadBytes), true);
            return extent;
        } finally {
            lock.unlock();
        }
    }

    /// @param call whether the committer is called to write it; else [#takeHere] follows
    Proposed propose(Batch.Sealed batch, @Nullable Bulk bulk, boolean call) {
        int payloadBytes = bulk == null ? EntryFormat.length(batch) : EntryFormat.bulkLength(batch, bulk);
        var done = new CompletableFuture<Applied>();
        lock.lock();
        try {
            admit(bulk == null ? payloadBytes : batch.length());
            stamp = Math.max(now(), stamp + 1);
            batch.fill(stamp);
            sequence++;
            index++;
            long at = place(payloadBytes);
            enqueue(new PendingRecord.EntryRecord(file, at, payloadBytes, batch, bulk, index, sequence, stamp, done), call);
            return new Proposed(sequence, stamp, done);
        } finally {
            lock.unlock();
        }
    }

    /// A stamp of now that all further entries will be behind, when entry `last` is the newest that has a place; else nothing.
    OptionalLong quiet(long last) {
        lock.lock();
        try {
            if (index != last)
                return OptionalLong.empty();
            stamp = Math.max(now(), stamp);
            return OptionalLong.of(stamp);
        } finally {
            lock.unlock();
        }
    }

    private long now() {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    private void admit(int bytes) {
        if (closing || failure != null)
            throw new NotLeaderException(failure == null ? "this log is closed" : "this log has failed: " + failure.getMessage(),
                    failure);
        // One that is larger than all that may wait is taken when nothing does.
        if (queuedBytes + writingBytes > 0 && queuedBytes + writingBytes + bytes > maxPendingBytes)
            throw new OverloadedException(
                    "%d bytes wait for the disk, at most %d may".formatted(queuedBytes + writingBytes, maxPendingBytes));
    }

    private long place(int payloadBytes) {
        int recordBytes = RecordFormat.recordBytes(payloadBytes);
        if (offset + recordBytes > fileBytes && offset > LogFileHeader.RECORDS_AT)
            roll();
        long at = offset;
        offset += recordBytes;
        loggedBytes += recordBytes;
        return at;
    }

    private void roll() {
        file += NUMBER_STEP;
        offset = LogFileHeader.RECORDS_AT;
        ownFiles = 0;
        packedFiles = 0;
    }

    /// The next record goes to a new file: so that the one before is complete.
    void rollFile() {
        lock.lock();
        try {
            if (offset > LogFileHeader.RECORDS_AT)
                roll();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(PendingRecord record, boolean call) {
        boolean wasDue = due(queuedSince);
        if (queue.isEmpty())
            queuedSince = System.nanoTime();
        queue.add(record);
        queuedBytes += record.heldBytes();
        if (record instanceof PendingRecord.EntryRecord)
            queuedEntries++;
        if (call && (dormant || !wasDue && due(queuedSince)))
            arrived.signal();
    }

    /// Whether what waits has waited long enough at `now`.
    private boolean due(long now) {
        return queuedEntries > 0 || queuedBytes >= Math.min(EXTENT_BYTES, maxPendingBytes / 4)
                || !queue.isEmpty() && now - queuedSince >= LINGER_NANOS;
    }

    /// Everything that waits, in order; empty when the log is closing and nothing does. Waits for it, and for whoever is writing. The list is valid until
    /// [#written].
    List<PendingRecord> take() throws InterruptedException {
        lock.lock();
        try {
            long since = System.nanoTime();
            for (long now = since; writing || !due(now) && !closing && failure == null; now = System.nanoTime()) {
                // Waking a thread costs as much as the write of a small extent: while there is something to do now and then, it wakes by itself.
                dormant = queue.isEmpty() && now - since > AWAKE_NANOS;
                arrived.awaitNanos(dormant ? IDLE_NANOS : LINGER_NANOS);
                dormant = false;
            }
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    /// The same without waiting; empty when the committer is to do it: when somebody is writing, when it is much, when the log is ending, or when the thread is
    /// interrupted, which a file does not survive.
    List<PendingRecord> takeHere() {
        lock.lock();
        try {
            if (writing || queuedEntries == 0)
                return List.of();
            if (!closing && failure == null && queuedBytes <= HERE_BYTES && !Thread.currentThread().isInterrupted())
                return takeAll();
            arrived.signal();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<PendingRecord> takeAll() {
        var taken = queue;
        spare.clear();
        queue = spare;
        spare = taken;
        writingBytes = queuedBytes;
        queuedBytes = 0;
        queuedEntries = 0;
        writing = !taken.isEmpty(); // with nothing the committer ends, and says no [#written]
        return taken;
    }

    /// What was taken last has been written.
    void written() {
        lock.lock();
        try {
            writing = false;
            writingBytes = 0;
            if (closing || failure != null || due(System.nanoTime()))
                arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing is to be written at once.
    boolean idle() {
        lock.lock();
        try {
            return !due(queuedSince);
        } finally {
            lock.unlock();
        }
    }

    /// No more batches are taken; those in the queue are still written.
    void close() {
        lock.lock();
        try {
            closing = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Stops at once. Returns what waits, which will never be written.
    List<PendingRecord> fail(Throwable cause) {
        lock.lock();
        try {
            if (failure == null)
                failure = cause;
            arrived.signalAll();
            var abandoned = List.copyOf(queue);
            queue.clear();
            return abandoned;
        } finally {
            lock.unlock();
            failed.complete(cause); // others run here, so not under the lock
        }
    }

    /// Whether nothing more will be applied.
    boolean stopped() {
        lock.lock();
        try {
            return failure != null || closing && queue.isEmpty() && !writing;
        } finally {
            lock.unlock();
        }
    }

    /// Completes with the first cause of [#fail].
    CompletableFuture<Throwable> failed() {
        return failed;
    }

    @Nullable
    Throwable failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    Group group() {
        return group;
    }
}
