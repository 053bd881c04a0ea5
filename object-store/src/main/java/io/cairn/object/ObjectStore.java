package io.cairn.object;

import io.cairn.object.internal.engine.LogObjectStore;
import io.cairn.object.internal.engine.StoreCheck;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.CleaningFigures;
import io.cairn.replication.Damage;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A set of buckets in one directory of this process. Every method may be called from any thread; those that change something
/// return, or complete, only after the change is on disk.
///
/// Refusals are [ObjectRefusedException]s, damaged bytes are a [CorruptObjectException].
public interface ObjectStore extends AutoCloseable {
    /// At most this many buckets; one more is refused with [Reason#TOO_MANY_BUCKETS].
    int MAX_BUCKETS = 10_000;

    /// Opens the store in `directory`, or makes one there. One process at a time. `io.cairn.replication.StoreFailedException` says what
    /// stands in the way, `io.cairn.replication.CorruptLogException` names damage.
    static ObjectStore open(Path directory) {
        return open(directory, ObjectStoreOptions.DEFAULT);
    }

    static ObjectStore open(Path directory, ObjectStoreOptions options) {
        return LogObjectStore.open(directory, options);
    }

    /// Reads all that can be read of this store, while it is used: every byte that a row names, and the files that rows lie in, held against
    /// their checksums. Tells what is damaged and which objects that hits; those answer [CorruptObjectException] when they are
    /// read, all others are served. Blocks; at most so many bytes a second. What nobody can read any more, and the log before the last flush, is looked
    /// at by [#check].
    ///
    /// @param ended asked between extents: then it stops
    ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended);

    /// Makes the directory of a store in `into`, which must not exist, from an archive of one: as it was at `target`. What
    /// [Restore#engine] says of refusals holds.
    ///
    /// @param timeline of the archive; empty for the one begun last of those that reach the instant
    static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return LogObjectStore.restore(archive, target, timeline, into);
    }

    /// Reads every byte of a store that no process has open, holds it against its checksums, and every row against the others. Tells all
    /// that is wrong, with what it hits; changes nothing on the disk. What a store that was not closed has in its log alone is checked as bytes,
    /// not as rows, and [CheckReport#unapplied] says how much that is. `io.cairn.replication.StoreFailedException` when the directory is in use or holds something else.
    static CheckReport check(Path directory, Consumer<Damage> found) {
        return StoreCheck.check(directory, found);
    }

    /// Makes a bucket that belongs to `owner`, a canonical user id. A name in use is refused with [Reason#BUCKET_ALREADY_EXISTS],
    /// whoever owns it.
    default Bucket createBucket(String name, String owner) {
        return createBucket(name, owner, Map.of());
    }

    /// The same, with documents that are there from the first moment on, as of [Bucket#setSetting].
    Bucket createBucket(String name, String owner, Map<String, byte[]> settings);

    /// Makes a bucket that belongs to nobody in particular, as an embedded program wants it.
    default Bucket createBucket(String name) {
        return createBucket(name, "");
    }

    /// The bucket of this name, or [Reason#NO_SUCH_BUCKET].
    Bucket bucket(String name);

    /// Every bucket, in byte order of names.
    List<BucketInfo> buckets();

    /// Removes an empty bucket: [Reason#BUCKET_NOT_EMPTY] while it holds an object or an unfinished multipart upload.
    void deleteBucket(String name);

    /// What the files of small objects take and what lives in them, and what moving survivors has cost since the store was opened. Cheap: a look
    /// at counts in memory; files that began since the store's last flush are left out. Zeros from a store without files.
    default CleaningFigures cleaning() {
        return CleaningFigures.NOTHING;
    }

    /// Completes with the cause when the store can take no more changes because its disk has failed or is full: close it and open it
    /// again once that is mended. Everything acknowledged is kept, and can still be read until then. Never completes otherwise. The
    /// same future at each call; what depends on it runs on a thread of the store and must be quick.
    default CompletableFuture<Throwable> failed() {
        return new CompletableFuture<>();
    }

    /// How far the store is archived; nothing when it has no archive.
    default Optional<ArchiveStatus> archiveStatus() {
        return Optional.empty();
    }

    /// Finishes what was accepted and lets go of the directory. Uploads that were not committed are gone.
    @Override
    void close();
}
