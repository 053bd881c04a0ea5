package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An array of blocks; those that are not in the map are holes.
final class ModelBlocks {
    private final Map<Long, Block> blocks;
    private long sizeBytes;

    /// What is to be seen of a block. Its bytes are never changed, so copies share them.
    record Block(State state, byte[] bytes) {
        static final Block HOLE = new Block(State.HOLE, new byte[BLOCK_BYTES]);
        static final Block ZERO = new Block(State.ZERO, new byte[BLOCK_BYTES]);

        /// Whether one write, or none, made both.
        @SuppressWarnings("ReferenceEquality") // equal bytes may be of two writes
        boolean isTheVery(Block other) {
            return bytes == other.bytes;
        }

        boolean is(Block other) {
            return is(other.state, other.bytes, 0);
        }

        /// @param at where the block begins in `other`
        boolean is(State otherState, byte[] other, int at) {
            return state == otherState && Arrays.equals(bytes, 0, BLOCK_BYTES, other, at, at + BLOCK_BYTES);
        }

        @Override
        public String toString() {
            var words = ByteBuffer.wrap(bytes);
            return state + " of %016x..%016x (%08x)".formatted(words.getLong(0), words.getLong(BLOCK_BYTES - Long.BYTES),
                    Arrays.hashCode(bytes));
        }
    }

    ModelBlocks(long sizeBytes) {
        this(sizeBytes, Map.of());
    }

    private ModelBlocks(long sizeBytes, Map<Long, Block> blocks) {
        this.sizeBytes = sizeBytes;
        this.blocks = new HashMap<>(blocks);
    }

    ModelBlocks copy() {
        return new ModelBlocks(sizeBytes, blocks);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void grow(long toBytes) {
        sizeBytes = toBytes;
    }

    Block get(long block) {
        return blocks.getOrDefault(block, Block.HOLE);
    }

    void set(long block, Block value) {
        if (value.state == State.HOLE)
            blocks.remove(block);
        else
            blocks.put(block, value);
    }

    byte[] read(long offset, int length) {
        var into = ByteBuffer.allocate(length);
        for (long at = offset; into.hasRemaining();) {
            int skip = (int) (at % BLOCK_BYTES);
            int count = Math.min(BLOCK_BYTES - skip, into.remaining());
            into.put(get(at / BLOCK_BYTES).bytes, skip, count);
            at += count;
        }
        return into.array();
    }

    void write(long offset, byte[] bytes) {
        for (int done = 0; done < bytes.length;) {
            long at = offset + done;
            int skip = (int) (at % BLOCK_BYTES);
            int count = Math.min(BLOCK_BYTES - skip, bytes.length - done);
            var changed = get(at / BLOCK_BYTES).bytes.clone();
            System.arraycopy(bytes, done, changed, skip, count);
            set(at / BLOCK_BYTES, new Block(State.STORED, changed));
            done += count;
        }
    }

    /// Blocks that are cleared in part are written, if they hold anything.
    ///
    /// @param value of those that are cleared whole
    void clear(long offset, long length, Block value) {
        if (value.state == State.HOLE && offset == 0 && length == sizeBytes)
            blocks.clear(); // the same in less time
        else
            for (long at = offset; at < offset + length;) {
                int skip = (int) (at % BLOCK_BYTES);
                int count = (int) Math.min(BLOCK_BYTES - skip, offset + length - at);
                if (count == BLOCK_BYTES)
                    set(at / BLOCK_BYTES, value);
                else if (get(at / BLOCK_BYTES).state == State.STORED)
                    write(at, new byte[count]);
                at += count;
            }
    }

    long storedBytes() {
        return blocks.values().stream().filter(block -> block.state == State.STORED).count() * BLOCK_BYTES;
    }

    /// Bytes of blocks that none of these has: the very same, not equal ones.
    long storedApartFrom(List<ModelBlocks> others) {
        return blocks.entrySet().stream().filter(entry -> entry.getValue().state == State.STORED
                && others.stream().noneMatch(other -> other.get(entry.getKey()).isTheVery(entry.getValue()))).count()
                * BLOCK_BYTES;
    }

    /// Whether a block is not the very same, where one of the two stores it.
    boolean differs(ModelBlocks other, long block) {
        var mine = get(block);
        var its = other.get(block);
        return !mine.isTheVery(its) && (mine.state == State.STORED || its.state == State.STORED);
    }

    List<Allocation> allocation(long offset, long length, int maxRuns) {
        var runs = new ArrayList<Allocation>();
        long end = offset + length;
        for (long at = offset; at < end && runs.size() < maxRuns;) {
            var state = get(at / BLOCK_BYTES).state;
            long next = at;
            while (next < end && get(next / BLOCK_BYTES).state == state)
                next = Math.min(end, after(next / BLOCK_BYTES) * BLOCK_BYTES);
            runs.add(new Allocation(next - at, state));
            at = next;
        }
        return runs;
    }

    /// The first block behind this one that may be something else.
    private long after(long block) {
        if (get(block).state != State.HOLE)
            return block + 1;
        return blocks.keySet().stream().mapToLong(Long::longValue).filter(other -> other > block).min()
                .orElse(Long.MAX_VALUE / BLOCK_BYTES);
    }
}
