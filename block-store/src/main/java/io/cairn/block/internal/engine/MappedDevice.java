package io.cairn.block.internal.engine;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.internal.block.Buffers;
import io.cairn.block.internal.map.Version;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// A device whose blocks are in the block maps of its store.
sealed interface MappedDevice extends BlockDevice permits LogVolume, LogSnapshot {
    LogBlockStore store();

    /// What its blocks are now; `BlockRefusedException` when it is deleted.
    Version requireVersion();

    @Override
    default long storedBytes() {
        return requireVersion().storedBlocks() * BLOCK_BYTES;
    }

    @Override
    default long uniqueBytes() {
        return store().uniqueBytes(this);
    }

    @Override
    default List<Allocation> allocation(long offset, long length, int maxRuns) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        return store().reader().allocation(this::requireVersion, offset, length, maxRuns);
    }

    @Override
    default CompletableFuture<Void> read(long offset, ByteBuffer... into) {
        Objects.checkFromIndexSize(offset, Buffers.remaining(into), sizeBytes());
        return store().reader().read(id(), this::requireVersion, offset, into);
    }
}
