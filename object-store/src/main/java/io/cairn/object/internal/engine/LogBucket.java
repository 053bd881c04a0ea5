package io.cairn.object.internal.engine;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.ListRequest;
import io.cairn.object.Listing;
import io.cairn.object.MultipartListRequest;
import io.cairn.object.MultipartListing;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.object.StoredObject;
import io.cairn.object.Upload;
import io.cairn.object.internal.content.ContentReader;
import io.cairn.object.internal.content.ContentReader.Stretch;
import io.cairn.object.internal.content.ContentWriter;
import io.cairn.object.internal.content.Received;
import io.cairn.object.internal.engine.Shared.Change;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.UploadRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Batch.Slot;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One bucket: every change is evaluated under the latches of its keys and proposed as one batch.
final class LogBucket implements Bucket {
    private static final int MAX_KEY_BYTES = 1024;
    private static final int MAX_BATCH_DELETE = 1000;
    private static final int MAX_LOOKS = 10;
    private final Shared shared;
    private final int id;
    private final BucketInfo info;
    private final Gate gate = new Gate();
    private volatile boolean deleted;

    LogBucket(Shared shared, int id, BucketInfo info) {
        this.shared = shared;
        this.id = id;
        this.info = info;
    }

    @Override
    public BucketInfo info() {
        return info;
    }

    int id() {
        return id;
    }

    Shared shared() {
        return shared;
    }

    /// Removes the bucket if it is empty, while no commit is under way in it.
    void delete(Runnable onDeleted) {
        gate.alone(() -> {
            requireThere();
            requireEmpty(ObjectSpace.CURRENT, "objects");
            requireEmpty(ObjectSpace.UPLOADS, "unfinished multipart uploads");
            Shared.await(shared.propose(new Batch().delete(ObjectSpace.BUCKETS, info.name().getBytes(StandardCharsets.US_ASCII)))
                    .done());
            deleted = true;
            onDeleted.run();
        });
    }

    private void requireEmpty(ObjectSpace space, String what) {
        try (var rows = shared.store().scan(space, ObjectKeys.withPrefix(id, new byte[0]))) {
            rows.seekToFirst();
            if (rows.valid())
                throw new ObjectRefusedException(Reason.BUCKET_NOT_EMPTY, "bucket %s still has %s".formatted(info.name(), what));
        }
    }

    void requireThere() {
        if (deleted)
            throw new ObjectRefusedException(Reason.NO_SUCH_BUCKET, "no bucket " + info.name());
    }

    /// A key's bytes, when it may be one.
    static byte[] keyBytes(String key) {
        if (key.isEmpty())
            throw new ObjectRefusedException(Reason.INVALID_KEY, "a key must not be empty");
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
        } catch (CharacterCodingException e) {
            throw new ObjectRefusedException(Reason.INVALID_KEY, "a key must be encodable in UTF-8");
        }
        if (bytes.remaining() > MAX_KEY_BYTES)
            throw new ObjectRefusedException(Reason.KEY_TOO_LONG,
                    "the key has %d bytes in UTF-8, at most %d are taken".formatted(bytes.remaining(), MAX_KEY_BYTES));
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private byte[] currentKey(String key) {
        return ObjectKeys.current(id, keyBytes(key));
    }

    /// Runs a change inside the bucket's gate.
    <T> CompletableFuture<T> change(byte[][] keys, Supplier<Change<T>> evaluate) {
        return gate.enter(() -> shared.change(keys, () -> {
            requireThere();
            return evaluate.get();
        }));
    }

    @Override
    public Upload<ObjectInfo> upload(String key, PutOptions options) {
        requireThere();
        var current = currentKey(key);
        var writer = new ContentWriter(shared.log(), options.checksum());
        return new LogUpload<>(writer, received -> put(key, current, options, received));
    }

    private CompletableFuture<ObjectInfo> put(String key, byte[] current, PutOptions options, Received received) {
        return discardOnFailure(received, change(new byte[][]{current}, () -> {
            var old = row(current);
            requireCondition(key, old, options.condition());
            var batch = new Batch(256);
            var row = new ObjectRow(0, received.sizeBytes(), received.md5(), 0, received.checksum(), options.metadata(),
                    received.place(shared.log(), batch));
            batch.put(ObjectSpace.CURRENT, current, row.encode(), Slot.inValue(ObjectRow.STAMP_AT));
            drop(batch, old);
            return new Change<>(batch, stamp -> row.withStamp(stamp).info(key));
        }));
    }

    /// Bytes that no batch came to name are given back. Not when the outcome is unknown: then a row may name them.
    <T> CompletableFuture<T> discardOnFailure(Received received, CompletableFuture<T> done) {
        return done.whenComplete((_, failure) -> {
            if (failure != null && Shared.translated(failure) instanceof ObjectRefusedException)
                received.discard(shared.log());
        });
    }

    @Nullable
    ObjectRow row(byte[] current) {
        var row = shared.store().get(ObjectSpace.CURRENT, current);
        return row == null ? null : ObjectRow.decode(row);
    }

    static void requireCondition(String key, @Nullable ObjectRow there, PutCondition condition) {
        switch (condition) {
            case PutCondition.Always() -> {
            }
            case PutCondition.IfAbsent() -> {
                if (there != null)
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED, "object %s exists".formatted(key));
            }
            case PutCondition.IfMatch(var etag) -> {
                if (there == null)
                    throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
                if (!there.etag().equals(etag))
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED,
                            "object %s has ETag %s, not %s".formatted(key, there.etag(), etag));
            }
        }
    }

    /// Gives up what an object's row holds, the row itself apart.
    void drop(Batch batch, @Nullable ObjectRow old) {
        if (old == null)
            return;
        switch (old.content()) {
            case Content.Inline _ -> {
            }
            case Content.Extents(var extents) -> extents.forEach(batch::dropExtent);
            case Content.Parts(long upload) -> dropParts(batch, upload, java.util.Set.of());
        }
    }

    /// Gives up the parts of an upload, but those numbered in `kept`.
    void dropParts(Batch batch, long upload, java.util.Set<Integer> kept) {
        try (var rows = shared.store().scan(ObjectSpace.PARTS, ObjectKeys.parts(upload))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                var key = rows.key();
                if (kept.contains(io.cairn.replication.OrderedBytes.u32(key, 8)))
                    continue;
                if (PartRow.decode(rows.value()).content() instanceof Content.Extents(var extents))
                    extents.forEach(batch::dropExtent);
                batch.delete(ObjectSpace.PARTS, key);
            }
        }
    }

    @Override
    public StoredObject get(String key) {
        requireThere();
        var current = currentKey(key);
        var pin = shared.log().pin();
        try {
            for (int look = 0; look < MAX_LOOKS; look++) {
                var row = row(current);
                if (row == null)
                    throw noSuchKey(key);
                var stretches = stretches(row);
                if (stretches != null)
                    return new ContentReader(info.name(), row.info(key), shared.log(), pin, stretches);
            }
            throw new ObjectRefusedException(Reason.CONFLICT,
                    "object %s is being replaced all the time; try again".formatted(key));
        } catch (Throwable e) {
            pin.close();
            throw e;
        }
    }

    private ObjectRefusedException noSuchKey(String key) {
        return new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
    }

    /// Null when the object's parts went between the two looks.
    private @Nullable List<Stretch> stretches(ObjectRow row) {
        if (!(row.content() instanceof Content.Parts(long upload)))
            return List.of(new Stretch(1, 0, row.sizeBytes(), row.content()));
        var stretches = new ArrayList<Stretch>(row.partCount());
        long offset = 0;
        try (var rows = shared.store().scan(ObjectSpace.PARTS, ObjectKeys.parts(upload))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                var part = PartRow.decode(rows.value());
                stretches.add(new Stretch(stretches.size() + 1, offset, part.sizeBytes(), part.content()));
                offset += part.sizeBytes();
            }
        }
        return stretches.size() == row.partCount() ? stretches : null;
    }

    @Override
    public ObjectInfo head(String key) {
        requireThere();
        var row = row(currentKey(key));
        if (row == null)
            throw noSuchKey(key);
        return row.info(key);
    }

    @Override
    public CompletableFuture<Boolean> deleteAsync(String key) {
        return deleteAll(List.of(key)).thenApply(List::getFirst);
    }

    @Override
    public CompletableFuture<List<Boolean>> deleteAll(List<String> keys) {
        if (keys.size() > MAX_BATCH_DELETE)
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("at most %d keys at once, not %d".formatted(MAX_BATCH_DELETE, keys.size())));
        byte[][] currents;
        try {
            currents = keys.stream().map(this::currentKey).toArray(byte[][]::new);
        } catch (ObjectRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return change(currents, () -> {
            var batch = new Batch();
            var gone = new HashSet<ByteBuffer>();
            var answers = new ArrayList<Boolean>(currents.length);
            for (var current : currents) {
                var row = gone.add(ByteBuffer.wrap(current)) ? row(current) : null;
                answers.add(row != null);
                if (row == null)
                    continue;
                batch.delete(ObjectSpace.CURRENT, current);
                drop(batch, row);
            }
            return new Change<>(batch, _ -> answers);
        });
    }

    @Override
    public Listing list(ListRequest request) {
        requireThere();
        return Listings.objects(shared.store(), id, request);
    }

    @Override
    public MultipartUpload createMultipart(String key, PutOptions options) {
        var algorithm = options.checksum();
        var keyBytes = keyBytes(key);
        if (algorithm != null && !algorithm.supports(options.checksumType()))
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT,
                    "%s of a multipart object cannot be %s".formatted(algorithm, options.checksumType()));
        var row = new UploadRow(shared.random().nextLong(), options.withCondition(PutCondition.ALWAYS));
        var rowKey = ObjectKeys.upload(id, keyBytes, 0);
        return Shared.await(change(new byte[0][], () -> new Change<>(
                new Batch().put(ObjectSpace.UPLOADS, rowKey, row.encode(), Slot.inKey(ObjectKeys.uploadNumberAt(rowKey))),
                stamp -> new LogMultipart(this, key, stamp, row))));
    }

    @Override
    public MultipartUpload multipart(String key, String uploadId) {
        requireThere();
        var keyBytes = keyBytes(key);
        var uploadIdParts = UploadId.parse(uploadId);
        if (uploadIdParts != null) {
            var row = shared.store().get(ObjectSpace.UPLOADS, ObjectKeys.upload(id, keyBytes, uploadIdParts.number()));
            if (row != null) {
                var upload = UploadRow.decode(row);
                if (upload.secret() == uploadIdParts.secret())
                    return new LogMultipart(this, key, uploadIdParts.number(), upload);
            } else {
                var made = row(ObjectKeys.current(id, keyBytes));
                if (made != null && made.madeBy(uploadIdParts.number()))
                    return new LogMultipart(this, key, uploadIdParts.number(),
                            new UploadRow(uploadIdParts.secret(), PutOptions.DEFAULT));
            }
        }
        throw new ObjectRefusedException(Reason.NO_SUCH_UPLOAD, "no upload %s of %s".formatted(uploadId, key));
    }

    @Override
    public MultipartListing multiparts(MultipartListRequest request) {
        requireThere();
        return Listings.uploads(this, request);
    }

    static Range wholeBucket(int bucket, String prefix) {
        return ObjectKeys.withPrefix(bucket, prefix.getBytes(StandardCharsets.UTF_8));
    }
}
