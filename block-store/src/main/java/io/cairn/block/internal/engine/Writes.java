package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.Note;
import io.cairn.replication.OverloadedException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Changes blocks of volumes: appends them to the log, enters them in the maps and the journal. All of that is one step under the lock of the maps.
final class Writes {
    static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final int BLOCK = BlockFormat.DATA_BYTES;
    /// Blocks that are cleared in one step: what one hold of the lock may take.
    private static final long CLEARED = 1 << 16;

    private final BlockMaps maps;
    private final Journal journal;
    private final Unwritten unwritten;
    private final BlockReader reader;
    private final Executor executor;
    private final Runnable onFull;
    private final int maxWaitingNodes;

    /// @param executor runs what had to wait
    /// @param onFull told when a checkpoint may be due: cheap
    /// @param maxWaitingNodes changes wait while so many nodes of the map, or more, wait for a checkpoint: a batch has no room for any number
    Writes(BlockMaps maps, Journal journal, Unwritten unwritten, BlockReader reader, Executor executor, Runnable onFull,
            int maxWaitingNodes) {
        this.maps = maps;
        this.journal = journal;
        this.unwritten = unwritten;
        this.reader = reader;
        this.executor = executor;
        this.onFull = onFull;
        this.maxWaitingNodes = maxWaitingNodes;
    }

    CompletableFuture<Void> write(LogVolume volume, long offset, ByteBuffer from) {
        var done = new CompletableFuture<Void>();
        return tryWrite(volume, offset, from, done) ? DONE : done;
    }

    /// `false` when it has to wait: `done` completes later.
    private boolean tryWrite(LogVolume volume, long offset, ByteBuffer from, CompletableFuture<Void> done) {
        if (!from.hasRemaining())
            return true;
        if (!unwritten.admit(() -> executor.execute(() -> retry(volume, offset, from, done))))
            return false;
        long at = offset;
        while (from.hasRemaining()) {
            int skip = (int) (at % BLOCK);
            int length = skip > 0 || from.remaining() < BLOCK
                    ? Math.min(BLOCK - skip, from.remaining())
                    : Math.min(from.remaining() / BLOCK, BlockFormat.MAX_BLOCKS) * BLOCK;
            var piece = from.slice(from.position(), length);
            boolean taken = length % BLOCK == 0
                    ? putBlocks(volume, at / BLOCK, piece)
                    : putPart(volume, at / BLOCK, skip, piece);
            if (!taken) {
                // The log has less room than we have: rare, and short.
                long rest = at;
                soon().execute(() -> retry(volume, rest, from, done));
                return false;
            }
            from.position(from.position() + length);
            at += length;
        }
        return true;
    }

    private void retry(LogVolume volume, long offset, ByteBuffer from, CompletableFuture<Void> done) {
        try {
            if (tryWrite(volume, offset, from, done))
                done.complete(null);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    private boolean putBlocks(LogVolume volume, long block, ByteBuffer data) {
        int count = data.remaining() / BLOCK;
        var framed = BlockFormat.frame(volume.number(), block, count, data);
        maps.lock().lock();
        try {
            return put(volume, block, count, framed);
        } finally {
            maps.lock().unlock();
        }
    }

    private boolean put(LogVolume volume, long block, int count, ByteBuffer framed) {
        var head = requireHead(volume);
        if (mapIsFull())
            return false;
        long address;
        try {
            address = journal.append(framed);
        } catch (OverloadedException e) {
            return false;
        }
        unwritten.add(address, framed);
        maps.write(head, block, count, address);
        note(new Note.Write(volume.number(), block, count, address));
        return true;
    }

    private boolean mapIsFull() {
        boolean full = maps.waiting() >= maxWaitingNodes;
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
    private boolean putPart(LogVolume volume, long block, int skip, ByteBuffer part) {
        while (true) {
            var head = requireHead(volume);
            long address = maps.address(head, block);
            var data = ByteBuffer.allocate(BLOCK);
            reader.read(volume.id(), head, block * BLOCK, data);
            data.put(skip, part, 0, part.remaining()).flip();
            var framed = BlockFormat.frame(volume.number(), block, 1, data);
            maps.lock().lock();
            try {
                if (maps.address(requireHead(volume), block) == address)
                    return put(volume, block, 1, framed);
            } finally {
                maps.lock().unlock();
            }
        }
    }

    /// @param value of the maps
    CompletableFuture<Void> clear(LogVolume volume, long offset, long length, long value) {
        if (length == 0)
            return DONE;
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
                maps.clear(requireHead(volume), at, count, value);
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

    private static Version requireHead(LogVolume volume) {
        var head = volume.head();
        if (head == null)
            throw new BlockRefusedException(Reason.NOT_FOUND, "The volume '" + volume.id() + "' does not exist.");
        return head;
    }
}
