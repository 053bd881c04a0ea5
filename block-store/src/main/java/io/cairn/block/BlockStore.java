package io.cairn.block;

import io.cairn.block.internal.engine.LogBlockStore;
import io.cairn.block.internal.engine.StoreCheck;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.CleaningFigures;
import io.cairn.replication.Damage;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

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

    /// Reads every byte of a store that no process has open, holds it against its checksums, and volumes, snapshots, the block map and the files against one
    /// another. Tells all that is wrong; changes nothing on the disk. What a store that was not closed has in its log alone is checked as bytes, and
    /// [CheckReport#unapplied] says how much that is. `io.cairn.replication.StoreFailedException` when the directory is in use or holds something else.
    ///
    /// Encrypted blocks are held against the checksums of the log, and not decrypted: [CheckReport#unopenedBlocks] says how many those are.
    static CheckReport check(Path directory, Consumer<Damage> found) {
        return StoreCheck.check(directory, null, found);
    }

    /// The same, and decrypts every encrypted block whose data key these unwrap.
    static CheckReport check(Path directory, KeySource keys, Consumer<Damage> found) {
        return StoreCheck.check(directory, keys, found);
    }

    /// Makes the directory of a store in `into`, which must not exist, from an archive of one: as it was at `target`. What
    /// [Restore#engine] says of refusals holds.
    ///
    /// @param timeline of the archive; empty for the one begun last of those that reach the instant
    static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return LogBlockStore.restore(archive, target, timeline, into);
    }

    /// How far the store is archived; nothing when it has no archive.
    Optional<ArchiveStatus> archiveStatus();

    /// Makes a volume of zeros. [Reason#UNSUPPORTED] when it is to be encrypted and the store was opened without keys, or it is ephemeral too. Blocks.
    Volume createVolume(VolumeDefinition definition);

    /// Makes a volume that begins as a snapshot, in O(1). [Reason#INVALID] when the definition is smaller than it, [Reason#UNSUPPORTED] when it is
    /// ephemeral. One of an encrypted snapshot is encrypted, whatever the definition says. One of a plain snapshot stays plain: to encrypt it is
    /// [Reason#UNSUPPORTED], since what it shares is not. Blocks.
    Volume createVolume(VolumeDefinition definition, Snapshot from);

    /// The volume of this id; [Reason#NOT_FOUND] when there is none.
    Volume volume(String id);

    /// All volumes, the oldest first.
    List<Volume> volumes();

    /// The snapshot of this id; [Reason#NOT_FOUND] when there is none.
    Snapshot snapshot(String id);

    /// All snapshots, the oldest first.
    List<Snapshot> snapshots();

    /// Where two devices of this store may differ, whatever they are to one another: runs in order, changed and not by turns, at most so many; then they end
    /// before `length` does. A block that overlaps the range counts as far as it lies in it.
    ///
    /// A block has changed when one of the two has it stored and the other does not have the very same: also when it was written again with the bytes that it
    /// had. Zeros are zeros, whether they keep their place or not; where the smaller device has ended, the larger has changed what it stores. Of a
    /// live volume, each range of 2 MiB is looked at at one moment: who wants all at one moment takes a snapshot.
    ///
    /// O(changed): what the two share is not looked at. `IndexOutOfBoundsException` when the bytes are not all on the larger one, [Reason#INVALID] when a device
    /// is of another store, [Reason#UNSUPPORTED] when it is ephemeral, [Reason#NOT_FOUND] when it is deleted, also meanwhile. Blocks while the block map is read.
    ///
    /// @param maxRuns at least 1
    List<Difference> changes(BlockDevice from, BlockDevice to, long offset, long length, int maxRuns);

    /// What the files of blocks take and what lives in them, and what moving survivors has cost since the store was opened. Cheap: a look at counts in memory;
    /// files that began since the store's last flush are left out. Zeros from a store without files.
    default CleaningFigures cleaning() {
        return CleaningFigures.NOTHING;
    }

    /// Completes with the cause when the store can take no more changes because its disk has failed or is full: close it and open it
    /// again once that is mended. Never completes otherwise.
    CompletableFuture<Throwable> failed();

    @Override
    void close();
}
