package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.engine.Frames.Frame;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.row.Note;
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
    /// Blocks that are cleared in one step: what one hold of the lock may take.
    private static final long CLEARED = 1 << 16;

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
            return tryWrite(volume, offset, source, done) ? DONE : done;
        } catch (BlockRefusedException e) {
            return BlockReader.answer(e);
        }
    }

    /// `false` when it has to wait: `done` completes later.
    private boolean tryWrite(LogVolume volume, long offset, Source from, CompletableFuture<Void> done) {
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
            boolean taken = length % BLOCK == 0
                    ? putBlocks(volume, at / BLOCK, length / BLOCK, from)
                    : putPart(volume, at / BLOCK, skip, length, from);
            if (!taken) {
                // The log has less room than we have: rare, and short.
                from.back(length);
                long rest = at;
                soon().execute(() -> retry(volume, rest, from, done));
                return false;
            }
            at += length;
        }
        return true;
    }

    private void retry(LogVolume volume, long offset, Source from, CompletableFuture<Void> done) {
        try {
            if (tryWrite(volume, offset, from, done))
                done.complete(null);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    private boolean putBlocks(LogVolume volume, long block, int count, Source from) {
        var cipher = cipher(volume);
        var frame = frames.take(count * BlockFormat.BYTES);
        boolean taken = false;
        try {
            for (int i = 0; i < count; i++) {
                int at = i * BlockFormat.BYTES;
                from.take(frame.bytes, at + BlockFormat.HEADER_BYTES, BLOCK);
                if (cipher == null)
                    BlockFormat.seal(frame.bytes, at, volume.number(), block + i);
            }
            maps.lock().lock();
            try {
                taken = put(volume, block, count, frame, cipher);
            } finally {
                maps.lock().unlock();
            }
            return taken;
        } finally {
            if (!taken)
                frames.release(frame);
        }
    }

    /// Null for a plain volume.
    private @Nullable BlockCipher cipher(LogVolume volume) {
        int root = volume.requireVersion().encryptionRoot();
        return root == 0 ? null : keyring.forWriting(root);
    }

    private boolean put(LogVolume volume, long block, int count, Frame frame, @Nullable BlockCipher cipher) {
        var head = volume.requireVersion();
        if (mapIsFull())
            return false;
        long address;
        try {
            address = cipher == null
                    ? journal.append(frame.bytes)
                    : journal.append(count * BlockFormat.BYTES, new EncryptedBlocks(frame.bytes, block, count, cipher));
        } catch (OverloadedException e) {
            return false;
        }
        unwritten.add(address, frame);
        maps.write(head, block, count, address);
        note(new Note.Write(volume.number(), block, count, address));
        return true;
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
    private boolean putPart(LogVolume volume, long block, int skip, int length, Source from) {
        var cipher = cipher(volume);
        var part = ByteBuffer.allocate(length);
        from.take(part, 0, length);
        var frame = frames.take(BlockFormat.BYTES);
        boolean taken = false;
        try {
            while (true) {
                var head = volume.requireVersion();
                long address = maps.address(head, block);
                reader.read(volume.id(), head, block * BLOCK, frame.bytes.slice(BlockFormat.HEADER_BYTES, BLOCK));
                frame.bytes.put(BlockFormat.HEADER_BYTES + skip, part, 0, length);
                if (cipher == null)
                    BlockFormat.seal(frame.bytes, 0, volume.number(), block);
                maps.lock().lock();
                try {
                    // Another head may mean that this one was given up while it was read.
                    if (volume.requireVersion() == head && maps.address(head, block) == address) {
                        taken = put(volume, block, 1, frame, cipher);
                        return taken;
                    }
                } finally {
                    maps.lock().unlock();
                }
            }
        } finally {
            if (!taken)
                frames.release(frame);
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
        long first = (offset + BLOCK - 1) / BLOCK;
        long end = (offset + length) / BLOCK;
        if (first > end) // within one block
            return write(volume, offset, ByteBuffer.allocate((int) length));
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

    private CompletableFuture<Void> zeros(LogVolume volume, long offset, long length) {
        return length == 0 ? DONE : write(volume, offset, ByteBuffer.allocate((int) length));
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
