package io.cairn.object;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// One bucket. A key is any text of 1 to 1024 bytes in UTF-8; keys are ordered by those bytes and never interpreted.
/// Any thread. A bucket that was deleted meanwhile answers [Reason#NO_SUCH_BUCKET].
public interface Bucket {
    BucketInfo info();

    /// Begins to write an object; nothing of it is visible before [Upload#commit] has completed.
    Upload<ObjectInfo> upload(String key, PutOptions options);

    /// Stores `content` under `key` and returns when it is durable.
    default ObjectInfo put(String key, byte[] content) {
        return put(key, content, PutOptions.DEFAULT);
    }

    default ObjectInfo put(String key, byte[] content, PutOptions options) {
        try (var upload = upload(key, options)) {
            upload.write(ByteBuffer.wrap(content));
            return await(upload.commit(Expected.NOTHING));
        }
    }

    /// The newest version of an object, open for reading. Close it: it holds files open. [Reason#NO_SUCH_KEY] when there is none or a
    /// delete marker stands in its place, which [ObjectRefusedException#markerId] then names.
    default StoredObject get(String key) {
        return get(key, "");
    }

    /// That version of an object, or the newest when `versionId` is empty. [Reason#NO_SUCH_VERSION]; [Reason#INVALID_VERSION];
    /// [Reason#IS_DELETE_MARKER] when the version named is one.
    StoredObject get(String key, String versionId);

    /// The newest version of a small object if memory has all of it, for a caller that must not block; null when there is none, or it is not small, or
    /// only the disk could tell: then [#get(String)] tells. Close it.
    default @Nullable StoredObject getIfInMemory(String key) {
        return null;
    }

    /// What is known of an object without its bytes; refusals as of [#get(String, String)].
    default ObjectInfo head(String key) {
        return head(key, "");
    }

    ObjectInfo head(String key, String versionId);

    /// Carries out up to 1000 deletions in one commit, as if one after the other; the outcomes are in their order. A refused one does not
    /// keep the others from being carried out.
    CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions);

    /// Carries out one deletion; fails with an [ObjectRefusedException] where [#deleteAll] tells [DeleteOutcome.Refused].
    default CompletableFuture<DeleteOutcome.Deleted> delete(Deletion deletion) {
        return deleteAll(List.of(deletion)).thenApply(outcomes -> switch (outcomes.getFirst()) {
            case DeleteOutcome.Deleted deleted -> deleted;
            case DeleteOutcome.Refused(var _, var reason, var message) -> throw new ObjectRefusedException(reason, message);
        });
    }

    /// Removes the newest object and completes when that is durable; `false` when there was none, which is no error.
    default CompletableFuture<Boolean> deleteAsync(String key) {
        return delete(Deletion.of(key)).thenApply(DeleteOutcome.Deleted::existed);
    }

    default boolean delete(String key) {
        return await(deleteAsync(key));
    }

    /// Stores under `key` what `source`, of this or any other store, holds; metadata, tags and checksum are those of `options`. In the same
    /// store no bytes are copied when the options ask for no checksum, or for the source's, and then ETag and parts are the source's;
    /// else the bytes are read and written, and the call blocks on the disk. [Reason#CONFLICT] when the source was deleted meanwhile.
    CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options);

    /// Gives the newest version of `source` another key, in one commit and without copying bytes; it is a new version there, of a new time,
    /// with the same content, metadata, tags and checksum. `source` is then as after a deletion. [Reason#INVALID_ARGUMENT] when
    /// both keys are the same.
    CompletableFuture<ObjectInfo> rename(String source, PutCondition ofSource, String target, PutCondition ofTarget);

    /// Replaces the tags of the newest version, or of that named; its time and id stay. Refusals as of [#get(String, String)].
    CompletableFuture<ObjectInfo> setTags(String key, String versionId, Map<String, String> tags);

    Versioning versioning();

    /// Durable when it returns. [Reason#INVALID_ARGUMENT] for [Versioning#OFF] once it was anything else.
    void setVersioning(Versioning versioning);

    /// A document that a face keeps with the bucket under a name, or null. The store does not look into it.
    byte @Nullable [] setting(String name);

    /// Keeps a document of up to 64 KiB under a name of 1 to 64 characters, or none with null; durable when it returns.
    void setSetting(String name, byte @Nullable [] document);

    /// One page of keys, those whose newest version is a delete marker left out.
    Listing list(ListRequest request);

    /// One page of versions and delete markers.
    VersionListing versions(VersionListRequest request);

    /// Begins a multipart upload.
    MultipartUpload createMultipart(String key, PutOptions options);

    /// The unfinished multipart upload of this key and id, or [Reason#NO_SUCH_UPLOAD]. Also one that was completed, while the object
    /// that it made still stands, so that a completion can be repeated; all else it then answers with [Reason#NO_SUCH_UPLOAD].
    MultipartUpload multipart(String key, String uploadId);

    /// Counts all that the bucket holds: exact, as of while it counts, by a walk over every version and upload (about 2 us each).
    default BucketUsage usage() {
        return BucketUsage.of(this);
    }

    /// One page of unfinished multipart uploads, by key and then by the time they began.
    MultipartListing multiparts(MultipartListRequest request);

    private static <T> T await(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(e); // keeps the stack of the caller
                throw cause;
            }
            throw e;
        }
    }
}
