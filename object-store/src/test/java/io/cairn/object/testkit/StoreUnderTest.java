package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the parts of the contract share: where stores come from, and how examples speak of them.
abstract class StoreUnderTest {
    /// An empty store of its own for each call.
    protected abstract ObjectStore open();

    /// What every part but the last has at least; about 1030, so that histories have parts of many kinds on both sides of it.
    protected abstract long minPartBytes();

    /// Closes a store and opens what it left behind.
    protected abstract ObjectStore reopen(ObjectStore store);

    /// Takes the store away from under whatever is going on, as a killed process would, and opens what it left behind.
    protected ObjectStore crash(ObjectStore store) {
        return reopen(store);
    }

    interface InBucket { void run(Bucket bucket); }

    void inBucket(InBucket test) {
        try (var store = open()) {
            test.run(store.createBucket("bucket"));
        }
    }

    void inVersionedBucket(InBucket test) {
        inBucket(bucket -> {
            bucket.setVersioning(Versioning.ENABLED);
            test.run(bucket);
        });
    }

    static String drop(ObjectStore store) {
        store.deleteBucket("bucket");
        return "";
    }

    static byte[] content(int size) {
        return new Step.Content(size, size).bytes();
    }

    static byte[] bytes(Bucket bucket, String key) {
        return bytes(bucket, key, "");
    }

    static byte[] bytes(Bucket bucket, String key, String versionId) {
        try (var object = bucket.get(key, versionId)) {
            return object.readAllBytes();
        }
    }

    static List<String> keys(Listing listing) {
        return listing.objects().stream().map(ObjectInfo::key).toList();
    }

    static List<ObjectVersion> versions(Bucket bucket) {
        return bucket.versions(VersionListRequest.ALL).versions();
    }

    static List<String> versionIds(Bucket bucket) {
        return versions(bucket).stream().map(ObjectVersion::versionId).toList();
    }

    static CompletableFuture<Part> put(MultipartUpload upload, int number, byte[] content) {
        try (var part = upload.part(number)) {
            part.write(ByteBuffer.wrap(content));
            return part.commit(Expected.NOTHING);
        }
    }

    static CompletedPart part(MultipartUpload upload, int number, byte[] content) {
        return new CompletedPart(number, Outcome.await(put(upload, number, content)).etag(), null);
    }

    static ObjectInfo complete(MultipartUpload upload, List<CompletedPart> parts) {
        return Outcome.await(upload.complete(parts, Expected.NOTHING, PutCondition.ALWAYS));
    }

    static ObjectRefusedException refused(Reason reason, Supplier<? extends @Nullable Object> operation) {
        var refused = assertThrows(ObjectRefusedException.class, () -> unwrapped(operation));
        assertEquals(reason, refused.reason());
        return refused;
    }

    static void unwrapped(Supplier<? extends @Nullable Object> operation) {
        try {
            Object _ = operation.get();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ObjectRefusedException refused)
                throw refused;
            throw e;
        }
    }
}
