package io.cairn.object;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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

    /// The newest version of an object, open for reading, or [Reason#NO_SUCH_KEY]. Close it: it holds files open.
    StoredObject get(String key);

    /// What is known of an object without its bytes, or [Reason#NO_SUCH_KEY].
    ObjectInfo head(String key);

    /// Removes an object and completes when that is durable; `false` when there was none, which is no error.
    CompletableFuture<Boolean> deleteAsync(String key);

    default boolean delete(String key) {
        return await(deleteAsync(key));
    }

    /// Removes up to 1000 objects in one commit; the answers are in the order of `keys`.
    CompletableFuture<List<Boolean>> deleteAll(List<String> keys);

    /// One page of keys.
    Listing list(ListRequest request);

    /// Begins a multipart upload.
    MultipartUpload createMultipart(String key, PutOptions options);

    /// The unfinished multipart upload of this key and id, or [Reason#NO_SUCH_UPLOAD]. Also one that was completed, while the object
    /// that it made still stands, so that a completion can be repeated; all else it then answers with [Reason#NO_SUCH_UPLOAD].
    MultipartUpload multipart(String key, String uploadId);

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
