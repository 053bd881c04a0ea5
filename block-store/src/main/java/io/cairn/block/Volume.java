package io.cairn.block;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A virtual disk. Any thread.
///
/// A write is seen by every read that begins after it has completed. It is on disk after a [#flush] that began then has completed; a crash
/// before that leaves a prefix of the writes, in the order in which they took effect. Each block of 4 KiB is written whole or not at all. Of a volume
/// that is [VolumeType#EPHEMERAL], nothing is left.
///
/// In a store that is opened with limits, reads and writes beyond them begin later, up to a bound: see [BlockStoreOptions#limits].
///
/// `IndexOutOfBoundsException` when bytes are not all on the volume.
public interface Volume extends BlockDevice {
    VolumeType type();

    /// Writes all that remains in these buffers, one behind the other; they belong to the volume until this completes. Waits while too much
    /// waits for the disk.
    CompletableFuture<Void> write(long offset, ByteBuffer... from);

    /// Makes bytes zero and gives back what their blocks take.
    CompletableFuture<Void> trim(long offset, long length);

    /// Makes bytes zero, and keeps their place.
    CompletableFuture<Void> zero(long offset, long length);

    /// Completes when all is on disk that was written before.
    CompletableFuture<Void> flush();

    /// As [#flush], for a thread that may wait for the disk: it does the writing and the sync itself where it can, and the answer is there when this returns. A
    /// single client saves the way to the store's own thread and back. Not for a thread that may be interrupted meanwhile: that is a failed write to the store,
    /// which takes nothing more until it is opened again.
    default CompletableFuture<Void> flushHere() {
        return flush();
    }

    /// What the volume holds now, to be read at any time, in O(1): all writes that have completed are in it. Blocks until it is on disk.
    /// [Reason#UNSUPPORTED] when it is ephemeral.
    Snapshot snapshot(SnapshotDefinition definition);

    VolumeDefinition definition();

    /// Makes the volume what `change` makes of its definition, which nobody else changes meanwhile. [Reason#INVALID] when it would be smaller,
    /// [Reason#UNSUPPORTED] when it would become ephemeral, or cease to be. `change` must not call the store. Blocks.
    void alter(UnaryOperator<VolumeDefinition> change);

    /// Makes the volume larger. Blocks.
    default void resize(long sizeBytes) {
        alter(definition -> definition.withSize(sizeBytes));
    }

    /// Removes the volume; its snapshots stay. Blocks until that is on disk; the space is given back behind it.
    void delete();
}
