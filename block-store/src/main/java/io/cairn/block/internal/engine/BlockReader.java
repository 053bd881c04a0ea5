package io.cairn.block.internal.engine;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.StoreFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads blocks of a version, each held against its checksum. Neighbours that lie in a row are read at once.
final class BlockReader {
    private static final byte[] ZEROS = new byte[BlockFormat.DATA_BYTES];
    /// A block that moves while it is looked for is looked for again. Files are emptied one after the other, not so often as that.
    private static final int ATTEMPTS = 16;
    private static final ThreadLocal<ByteBuffer> FRAMED = ThreadLocal
            .withInitial(() -> ByteBuffer.allocateDirect(BlockFormat.MAX_BLOCKS * BlockFormat.BYTES));

    private final ReplicatedLog log;
    private final BlockMaps maps;
    private final Unwritten unwritten;

    BlockReader(ReplicatedLog log, BlockMaps maps, Unwritten unwritten) {
        this.log = log;
        this.maps = maps;
        this.unwritten = unwritten;
    }

    /// Fills `into`, whose room need not begin or end with a block.
    ///
    /// @param offset in bytes
    void read(String device, Version version, long offset, ByteBuffer into) {
        long block = offset / BlockFormat.DATA_BYTES;
        int skip = (int) (offset % BlockFormat.DATA_BYTES);
        int attempt = 0;
        while (into.hasRemaining()) {
            int wanted = (skip + into.remaining() + BlockFormat.DATA_BYTES - 1) / BlockFormat.DATA_BYTES;
            long address = maps.address(version, block);
            int count = 1;
            if (!BlockMaps.isStored(address))
                zeros(skip, into);
            else {
                var framed = unwritten.at(address);
                if (framed == null) {
                    count = run(version, block, address, Math.min(wanted, BlockFormat.MAX_BLOCKS));
                    framed = fromFile(device, block, address, count);
                    if (framed == null) {
                        if (++attempt == ATTEMPTS)
                            throw new CorruptBlockException(device, block, "the file is missing that it lies in");
                        continue;
                    }
                }
                copy(device, block, framed, count, skip, into);
            }
            attempt = 0;
            block += count;
            skip = 0;
        }
    }

    List<Allocation> allocation(Version version, long offset, long length, int maxRuns) {
        var runs = new ArrayList<Allocation>();
        long end = offset + length;
        var state = State.HOLE;
        long from = offset;
        for (long at = offset; at < end;) {
            long block = at / BlockFormat.DATA_BYTES;
            long address = maps.address(version, block);
            var next = BlockMaps.isStored(address) ? State.STORED : address == BlockMaps.ZEROS ? State.ZERO : State.HOLE;
            if (next != state && at > from) {
                runs.add(new Allocation(at - from, state));
                if (runs.size() == maxRuns)
                    return runs;
                from = at;
            }
            state = next;
            long after = address == BlockMaps.HOLE ? maps.afterHole(version, block) : block + 1;
            at = Math.min(end, after * BlockFormat.DATA_BYTES);
        }
        if (end > from)
            runs.add(new Allocation(end - from, state));
        return runs;
    }

    private static void zeros(int skip, ByteBuffer into) {
        into.put(ZEROS, 0, Math.min(ZEROS.length - skip, into.remaining()));
    }

    private int run(Version version, long block, long address, int most) {
        int count = 1;
        while (count < most && maps.address(version, block + count) == address + count * BlockMaps.STEP)
            count++;
        return count;
    }

    private @Nullable ByteBuffer fromFile(String device, long block, long address, int count) {
        var framed = FRAMED.get().clear().limit(count * BlockFormat.BYTES);
        try {
            return log.read(Extent.at(address, framed.limit()), framed) ? framed.flip() : null;
        } catch (CorruptLogException e) {
            throw new CorruptBlockException(device, block, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + device + " block " + block + ": " + e.getMessage(), e);
        }
    }

    /// Blocks as they lie from an address on, each held against its checksum; null when their file is gone. The bytes are valid until this thread's next
    /// read.
    @Nullable
    ByteBuffer framed(long address, long block, int count) {
        var framed = fromFile("address " + address, block, address, count);
        if (framed != null)
            for (int i = 0; i < count; i++) {
                var fault = BlockFormat.fault(framed, i * BlockFormat.BYTES, block + i);
                if (!fault.isEmpty())
                    throw new CorruptBlockException("at address " + address, block + i, fault);
            }
        return framed;
    }

    private static void copy(String device, long block, ByteBuffer framed, int count, int skip, ByteBuffer into) {
        int from = skip;
        for (int i = 0; i < count; i++) {
            int at = framed.position() + i * BlockFormat.BYTES;
            var fault = BlockFormat.fault(framed, at, block + i);
            if (!fault.isEmpty())
                throw new CorruptBlockException(device, block + i, fault);
            int length = Math.min(BlockFormat.DATA_BYTES - from, into.remaining());
            into.put(into.position(), framed, at + BlockFormat.HEADER_BYTES + from, length);
            into.position(into.position() + length);
            from = 0;
        }
    }
}
