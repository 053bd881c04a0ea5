package io.cairn.block.internal.engine;

import io.cairn.block.BlockDevice;
import io.cairn.block.internal.map.Version;

/// A device whose blocks are in the block maps of its store.
sealed interface MappedDevice extends BlockDevice permits LogVolume, LogSnapshot {
    LogBlockStore store();

    /// What its blocks are now; `BlockRefusedException` when it is deleted.
    Version requireVersion();

    @Override
    default long uniqueBytes() {
        return store().uniqueBytes(this);
    }
}
