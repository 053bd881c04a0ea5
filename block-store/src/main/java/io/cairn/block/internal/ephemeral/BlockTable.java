package io.cairn.block.internal.ephemeral;

import io.cairn.block.Allocation.State;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What each block of a file is, and the checksum of those that were written. In memory alone, as what it describes lasts no longer: 5 bytes a block, 1.25 MiB
/// for each GiB that is written; 4 bytes for each 4 MiB that holds nothing.
///
/// Chunks are looked at and changed by whoever holds their lock, which is the caller's.
final class BlockTable {
    static final int CHUNK_BLOCKS = 1024;
    private static final int CHUNKS_TOGETHER = 4096;
    private static final State[] STATES = State.values();

    /// Blocks of one chunk; without arrays they are all zeros that keep their place.
    private static final class Chunk {
        final byte @Nullable [] states;
        final int @Nullable [] checksums;

        Chunk(byte @Nullable [] states, int @Nullable [] checksums) {
            this.states = states;
            this.checksums = checksums;
        }

        State state(int slot) {
            return states == null ? State.ZERO : STATES[states[slot]];
        }
    }

    private static final Chunk ZEROS = new Chunk(null, null);

    private final AtomicReferenceArray<@Nullable Chunk @Nullable []> chunks;

    BlockTable(long maxBlocks) {
        long together = (long) CHUNK_BLOCKS * CHUNKS_TOGETHER;
        chunks = new AtomicReferenceArray<>(Math.toIntExact((maxBlocks + together - 1) / together));
    }

    static long chunkOf(long block) {
        return block / CHUNK_BLOCKS;
    }

    private @Nullable Chunk chunk(long block) {
        var row = chunks.get((int) (chunkOf(block) / CHUNKS_TOGETHER));
        return row == null ? null : row[(int) (chunkOf(block) % CHUNKS_TOGETHER)];
    }

    State state(long block) {
        var chunk = chunk(block);
        return chunk == null ? State.HOLE : chunk.state((int) (block % CHUNK_BLOCKS));
    }

    /// Of a block that is stored.
    int checksum(long block) {
        var chunk = chunk(block);
        if (chunk == null || chunk.checksums == null)
            throw new IllegalStateException("block " + block + " is not stored");
        return chunk.checksums[(int) (block % CHUNK_BLOCKS)];
    }

    /// Up to where blocks are surely what this one is.
    long afterAlike(long block) {
        if (chunks.get((int) (chunkOf(block) / CHUNKS_TOGETHER)) == null)
            return (chunkOf(block) / CHUNKS_TOGETHER + 1) * CHUNKS_TOGETHER * CHUNK_BLOCKS;
        var chunk = chunk(block);
        return chunk == null || chunk == ZEROS ? (chunkOf(block) + 1) * CHUNK_BLOCKS : block + 1;
    }

    /// `true` when the block was not stored before.
    boolean store(long block, int checksum) {
        int slot = (int) (block % CHUNK_BLOCKS);
        var chunk = filled(block);
        var states = chunk.states;
        var checksums = chunk.checksums;
        if (states == null || checksums == null)
            throw new IllegalStateException("a chunk without arrays");
        checksums[slot] = checksum;
        boolean isNew = states[slot] != State.STORED.ordinal();
        states[slot] = (byte) State.STORED.ordinal();
        return isNew;
    }

    /// The chunk of a block, with arrays.
    private Chunk filled(long block) {
        var row = row(block);
        int at = (int) (chunkOf(block) % CHUNKS_TOGETHER);
        var chunk = row[at];
        if (chunk != null && chunk.states != null)
            return chunk;
        var states = new byte[CHUNK_BLOCKS];
        Arrays.fill(states, (byte) (chunk == null ? State.HOLE : State.ZERO).ordinal());
        var filled = new Chunk(states, new int[CHUNK_BLOCKS]);
        row[at] = filled;
        return filled;
    }

    private @Nullable Chunk[] row(long block) {
        int index = (int) (chunkOf(block) / CHUNKS_TOGETHER);
        var row = chunks.get(index);
        if (row != null)
            return row;
        var fresh = new @Nullable Chunk[CHUNKS_TOGETHER];
        var other = chunks.compareAndExchange(index, null, fresh);
        return other == null ? fresh : other;
    }

    /// Blocks `from` to `end` of one chunk hold nothing from now on. Gives how many were stored.
    ///
    /// @param state a hole, or zeros
    int clear(long from, long end, State state) {
        var chunk = chunk(from);
        int stored = 0;
        for (long block = from; chunk != null && chunk.states != null && block < end; block++)
            stored += chunk.state((int) (block % CHUNK_BLOCKS)) == State.STORED ? 1 : 0;
        if (end - from == CHUNK_BLOCKS) {
            if (chunk != null || state != State.HOLE)
                row(from)[(int) (chunkOf(from) % CHUNKS_TOGETHER)] = state == State.HOLE ? null : ZEROS;
            return stored;
        }
        if (chunk == null && state == State.HOLE)
            return 0;
        var states = filled(from).states;
        if (states != null)
            Arrays.fill(states, (int) (from % CHUNK_BLOCKS), (int) ((end - 1) % CHUNK_BLOCKS) + 1, (byte) state.ordinal());
        return stored;
    }
}
