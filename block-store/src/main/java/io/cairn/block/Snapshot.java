package io.cairn.block;

/// What a volume held at one moment. Any thread.
public interface Snapshot extends BlockDevice {
    /// Id of the volume that it was made of, which may be gone.
    String volumeId();

    /// Removes the snapshot; volumes and snapshots that were made of it, or around it, stay as they are. Blocks until that is on disk; the space that
    /// nothing else needs is given back behind it.
    void delete();
}
