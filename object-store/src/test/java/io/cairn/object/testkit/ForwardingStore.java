package io.cairn.object.testkit;

import io.cairn.object.*;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
    public Bucket createBucket(String name, String owner) {
        return wrapped(store.createBucket(name, owner));
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
        public StoredObject get(String key) {
            return bucket.get(key);
        }

        @Override
        public ObjectInfo head(String key) {
            return bucket.head(key);
        }

        @Override
        public CompletableFuture<Boolean> deleteAsync(String key) {
            return bucket.deleteAsync(key);
        }

        @Override
        public CompletableFuture<List<Boolean>> deleteAll(List<String> keys) {
            return bucket.deleteAll(keys);
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
}
