package io.cairn.block;

import io.cairn.block.internal.engine.LogBlockStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Volumes and their snapshots in one directory of this process. Every method may be called from any thread; those that change something return only
/// after the change is on disk. Refusals are [BlockRefusedException]s and change nothing.
public interface BlockStore extends AutoCloseable {
    /// Opens the store in `directory`, or makes one there. One process at a time. `io.cairn.replication.StoreFailedException` says what
    /// stands in the way, `io.cairn.replication.CorruptLogException` names damage.
    static BlockStore open(Path directory) {
        return open(directory, BlockStoreOptions.DEFAULT);
    }

    static BlockStore open(Path directory, BlockStoreOptions options) {
        return LogBlockStore.open(directory, options);
    }

    /// Makes a volume of zeros. Blocks.
    Volume createVolume(VolumeDefinition definition);

    /// Makes a volume that begins as a snapshot, in O(1). [Reason#INVALID] when the definition is smaller than it. Blocks.
    Volume createVolume(VolumeDefinition definition, Snapshot from);

    /// The volume of this id; [Reason#NOT_FOUND] when there is none.
    Volume volume(String id);

    /// All volumes, the oldest first.
    List<Volume> volumes();

    /// The snapshot of this id; [Reason#NOT_FOUND] when there is none.
    Snapshot snapshot(String id);

    /// All snapshots, the oldest first.
    List<Snapshot> snapshots();

    /// Completes with the cause when the store can take no more changes because its disk has failed or is full: close it and open it
    /// again once that is mended. Never completes otherwise.
    CompletableFuture<Throwable> failed();

    @Override
    void close();
}
