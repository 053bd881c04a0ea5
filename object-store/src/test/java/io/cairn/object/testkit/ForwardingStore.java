package io.cairn.object.testkit;

import io.cairn.object.*;
import io.cairn.replication.Damage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store that passes everything on to another. Planted bugs override what they get wrong.
class ForwardingStore implements ObjectStore {
    final ObjectStore store;

    ForwardingStore(ObjectStore store) {
        this.store = store;
    }

    /// What this store gives out for a bucket.
    Bucket wrapped(Bucket bucket) {
        return bucket;
    }

    /// What it turns into when it is opened again.
    void reopened() {}

    @Override
    public Bucket createBucket(String name, String owner, Map<String, byte[]> settings) {
        return wrapped(store.createBucket(name, owner, settings));
    }

    @Override
    public Bucket bucket(String name) {
        return wrapped(store.bucket(name));
    }

    @Override
    public List<BucketInfo> buckets() {
        return store.buckets();
    }

    @Override
    public void deleteBucket(String name) {
        store.deleteBucket(name);
    }

    @Override
    public ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        return store.scrub(bytesPerSecond, found, ended);
    }

    @Override
    public void close() {
        store.close();
    }

    /// The same of a bucket.
    static class OfBucket implements Bucket {
        final Bucket bucket;

        OfBucket(Bucket bucket) {
            this.bucket = bucket;
        }

        @Override
        public BucketInfo info() {
            return bucket.info();
        }

        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return bucket.upload(key, options);
        }

        @Override
        public StoredObject get(String key, String versionId) {
            return bucket.get(key, versionId);
        }

        /// The long way is always right, and the way that a planted bug takes.
        @Override
        public @Nullable StoredObject getIfInMemory(String key) {
            return null;
        }

        @Override
        public ObjectInfo head(String key, String versionId) {
            return bucket.head(key, versionId);
        }

        @Override
        public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
            return bucket.deleteAll(deletions);
        }

        @Override
        public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
            return bucket.copy(key, source, options);
        }

        @Override
        public CompletableFuture<ObjectInfo> rename(String source, PutCondition ofSource, String target, PutCondition ofTarget) {
            return bucket.rename(source, ofSource, target, ofTarget);
        }

        @Override
        public CompletableFuture<ObjectInfo> setTags(String key, String versionId, Map<String, String> tags) {
            return bucket.setTags(key, versionId, tags);
        }

        @Override
        public Versioning versioning() {
            return bucket.versioning();
        }

        @Override
        public void setVersioning(Versioning versioning) {
            bucket.setVersioning(versioning);
        }

        @Override
        public byte @Nullable [] setting(String name) {
            return bucket.setting(name);
        }

        @Override
        public void setSetting(String name, byte @Nullable [] document) {
            bucket.setSetting(name, document);
        }

        @Override
        public VersionListing versions(VersionListRequest request) {
            return bucket.versions(request);
        }

        @Override
        public Listing list(ListRequest request) {
            return bucket.list(request);
        }

        @Override
        public MultipartUpload createMultipart(String key, PutOptions options) {
            return bucket.createMultipart(key, options);
        }

        @Override
        public MultipartUpload multipart(String key, String uploadId) {
            return bucket.multipart(key, uploadId);
        }

        @Override
        public MultipartListing multiparts(MultipartListRequest request) {
            return bucket.multiparts(request);
        }
    }

    /// The same of bytes on their way in.
    static class OfUpload<T> implements Upload<T> {
        final Upload<T> upload;

        OfUpload(Upload<T> upload) {
            this.upload = upload;
        }

        @Override
        public void write(ByteBuffer bytes) {
            upload.write(bytes);
        }

        @Override
        public CompletableFuture<T> commit(Expected expected) {
            return upload.commit(expected);
        }

        @Override
        public void close() {
            upload.close();
        }
    }

    /// The same of an object open for reading.
    static class OfObject implements StoredObject {
        final StoredObject object;

        OfObject(StoredObject object) {
            this.object = object;
        }

        @Override
        public ObjectInfo info() {
            return object.info();
        }

        @Override
        public Pieces pieces(long offset, long length) {
            return object.pieces(offset, length);
        }

        @Override
        public InputStream stream(long offset, long length) {
            return object.stream(offset, length);
        }

        @Override
        public @Nullable Run part(int number) {
            return object.part(number);
        }

        @Override
        public List<Part> parts(int afterNumber, int max) {
            return object.parts(afterNumber, max);
        }

        @Override
        public byte[] readAllBytes() {
            return object.readAllBytes();
        }

        @Override
        public void close() {
            object.close();
        }
    }
}
