package io.cairn.replication.internal.log;

import io.cairn.replication.Applied;
import io.cairn.replication.CommitListener;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.extent.ExtentFormat;
import io.cairn.replication.internal.log.PendingRecord.EntryRecord;
import io.cairn.replication.internal.log.PendingRecord.ExtentRecord;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.RocksStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes, one thread at a time: its own, or one that proposes and does it itself ([#commit]). Takes all that waits, writes it, syncs once, applies it in
/// one native call, completes it. What arrives
/// during the sync is the next group: no timer, since waiting 200 us cost a single writer 60 % and gained nothing at 16.
///
/// A write or sync that fails is never retried: the kernel may have dropped the pages. Everything in flight then has an unknown
/// outcome, and the log takes nothing more until it is opened again.
final class Committer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int BUFFER_BYTES = 2 << 20;
    private static final int APPLY_BYTES = 8 << 20;
    private static final long PAGE_BYTES = 4096;
    private static final long START_BYTES = 1 << 20;

    private final Ordering ordering;
    private final LogFiles files;
    private final RocksStore store;
    private final CommitListener listener;
    private final int stepBytes;
    private final int fileBytes;
    private final Consumer<AppliedState> onApplied;
    private final EmptyFiles emptyFiles;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private LogFiles.Active active;
    /// Bytes of the active file that were written or zeroed.
    private long allocated;
    /// Where the buffer's first byte goes.
    private long bufferAt;
    /// Where the last record written ends.
    private long end;
    /// The active file is durable up to here.
    private long synced;
    /// Index of the last entry written.
    private long lastIndex;
    /// The disk was asked to begin with what lies before this, in whole pages.
    private long started;

    Committer(Ordering ordering, LogFiles files, LogFiles.Active active, RocksStore store, EmptyFiles emptyFiles,
            CommitListener listener,
            int fileBytes, int stepBytes, Consumer<AppliedState> onApplied) {
        this.ordering = ordering;
        this.files = files;
        this.active = active;
        this.store = store;
        this.emptyFiles = emptyFiles;
        this.listener = listener;
        this.fileBytes = fileBytes;
        this.stepBytes = stepBytes;
        this.onApplied = onApplied;
        this.allocated = active.size();
        this.lastIndex = active.header().firstIndex() - 1;
        startFile();
    }

    private void startFile() {
        bufferAt = LogFileHeader.RECORDS_AT;
        end = LogFileHeader.RECORDS_AT;
        synced = LogFileHeader.RECORDS_AT;
        started = 0;
    }

    @Override
    public void run() {
        List<PendingRecord> group = List.of();
        try {
            for (group = ordering.take(); !group.isEmpty(); group = ordering.take()) {
                commit(group);
                ordering.written();
            }
            active.file().close();
        } catch (Throwable failure) {
            if (failure instanceof InterruptedException)
                Thread.currentThread().interrupt();
            halt(group, failure);
        }
    }

    /// What [io.cairn.replication.ReplicatedLog#commit] says.
    void commit() {
        var group = ordering.takeHere();
        if (group.isEmpty())
            return;
        try {
            commit(group);
        } catch (Throwable failure) {
            halt(group, failure);
        } finally {
            ordering.written();
        }
    }

    private void commit(List<PendingRecord> group) throws IOException {
        write(group);
        // Extents alone are no promise: the sync of the batch that names them makes them one.
        boolean promised = hasEntries(group);
        if (promised) {
            sync();
            apply(group);
        } else
            startWriting();
        listener.written(active.header().number(), end);
        if (promised)
            vouch();
    }

    private static boolean hasEntries(List<PendingRecord> group) {
        for (int i = 0; i < group.size(); i++)
            if (group.get(i) instanceof EntryRecord)
                return true;
        return false;
    }

    private void halt(List<PendingRecord> group, Throwable failure) {
        LOG.error("the log has failed and takes nothing more until it is opened again", failure);
        var abandoned = ordering.fail(failure);
        var unknown = new OutcomeUnknownException("the log has failed: " + failure.getMessage(), failure);
        for (var record : group)
            if (record instanceof EntryRecord entry)
                entry.done().completeExceptionally(unknown);
        for (var record : abandoned)
            if (record instanceof EntryRecord entry)
                entry.done().completeExceptionally(unknown);
    }

    private void write(List<PendingRecord> group) throws IOException {
        for (int i = 0; i < group.size(); i++) {
            var record = group.get(i);
            if (record.file() != active.header().number())
                nextFile(record);
            int bytes = RecordFormat.recordBytes(record.payloadBytes());
            if (buffer.remaining() < bytes)
                drain();
            if (buffer.capacity() < bytes)
                buffer = ByteBuffer.allocateDirect(bytes);
            encode(record, bytes);
        }
        drain();
    }

    private void encode(PendingRecord record, int bytes) {
        int start = buffer.position();
        buffer.position(start + RecordFormat.HEADER_BYTES);
        byte kind = switch (record) {
            case EntryRecord entry -> {
                EntryFormat.encode(ordering.group(), ordering.epoch(), entry.sequence(), entry.stamp(), entry.batch(),
                        entry.bulk(), buffer);
                lastIndex = entry.index();
                yield RecordFormat.ENTRY;
            }
            case ExtentRecord extent -> {
                encodeExtent(extent);
                yield RecordFormat.EXTENT;
            }
        };
        RecordFormat.seal(buffer, start, record.payloadBytes(), kind, synced, active.header(), record.offset());
        while (buffer.position() < start + bytes)
            buffer.put((byte) 0);
        end = record.offset() + bytes;
    }

    private void encodeExtent(ExtentRecord record) {
        var header = active.header();
        int length = record.extent().length();
        ExtentFormat.encodeHeader(new ExtentFormat.Header(record.kind(), header.number(), header.incarnation(), ordering.epoch(),
                length, length), buffer);
        ExtentFormat.encodePayload(record.extent(), record.payload(), buffer);
    }

    /// Writes the buffer to the file, and zeros behind it up to the next step when the file is new.
    private void drain() throws IOException {
        if (buffer.position() == 0)
            return;
        buffer.flip();
        long writeEnd = bufferAt + buffer.limit();
        active.file().write(buffer, bufferAt);
        buffer.clear();
        bufferAt = writeEnd;
        // The mark too must have room, or nobody would vouch for the last record of a file.
        if (writeEnd + RecordFormat.HEADER_BYTES > allocated)
            allocate(writeEnd + RecordFormat.HEADER_BYTES);
    }

    private void allocate(long needed) throws IOException {
        long target = Math.max(needed, Math.min(fileBytes, (needed + stepBytes - 1) / stepBytes * stepBytes));
        allocated = Math.max(allocated, bufferAt);
        var zeros = ByteBuffer.allocateDirect((int) Math.min(1 << 20, target - allocated));
        while (allocated < target) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), target - allocated));
            active.file().write(zeros, allocated);
            allocated += zeros.limit();
        }
    }

    private void nextFile(PendingRecord first) throws IOException {
        drain();
        active.file().sync();
        active.file().close();
        active = files.begin(first.file(), active.header().number(), end, lastIndex + 1, ordering.epoch());
        allocated = active.size();
        startFile();
    }

    private void sync() throws IOException {
        active.file().sync();
        synced = end;
        started = end & -PAGE_BYTES;
    }

    /// Extents alone wait for the sync of a batch, 32 MiB of them at times: without this the disk would be idle until then, and the log during the sync.
    private void startWriting() {
        long from = started;
        long to = end & -PAGE_BYTES;
        if (to - from < START_BYTES)
            return;
        active.file().startWriting(from, to - from);
        started = to;
    }

    /// Writes a mark when nothing else will follow at once. Behind the answers, which need not wait for it.
    private void vouch() throws IOException {
        if (ordering.idle()) {
            // Not synced: it vouches for this group if only the process dies, or once the kernel has written it.
            buffer.position(RecordFormat.HEADER_BYTES);
            RecordFormat.seal(buffer, 0, 0, RecordFormat.MARK, synced, active.header(), end);
            active.file().write(buffer.flip(), end);
            buffer.clear();
        }
    }

    private void apply(List<PendingRecord> group) {
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < group.size(); i++) {
            if (!(group.get(i) instanceof EntryRecord entry))
                continue;
            emptyFiles.applying(entry.index(), entry.batch(), entry.bulk());
            store.add(entry.batch());
            emptyFiles.applied(entry.batch());
            bytes += entry.batch().length();
            if (bytes > APPLY_BYTES) {
                commit(group, from, i + 1);
                from = i + 1;
                bytes = 0;
            }
        }
        commit(group, from, group.size());
    }

    private void commit(List<PendingRecord> group, int from, int to) {
        EntryRecord last = null;
        for (int i = to - 1; i >= from && last == null; i--)
            if (group.get(i) instanceof EntryRecord entry)
                last = entry;
        if (last == null)
            return;
        long recordEnd = last.offset() + RecordFormat.recordBytes(last.payloadBytes());
        var state = new AppliedState(last.index(), ordering.epoch(), last.sequence(), last.stamp(), last.file(), recordEnd);
        store.commit(state);
        onApplied.accept(state);
        for (int i = from; i < to; i++)
            if (group.get(i) instanceof EntryRecord entry)
                complete(entry);
    }

    private void complete(EntryRecord entry) {
        var batch = entry.batch();
        for (var note : batch.notes())
            listener.noted(entry.index(), entry.stamp(), note);
        entry.done().complete(new Applied(entry.index(), entry.stamp()));
    }
}
