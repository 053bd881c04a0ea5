package io.cairn.block.internal.ephemeral;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockDevice;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Bytes of one ephemeral volume: block `n` lies at `n * 4096` of a sparse file that is never synced. A [BlockTable] in memory says which blocks were written
/// and has the checksum of each, so what was not written needs no reading, and whatever lies in the file when it is made counts for nothing. The file is as
/// long as what was written last in it, so a volume grows without it.
///
/// A block is written and read whole by those who hold the lock of its chunk (4 MiB; one of [#LOCKS] that chunks share). When the disk fails in a write, its
/// blocks count as damaged until they are written again.
///
/// Any thread. `StoreFailedException` when the disk fails, and after [#delete].
public final class EphemeralFile {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    private static final byte[] ZERO = new byte[BLOCK];
    private static final int LOCKS = 64;

    private final String name;
    private final Disk disk;
    private final DiskFile file;
    private final @Nullable HolePunch punch;
    private final BlockTable table = new BlockTable(VolumeDefinition.MAX_BYTES / BLOCK);
    private final LongAdder stored = new LongAdder();
    private final List<ReadWriteLock> locks = IntStream.range(0, LOCKS)
            .<ReadWriteLock>mapToObj(_ -> new ReentrantReadWriteLock()).toList();
    /// Who reads or changes something holds the first of these, who waits for all of them the second.
    private final ReadWriteLock gate = new ReentrantReadWriteLock();
    private boolean deleted;

    private EphemeralFile(String name, Disk disk, DiskFile file, @Nullable HolePunch punch) {
        this.name = name;
        this.disk = disk;
        this.file = file;
        this.punch = punch;
    }

    /// A file of zeros, whatever there was of this name.
    ///
    /// @param directory the same as `disk`
    public static EphemeralFile create(Disk disk, Path directory, String name) {
        try {
            var file = disk.open(name, true);
            try {
                file.truncate(0);
                return new EphemeralFile(name, disk, file, HolePunch.of(directory.resolve(name)));
            } catch (Throwable e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreFailedException("cannot make " + directory.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    /// Bytes of blocks that were written.
    public long storedBytes() {
        return stored.sum() * BLOCK;
    }

    /// Fills `into`. [CorruptBlockException] when the file has not what was written.
    public void read(long offset, ByteBuffer into) {
        byChunks(offset, into.remaining(), false, (at, length) -> read(at, length, into));
    }

    /// Writes all that remains in `from`.
    public void write(long offset, ByteBuffer from) {
        byChunks(offset, from.remaining(), true, (at, length) -> write(at, length, from));
    }

    /// Makes bytes zero.
    ///
    /// @param state what whole blocks are then: a hole, whose space is given back where the file system can do that, or zeros that keep it
    public void clear(long offset, long length, State state) {
        byChunks(offset, length, true, (at, count) -> clear(at, count, state));
    }

    /// Returns when all that was under way is done.
    public void quiesce() {
        alone(() -> {
            // nobody else is in it
        });
    }

    /// What bytes are, as `BlockDevice` says of runs.
    public List<Allocation> allocation(long offset, long length, int maxRuns) {
        var runs = new ArrayList<Allocation>();
        long end = offset + length;
        var state = State.HOLE;
        long from = offset;
        for (long at = offset; at < end;) {
            var alike = alike(at / BLOCK);
            if (alike.state != state && at > from) {
                runs.add(new Allocation(at - from, state));
                if (runs.size() == maxRuns)
                    return runs;
                from = at;
            }
            state = alike.state;
            at = Math.min(end, alike.end * BLOCK);
        }
        if (end > from)
            runs.add(new Allocation(end - from, state));
        return runs;
    }

    /// Blocks up to `end` are of one state.
    private record Alike(State state, long end) {}

    private Alike alike(long block) {
        var lock = lock(block, false);
        lock.lock();
        try {
            return new Alike(table.state(block), table.afterAlike(block));
        } finally {
            lock.unlock();
        }
    }

    /// Closes the file and removes it. Waits for what is under way; no failure: a file that stays is removed when the store is opened.
    ///
    /// @param failed told what stood in the way
    public void delete(Consumer<IOException> failed) {
        alone(() -> {
            if (deleted)
                return;
            deleted = true;
            if (punch != null)
                punch.close();
            try {
                file.close();
                disk.delete(name);
            } catch (IOException e) {
                failed.accept(e);
            }
        });
    }

    private void alone(Runnable action) {
        var lock = gate.writeLock();
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    // ---- piece by piece

    /// Does something to bytes of one chunk, under its lock.
    @FunctionalInterface
    private interface Piece { void run(long offset, int length) throws IOException; }

    private Lock lock(long block, boolean exclusive) {
        var both = locks.get((int) (BlockTable.chunkOf(block) % LOCKS));
        return exclusive ? both.writeLock() : both.readLock();
    }

    private void byChunks(long offset, long length, boolean exclusive, Piece piece) {
        long chunk = (long) BlockTable.CHUNK_BLOCKS * BLOCK;
        var open = gate.readLock();
        open.lock();
        try {
            if (deleted)
                throw new StoreFailedException("the file of " + name + " is gone", null);
            for (long at = offset; at < offset + length;) {
                int count = (int) Math.min(chunk - at % chunk, offset + length - at);
                var lock = lock(at / BLOCK, exclusive);
                lock.lock();
                try {
                    piece.run(at, count);
                } finally {
                    lock.unlock();
                }
                at += count;
            }
        } catch (IOException e) {
            throw new StoreFailedException("the file of " + name + ": " + e.getMessage(), e);
        } finally {
            open.unlock();
        }
    }

    private void read(long offset, int length, ByteBuffer into) throws IOException {
        long end = offset + length;
        for (long at = offset; at < end;) {
            long block = at / BLOCK;
            int skip = (int) (at % BLOCK);
            if (skip > 0 || end - at < BLOCK) {
                int count = (int) Math.min(BLOCK - skip, end - at);
                into.put(whole(block), skip, count);
                at += count;
            } else if (table.state(block) != State.STORED) {
                into.put(ZERO);
                at += BLOCK;
            } else
                at += readRun(block, (int) ((end - at) / BLOCK), into);
        }
    }

    /// Blocks that were written and lie in a row, straight into place.
    private int readRun(long block, int most, ByteBuffer into) throws IOException {
        int count = 1;
        while (count < most && table.state(block + count) == State.STORED)
            count++;
        var data = into.slice(into.position(), count * BLOCK);
        load(block, data);
        into.position(into.position() + count * BLOCK);
        return count * BLOCK;
    }

    /// Fills `data` with stored blocks, each held against its checksum.
    private void load(long block, ByteBuffer data) throws IOException {
        int found = file.read(data.duplicate(), block * BLOCK);
        if (found < data.remaining())
            throw new CorruptBlockException(name, block + found / BLOCK, "the file ends before it");
        for (int at = 0; at < data.limit(); at += BLOCK) {
            int actual = checksum(data, at);
            int expected = table.checksum(block + at / BLOCK);
            if (actual != expected)
                throw new CorruptBlockException(name, block + at / BLOCK,
                        "stored crc32c %08x, data has %08x".formatted(expected, actual));
        }
    }

    private static int checksum(ByteBuffer data, int at) {
        var crc = new CRC32C();
        crc.update(data.slice(at, BLOCK));
        return (int) crc.getValue();
    }

    private byte[] whole(long block) throws IOException {
        var data = new byte[BLOCK];
        if (table.state(block) == State.STORED)
            load(block, ByteBuffer.wrap(data));
        return data;
    }

    private void write(long offset, int length, ByteBuffer from) throws IOException {
        long end = offset + length;
        for (long at = offset; at < end;) {
            int skip = (int) (at % BLOCK);
            int count = (int) (skip > 0 || end - at < BLOCK ? Math.min(BLOCK - skip, end - at) : (end - at) / BLOCK * BLOCK);
            var data = from.slice(from.position(), count);
            if (count % BLOCK == 0)
                store(at / BLOCK, data);
            else
                storePart(at / BLOCK, skip, data);
            from.position(from.position() + count);
            at += count;
        }
    }

    private void storePart(long block, int skip, ByteBuffer data) throws IOException {
        var whole = whole(block);
        data.get(0, whole, skip, data.remaining());
        store(block, ByteBuffer.wrap(whole));
    }

    private void store(long block, ByteBuffer data) throws IOException {
        writeAll(data, block * BLOCK);
        for (int at = 0; at < data.limit(); at += BLOCK)
            if (table.store(block + at / BLOCK, checksum(data, at)))
                stored.increment();
    }

    /// An interrupt closes the channel for all who use it. So the thread is interrupted again only afterwards, and what was cut short is written once more: a
    /// read opens the channel again.
    private void writeAll(ByteBuffer data, long position) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    file.write(data.duplicate(), position);
                    return;
                } catch (ClosedChannelException e) {
                    int _ = file.read(ByteBuffer.allocate(1), position);
                }
            }
        } finally {
            if (interrupted)
                Thread.currentThread().interrupt();
        }
    }

    private void clear(long offset, int length, State state) throws IOException {
        long end = offset + length;
        long first = (offset + BLOCK - 1) / BLOCK;
        long last = end / BLOCK;
        if (first > last) { // within one block
            clearPart(offset, end);
            return;
        }
        clearPart(offset, first * BLOCK);
        clearPart(last * BLOCK, end);
        if (first == last)
            return;
        int given = table.clear(first, last, state);
        stored.add(-given);
        // What has been zeros that keep their place has it in the file too, if it was written before.
        if (state == State.HOLE && punch != null)
            punch.punch(first * BLOCK, (last - first) * BLOCK);
    }

    private void clearPart(long from, long end) throws IOException {
        if (from < end && table.state(from / BLOCK) == State.STORED)
            storePart(from / BLOCK, (int) (from % BLOCK), ByteBuffer.allocate((int) (end - from)));
    }
}
