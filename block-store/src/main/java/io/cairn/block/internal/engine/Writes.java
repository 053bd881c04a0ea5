package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.engine.Frames.Frame;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.row.Note;
import io.cairn.replication.Applied;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.StoreFailedException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Changes blocks of volumes: appends them to the log, enters them in the maps and the journal. All of that is one step under the lock of the maps.
final class Writes {
    static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final int BLOCK = BlockFormat.DATA_BYTES;
    /// Blocks that are cleared in one step: what one hold of the lock may take, and what whoever asks does itself.
    private static final long CLEARED = 1 << 16;

    /// What became of blocks that were to be written.
    private enum Put {
        TAKEN,
        /// The log has less room than we have: rare, and short.
        NO_ROOM,
        /// The rest of the block lies on the disk, and nobody was to wait for it.
        LATER
    }

    private final BlockMaps maps;
    private final Journal journal;
    private final Frames frames;
    private final Unwritten unwritten;
    private final BlockReader reader;
    private final Keyring keyring;
    private final Executor executor;
    private final Runnable onFull;
    private final int maxWaitingNodes;
    private volatile boolean ended;
    private volatile @Nullable Throwable noCheckpoints;

    /// @param executor runs what had to wait, always
    /// @param onFull told when a checkpoint may be due: cheap
    /// @param maxWaitingNodes changes wait while so many nodes of the map, or more, wait for a checkpoint: a batch has no room for any number
    Writes(BlockMaps maps, Journal journal, Frames frames, Unwritten unwritten, BlockReader reader, Keyring keyring,
            Executor executor, Runnable onFull, int maxWaitingNodes) {
        this.maps = maps;
        this.journal = journal;
        this.frames = frames;
        this.unwritten = unwritten;
        this.reader = reader;
        this.keyring = keyring;
        this.executor = executor;
        this.onFull = onFull;
        this.maxWaitingNodes = maxWaitingNodes;
    }

    /// There are no more checkpoints, though the log goes on: what would have to wait for one is refused.
    void withoutCheckpoints(Throwable cause) {
        noCheckpoints = cause;
    }

    /// No checkpoint will make room any more: what waits for that goes on, and is told by the log why it takes nothing.
    void end() {
        ended = true;
    }

    CompletableFuture<Void> write(LogVolume volume, long offset, ByteBuffer... from) {
        var source = new Source(from);
        var done = new CompletableFuture<Void>();
        try {
            return tryWrite(volume, offset, source, done, false) ? DONE : done;
        } catch (BlockRefusedException e) {
            return BlockReader.answer(e);
        }
    }

    /// `false` when it has to wait: `done` completes later.
    ///
    /// @param wait whether this thread may wait for the disk itself
    private boolean tryWrite(LogVolume volume, long offset, Source from, CompletableFuture<Void> done, boolean wait) {
        if (from.remaining() == 0)
            return true;
        if (!unwritten.admit(() -> executor.execute(() -> retry(volume, offset, from, done))))
            return false;
        long at = offset;
        while (from.remaining() > 0) {
            int skip = (int) (at % BLOCK);
            int length = skip > 0 || from.remaining() < BLOCK
                    ? (int) Math.min(BLOCK - skip, from.remaining())
                    : (int) Math.min(from.remaining() / BLOCK, BlockFormat.MAX_BLOCKS) * BLOCK;
            var put = length % BLOCK == 0
                    ? putBlocks(volume, at / BLOCK, length / BLOCK, from)
                    : putPart(volume, at / BLOCK, skip, length, from, wait);
            if (put != Put.TAKEN) {
                from.back(length);
                long rest = at;
                (put == Put.LATER ? executor : soon()).execute(() -> retry(volume, rest, from, done));
                return false;
            }
            at += length;
        }
        return true;
    }

    private void retry(LogVolume volume, long offset, Source from, CompletableFuture<Void> done) {
        try {
            if (tryWrite(volume, offset, from, done, true))
                done.complete(null);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    private Put putBlocks(LogVolume volume, long block, int count, Source from) {
        var cipher = cipher(volume);
        var frame = frames.take(count * BlockFormat.BYTES);
        try {
            for (int i = 0; i < count; i++) {
                int at = i * BlockFormat.BYTES;
                from.take(frame.bytes, at + BlockFormat.HEADER_BYTES, BLOCK);
                if (cipher == null)
                    BlockFormat.seal(frame.bytes, at, volume.number(), block + i);
            }
            maps.lock().lock();
            try {
                return put(volume, block, count, frame, cipher);
            } finally {
                maps.lock().unlock();
            }
        } finally {
            frames.end(frame);
        }
    }

    /// Null for a plain volume.
    private @Nullable BlockCipher cipher(LogVolume volume) {
        int root = volume.requireVersion().encryptionRoot();
        return root == 0 ? null : keyring.forWriting(root);
    }

    private Put put(LogVolume volume, long block, int count, Frame frame, @Nullable BlockCipher cipher) {
        var head = volume.requireVersion();
        if (mapIsFull())
            return Put.NO_ROOM;
        long lost = maps.prepare(head, block, count); // what cannot be read is told before anything is appended
        long address;
        try {
            address = cipher == null
                    ? journal.append(frame.bytes)
                    : journal.append(count * BlockFormat.BYTES, new EncryptedBlocks(frame.bytes, block, count, cipher));
        } catch (OverloadedException e) {
            return Put.NO_ROOM;
        }
        unwritten.add(address, frame);
        frame.handOver();
        maps.write(head, block, count, address, lost);
        note(new Note.Write(volume.number(), block, count, address));
        return Put.TAKEN;
    }

    private boolean mapIsFull() {
        boolean full = !ended && maps.waiting() >= maxWaitingNodes;
        if (full && noCheckpoints != null)
            throw new StoreFailedException("changes wait for a checkpoint of the block maps, and checkpoints have failed: "
                    + noCheckpoints.getMessage() + "; open the store again", noCheckpoints);
        if (full)
            onFull.run();
        return full;
    }

    private void note(Note note) {
        journal.add(note);
        if (journal.isFull())
            try {
                var _ = journal.propose();
            } catch (OverloadedException e) {
                return; // the next one tries again
            }
        onFull.run();
    }

    /// Writes a part of a block: reads the rest of it, and if the block has changed by then, begins again.
    private Put putPart(LogVolume volume, long block, int skip, int length, Source from, boolean wait) {
        var cipher = cipher(volume);
        var part = ByteBuffer.allocate(length);
        from.take(part, 0, length);
        var frame = frames.take(BlockFormat.BYTES);
        try {
            while (true) {
                var head = volume.requireVersion();
                long address = maps.address(head, block);
                var whole = frame.bytes.slice(BlockFormat.HEADER_BYTES, BLOCK);
                if (wait)
                    reader.read(volume.id(), head, block * BLOCK, whole);
                else if (!reader.readNow(volume.id(), head, block * BLOCK, whole))
                    return Put.LATER;
                frame.bytes.put(BlockFormat.HEADER_BYTES + skip, part, 0, length);
                if (cipher == null)
                    BlockFormat.seal(frame.bytes, 0, volume.number(), block);
                maps.lock().lock();
                try {
                    // Another head may mean that this one was given up while it was read.
                    if (volume.requireVersion() == head && maps.address(head, block) == address) {
                        return put(volume, block, 1, frame, cipher);
                    }
                } finally {
                    maps.lock().unlock();
                }
            }
        } finally {
            frames.end(frame);
        }
    }

    /// @param value of the maps
    CompletableFuture<Void> clear(LogVolume volume, long offset, long length, long value) {
        if (length == 0)
            return DONE;
        try {
            var _ = cipher(volume); // what cannot be read is not removed unseen
        } catch (BlockRefusedException e) {
            return BlockReader.answer(e);
        }
        return length <= CLEARED * BLOCK
                ? clearHere(volume, offset, length, value)
                : DONE.thenComposeAsync(_ -> clearHere(volume, offset, length, value), executor);
    }

    private CompletableFuture<Void> clearHere(LogVolume volume, long offset, long length, long value) {
        long first = (offset + BLOCK - 1) / BLOCK;
        long end = (offset + length) / BLOCK;
        if (first > end) // within one block
            return zeros(volume, offset, length);
        var edges = zeros(volume, offset, first * BLOCK - offset).thenCombine(
                zeros(volume, end * BLOCK, offset + length - end * BLOCK),
                (_, _) -> (Void) null);
        var blocks = clearBlocks(volume, first, end, value);
        return edges.isDone() && !edges.isCompletedExceptionally() ? blocks : edges.thenCombine(blocks, (_, _) -> (Void) null);
    }

    private CompletableFuture<Void> clearBlocks(LogVolume volume, long first, long end, long value) {
        for (long at = first; at < end; at += CLEARED) {
            maps.lock().lock();
            try {
                if (mapIsFull()) {
                    long from = at;
                    return DONE.thenComposeAsync(_ -> clearBlocks(volume, from, end, value), soon());
                }
                long count = Math.min(CLEARED, end - at);
                maps.clear(volume.requireVersion(), at, count, value);
                note(new Note.Clear(volume.number(), at, count, (int) value));
            } finally {
                maps.lock().unlock();
            }
        }
        return DONE;
    }

    private Executor soon() {
        return CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, executor);
    }

    /// A part of one block. One that holds nothing is as it shall be.
    private CompletableFuture<Void> zeros(LogVolume volume, long offset, long length) {
        return length == 0 || !isStored(volume, offset / BLOCK)
                ? DONE
                : write(volume, offset, ByteBuffer.allocate((int) length));
    }

    private boolean isStored(LogVolume volume, long block) {
        maps.lock().lock(); // or the head may be given up while it is looked at
        try {
            return BlockMaps.isStored(maps.address(volume.requireVersion(), block));
        } finally {
            maps.lock().unlock();
        }
    }

    CompletableFuture<Void> flushHere() {
        CompletableFuture<Applied> flushed;
        maps.lock().lock();
        try {
            flushed = journal.proposeToCommit();
        } catch (OverloadedException e) {
            return DONE.thenComposeAsync(_ -> flush(), soon());
        } finally {
            maps.lock().unlock();
        }
        journal.commit();
        return flushed.thenApply(_ -> null);
    }

    CompletableFuture<Void> flush() {
        maps.lock().lock();
        try {
            return journal.propose().thenApply(_ -> null);
        } catch (OverloadedException e) {
            return DONE.thenComposeAsync(_ -> flush(), soon());
        } finally {
            maps.lock().unlock();
        }
    }
}
