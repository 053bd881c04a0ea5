package io.cairn.replication;

import io.cairn.replication.internal.log.LocalLog;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One replicated sequence of batches with the store it is applied to. Embedded or simulated (and in time Raft): the engine
/// cannot tell. Any thread.
///
/// The only way to change anything: evaluate under latches, [#append] bulk bytes, [#propose] a [Batch], answer when it is done.
public interface ReplicatedLog extends AutoCloseable {
    /// Opens the log of a group that lives in this process alone, or makes it. Replays what the store had not yet flushed.
    /// [CorruptLogException] names damage; [StoreFailedException] says what else stands in the way.
    static ReplicatedLog open(Path directory, Group group, LogOptions options, CommitListener listener) {
        return LocalLog.open(directory, group, options, listener);
    }

    /// What was applied, for reading.
    Store store();

    Epoch epoch();

    /// Puts up to [Extent#MAX_IN_LOG_BYTES] beside the log. Not durable until a proposed batch names the extent. The buffers belong
    /// to the log from now on. Never blocks: [OverloadedException] when too much waits for the disk.
    ///
    /// @param kind what the engine calls such bytes, 1 to 255
    Extent append(int kind, ByteBuffer... payload);

    /// The same for `length` bytes that can be made only when their place is known: the address is given at once, the bytes are asked for when they are written,
    /// before [CommitListener#written].
    Extent append(int kind, int length, PlacedPayload payload);

    /// Begins a larger extent in a file of its own.
    ExtentWriter newExtent(int kind);

    /// Gives back an extent that no batch will name.
    void discard(Extent extent);

    /// Call before the look-up that finds an extent's address; close when done with its bytes.
    Pin pin();

    /// Opens an extent for reading; null when its file was given back, which a [#pin] prevents.
    @Nullable
    ExtentContent open(Extent extent);

    /// Reads any bytes of extents of at most [Extent#MAX_IN_LOG_BYTES] as they lie in a file, without holding them against the checksums of the log: for
    /// engines whose bytes carry their own, and want a piece of an extent for the price of the piece. `false` when the file was given back,
    /// which a [#pin] prevents; the bytes were appended before a [CommitListener#written].
    ///
    /// @param into takes `piece.length()` bytes
    boolean read(Extent piece, ByteBuffer into) throws IOException;

    /// [#read] without waiting for the disk, into direct memory. What is not [ReadNow#READ] leaves the position of `into` and anything in it.
    default ReadNow readNow(Extent piece, ByteBuffer into) throws IOException {
        return ReadNow.LATER;
    }

    /// [#read] without a copy: shows the bytes where the page cache has them, and only then.
    default ReadNow look(Extent piece, InPlace look) throws IOException {
        return ReadNow.LATER;
    }

    /// Looks at bytes that belong to somebody else, and do not change meanwhile.
    @FunctionalInterface
    interface InPlace {
        /// @param memory may be read from `position` on, as far as was asked for, until this returns
        void at(MemorySegment memory, long position);
    }

    /// How a read went that does not wait: `LATER` when it would have to, or nobody can know; `GONE` when the file was given back.
    enum ReadNow {
        READ, LATER, GONE
    }

    /// Orders the batch now: sequence and stamp are given and its slots filled at once. Then, in that order for all, makes it durable
    /// with the extents that it names, applies it, completes `done`. Nothing is applied before it is durable.
    /// Throws [OverloadedException] or [NotLeaderException]: then it was not ordered.
    /// Never blocks for batches up to [Batch#MAX_INLINE_BYTES]; a larger one is first written to a file of its own.
    Proposed propose(Batch batch);

    /// As [#propose], but nobody is called to write the batch: the calling thread calls [#commit] next, as soon as it has let go of its locks.
    default Proposed proposeToCommit(Batch batch) {
        return propose(batch);
    }

    /// Writes what waits, syncs, applies it and completes it on the calling thread, as the log's own would: a single client saves the way there and back. Does
    /// nothing when another thread is just doing so, or when much waits: then the log's own thread does it, and the caller goes on at once. Blocks as long as
    /// a sync takes. Not for a thread that holds a lock others wait for, nor for one that may be interrupted: an interrupt in the midst of a write is a failed
    /// write, which ends this log. One that is interrupted already leaves it to the log's own.
    default void commit() {}

    /// Completes when the store holds what `level` asks for.
    CompletableFuture<ReadPoint> readPoint(ReadLevel level);

    /// Entries from `fromIndex` on. `IllegalArgumentException` when they were recycled already, here or at
    /// [LogReader#next].
    LogReader tail(long fromIndex);

    /// Copies the state as of now, or a little later, into `directory`, which must not exist. Blocks.
    CheckpointRef checkpoint(Path directory);

    /// Makes the store durable up to what is applied now, so that log files can be recycled. Blocks. Never needed for durability.
    void flush();

    /// How far this log is archived; nothing when it has no archive.
    default Optional<ArchiveStatus> archiveStatus() {
        return Optional.empty();
    }

    /// From now on extents are moved out of half-empty files, by the engine's help. Called once, after the engine has opened. A log
    /// that keeps no files does nothing.
    default void clean(ExtentOwner owner, CleaningOptions options) {}

    default CleaningFigures cleaning() {
        return CleaningFigures.NOTHING;
    }

    /// Completes with the cause when this log has failed: it takes nothing more, and only opening it again can help; what was
    /// applied stays readable. Never completes otherwise. The same future at each call; what depends on it runs on a thread of the
    /// log and must be quick.
    default CompletableFuture<Throwable> failed() {
        return new CompletableFuture<>();
    }

    /// Finishes what was proposed, then lets go of the directory.
    @Override
    void close();
}
