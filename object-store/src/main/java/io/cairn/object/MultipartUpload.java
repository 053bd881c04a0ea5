package io.cairn.object;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An object that arrives in parts, in any order and at once, by any number of threads. It survives a restart.
public interface MultipartUpload {
    int MAX_PARTS = 10_000;
    /// Every part but the last has at least this many bytes.
    long MIN_PART_BYTES = 5L << 20;
    long MAX_PART_BYTES = 5L << 30;

    String id();

    String key();

    Instant initiated();

    /// As given when it began, the condition apart.
    PutOptions options();

    /// Begins to write part `number`, 1 to [#MAX_PARTS]; committing it replaces an earlier part of that number.
    Upload<Part> part(int number);

    /// Keeps bytes of `source`, of this or any other store, as part `number`. In the same store a whole object that was written at once is
    /// not copied, unless the upload asks for a checksum that it has not; else the bytes are read and written, and the call blocks on the
    /// disk. `IndexOutOfBoundsException` when the run is not within the object; [Reason#CONFLICT] when the source was deleted meanwhile.
    CompletableFuture<Part> copyPart(int number, StoredObject source, long offset, long length);

    /// Parts with a number above `afterNumber`, at most `max` of them, by number.
    List<Part> parts(int afterNumber, int max);

    /// Makes the object of these parts, which are ascending and were all committed, in one step that copies nothing.
    /// Fails with [Reason#INVALID_PART], [Reason#INVALID_PART_ORDER], [Reason#ENTITY_TOO_SMALL], [Reason#BAD_CHECKSUM],
    /// [Reason#NO_SUCH_UPLOAD] or [Reason#PRECONDITION_FAILED] and changes nothing then. Parts not named are dropped. A repetition after success answers
    /// [Reason#NO_SUCH_UPLOAD] unless the object that it made still stands: then it answers that object.
    CompletableFuture<ObjectInfo> complete(List<CompletedPart> parts, Expected expected, PutCondition condition);

    /// Drops the upload and its parts.
    CompletableFuture<@Nullable Void> abort();

    /// A part as named by the one who completes.
    ///
    /// @param etag hexadecimal MD5 without quotes
    /// @param checksum in the upload's algorithm, or null when not said
    record CompletedPart(int number, String etag, byte @Nullable [] checksum) {}
}
