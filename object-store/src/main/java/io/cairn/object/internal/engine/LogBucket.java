package io.cairn.object.internal.engine;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.DeleteOutcome;
import io.cairn.object.Deletion;
import io.cairn.object.ListRequest;
import io.cairn.object.Listing;
import io.cairn.object.MultipartListRequest;
import io.cairn.object.MultipartListing;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectTags;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.object.StoredObject;
import io.cairn.object.Upload;
import io.cairn.object.VersionListRequest;
import io.cairn.object.VersionListing;
import io.cairn.object.Versioning;
import io.cairn.object.internal.content.ContentReader;
import io.cairn.object.internal.content.ContentReader.Origin;
import io.cairn.object.internal.content.ContentReader.Stretch;
import io.cairn.object.internal.content.ContentWriter;
import io.cairn.object.internal.content.Received;
import io.cairn.object.internal.engine.Deletions.Wanted;
import io.cairn.object.internal.engine.Shared.Change;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.UploadRow;
import io.cairn.object.internal.row.VersioningRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Batch.Slot;
import io.cairn.replication.Gate;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One bucket: every change is evaluated under the latches of its keys and proposed as one batch.
final class LogBucket implements Bucket {
    private static final int MAX_KEY_BYTES = 1024;
    private static final int MAX_BATCH_DELETE = 1000;
    private static final int MAX_LOOKS = 10;
    private static final int MAX_SETTING_BYTES = 64 << 10;
    private static final int MAX_SETTING_NAME = 64;
    private static final String VERSIONING = "\0";
    private final Shared shared;
    private final int id;
    private final BucketInfo info;
    private final Gate gate = new Gate();
    private final AtomicBoolean deleting = new AtomicBoolean();
    private volatile boolean deleted;
    /// Changed behind the closed gate only.
    private volatile Versioning versioning;

    LogBucket(Shared shared, int id, BucketInfo info) {
        this.shared = shared;
        this.id = id;
        this.info = info;
        var state = shared.store().get(ObjectSpace.SETTINGS, ObjectKeys.setting(id, VERSIONING));
        this.versioning = state == null ? Versioning.OFF : VersioningRow.decode(state);
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

    /// Removes the bucket if it is empty, while no commit is under way in it. [Reason#CONFLICT] while another request does.
    void delete(Runnable onDeleted) {
        if (!deleting.compareAndSet(false, true))
            throw new ObjectRefusedException(Reason.CONFLICT, "the bucket is being deleted by another request");
        try {
            gate.alone(() -> removeIfEmpty(onDeleted));
        } finally {
            deleting.set(false);
        }
    }

    private void removeIfEmpty(Runnable onDeleted) {
        requireThere();
        requireEmpty(ObjectSpace.CURRENT, "objects");
        requireEmpty(ObjectSpace.VERSIONS, "older versions or delete markers");
        requireEmpty(ObjectSpace.UPLOADS, "unfinished multipart uploads");
        var settings = ObjectKeys.settings(id);
        var batch = new Batch().delete(ObjectSpace.BUCKETS, info.name().getBytes(StandardCharsets.US_ASCII));
        if (settings.to() != null)
            batch.deleteRange(ObjectSpace.SETTINGS, settings.from(), settings.to());
        Shared.await(shared.propose(batch).done());
        deleted = true;
        onDeleted.run();
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
            var batch = new Batch(256);
            var chain = new VersionChain(shared, versioning, batch, current);
            requireCondition(key, chain.newest(), options.condition());
            var row = new ObjectRow(0, chain.newSecret(), false, options.tags(), received.sizeBytes(), received.md5(), 0,
                    received.checksum(), options.metadata(), received.place(shared.log(), batch));
            chain.put(row);
            return new Change<>(batch, stamp -> row.withStamp(stamp).info(key));
        }));
    }

    @Override
    public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
        requireThere();
        var origin = Copies.origin(shared, source, options.checksum(), options.checksumType());
        if (origin == null)
            return source.writeTo(upload(key, options), 0, source.info().sizeBytes());
        var current = currentKey(key);
        return change(new byte[][]{current, origin.key()}, () -> {
            var batch = new Batch(256);
            var chain = new VersionChain(shared, versioning, batch, current);
            requireCondition(key, chain.newest(), options.condition());
            var from = Copies.standing(shared, origin);
            shared.references().share(batch, from.content());
            var row = new ObjectRow(0, chain.newSecret(), true, options.tags(), from.sizeBytes(), from.md5(), from.partCount(),
                    options.checksum() == null ? null : from.checksum(), options.metadata(), from.content());
            chain.put(row);
            return new Change<>(batch, stamp -> row.withStamp(stamp).info(key));
        });
    }

    @Override
    public CompletableFuture<ObjectInfo> rename(String source, PutCondition ofSource, String target, PutCondition ofTarget) {
        var from = currentKey(source);
        var to = currentKey(target);
        if (Arrays.equals(from, to))
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "an object cannot be renamed to its own name: " + source);
        return change(new byte[][]{from, to}, () -> {
            var batch = new Batch();
            var left = new VersionChain(shared, versioning, batch, from);
            var entered = new VersionChain(shared, versioning, batch, to);
            var old = left.newest();
            if (old == null)
                throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + source);
            requireCondition(source, old, ofSource);
            requireCondition(target, entered.newest(), ofTarget);
            // Shared first and given up by the old name behind it, so that it is never without a row.
            shared.references().share(batch, old.content());
            var row = new ObjectRow(0, entered.newSecret(), true, old.tags(), old.sizeBytes(), old.md5(), old.partCount(),
                    old.checksum(), old.metadata(), old.content());
            entered.put(row);
            left.delete();
            left.finish();
            return new Change<>(batch, stamp -> row.withStamp(stamp).info(target));
        });
    }

    @Override
    public CompletableFuture<ObjectInfo> setTags(String key, String versionId, Map<String, String> tags) {
        var current = currentKey(key);
        var checked = ObjectTags.checked(tags);
        return change(new byte[][]{current}, () -> {
            var row = Lookup.object(shared, versioning, key, current, versionId).withTags(checked);
            var newest = row(current);
            var batch = new Batch();
            if (newest != null && newest.stamp() == row.stamp())
                batch.put(ObjectSpace.CURRENT, current, row.encode());
            else
                batch.put(ObjectSpace.VERSIONS, ObjectKeys.version(current, row.stamp()), row.encode());
            return new Change<>(batch, _ -> row.info(key));
        });
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
                if (!etag.equals("*") && !there.etag().equals(etag))
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED,
                            "object %s has ETag %s, not %s".formatted(key, there.etag(), etag));
            }
        }
    }

    @Override
    public StoredObject get(String key, String versionId) {
        requireThere();
        var current = currentKey(key);
        var pin = shared.log().pin();
        try {
            for (int look = 0; look < MAX_LOOKS; look++) {
                var row = Lookup.object(shared, versioning, key, current, versionId);
                var stretches = stretches(row);
                if (stretches != null)
                    return new ContentReader(info.name(), row.info(key), new Origin(shared.log(), shared.small(), current, row),
                            pin, stretches);
            }
            throw new ObjectRefusedException(Reason.CONFLICT,
                    "object %s is being replaced all the time; try again".formatted(key));
        } catch (Throwable e) {
            pin.close();
            throw e;
        }
    }

    @Override
    public @Nullable StoredObject getIfInMemory(String key) {
        requireThere();
        var current = currentKey(key);
        var stored = shared.store().getIfInMemory(ObjectSpace.CURRENT, current);
        if (stored == null)
            return null;
        var row = ObjectRow.decode(stored);
        var bytes = switch (row.content()) {
            case Content.Inline(var inline) -> inline;
            case Content.Extents(var extents) when extents.size() == 1 -> shared.small().get(extents.getFirst());
            case Content.Extents _,Content.Parts _ -> null;
        };
        // No pin: nothing is read from a file any more.
        return bytes == null
                ? null
                : new ContentReader(info.name(), row.info(key), new Origin(shared.log(), shared.small(), current, row), () -> {
                }, List.of(new Stretch(0, row.sizeBytes(), new Content.Inline(bytes), null)));
    }

    /// Null when the object's parts went between the two looks.
    private @Nullable List<Stretch> stretches(ObjectRow row) {
        if (!(row.content() instanceof Content.Parts(long upload)))
            return List.of(new Stretch(0, row.sizeBytes(), row.content(), null));
        var stretches = new ArrayList<Stretch>(row.partCount());
        long offset = 0;
        try (var rows = shared.store().scan(ObjectSpace.PARTS, ObjectKeys.parts(upload))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                var part = PartRow.decode(rows.value());
                stretches.add(new Stretch(offset, part.sizeBytes(), part.content(), part));
                offset += part.sizeBytes();
            }
        }
        return stretches.size() == row.partCount() ? stretches : null;
    }

    @Override
    public ObjectInfo head(String key, String versionId) {
        requireThere();
        return Lookup.object(shared, versioning, key, currentKey(key), versionId).info(key);
    }

    @Override
    public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
        if (deletions.size() > MAX_BATCH_DELETE)
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(
                            "at most %d keys at once, not %d".formatted(MAX_BATCH_DELETE, deletions.size())));
        var wanted = deletions.stream().map(this::wanted).toList();
        var latched = wanted.stream().map(Wanted::key).filter(Objects::nonNull).toArray(byte[][]::new);
        return change(latched, () -> new Deletions(shared, versioning).evaluate(wanted));
    }

    private Wanted wanted(Deletion deletion) {
        try {
            var key = currentKey(deletion.key());
            Lookup.requireValid(deletion.versionId());
            if (deletion.condition() instanceof PutCondition.IfAbsent)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "what is absent cannot be deleted");
            return new Wanted(deletion, key, null);
        } catch (ObjectRefusedException e) {
            return new Wanted(deletion, null, Deletions.refused(deletion, e));
        }
    }

    @Override
    public Versioning versioning() {
        requireThere();
        return versioning;
    }

    @Override
    public void setVersioning(Versioning wanted) {
        gate.alone(() -> {
            requireThere();
            if (wanted == Versioning.OFF && versioning != Versioning.OFF)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "versioning can be suspended, not taken back");
            if (wanted == versioning)
                return;
            Shared.await(shared.propose(new Batch().put(ObjectSpace.SETTINGS, ObjectKeys.setting(id, VERSIONING),
                    VersioningRow.encode(wanted))).done());
            versioning = wanted;
        });
    }

    @Override
    public byte @Nullable [] setting(String name) {
        requireThere();
        return shared.store().get(ObjectSpace.SETTINGS, settingKey(id, name));
    }

    @Override
    public void setSetting(String name, byte @Nullable [] document) {
        var key = settingKey(id, name);
        var batch = document == null
                ? new Batch().delete(ObjectSpace.SETTINGS, key)
                : new Batch().put(ObjectSpace.SETTINGS, key, checkedSetting(name, document));
        Shared.await(change(new byte[][]{key}, () -> new Change<>(batch, _ -> true)));
    }

    static byte[] checkedSetting(String name, byte[] document) {
        if (document.length > MAX_SETTING_BYTES)
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT,
                    "%s has %d bytes, at most %d are kept".formatted(name, document.length, MAX_SETTING_BYTES));
        return document;
    }

    static byte[] settingKey(int bucket, String name) {
        if (name.isEmpty() || name.length() > MAX_SETTING_NAME || name.charAt(0) < ' ')
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "not a name of a setting: " + name);
        return ObjectKeys.setting(bucket, name);
    }

    @Override
    public VersionListing versions(VersionListRequest request) {
        requireThere();
        Lookup.requireValid(request.afterVersion());
        return VersionListings.page(shared.store(), id, request);
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
