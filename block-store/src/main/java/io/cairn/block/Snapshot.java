package io.cairn.block;

import java.util.function.UnaryOperator;

/// What a volume held at one moment. Any thread.
public interface Snapshot extends BlockDevice {
    /// Id of the volume that it was made of, which may be gone.
    String volumeId();

    /// Makes what goes with it what `change` makes of it, which nobody else changes meanwhile. `change` must not call the store. Blocks.
    void alter(UnaryOperator<SnapshotDefinition> change);

    /// Removes the snapshot; volumes and snapshots that were made of it, or around it, stay as they are. Blocks until that is on disk; the space that
    /// nothing else needs is given back behind it.
    void delete();
}
