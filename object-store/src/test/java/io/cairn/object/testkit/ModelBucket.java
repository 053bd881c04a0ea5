package io.cairn.object.testkit;

import static io.cairn.object.ObjectInfo.NULL_VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.*;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One bucket of the model.
final class ModelBucket implements Bucket {
    private static final int SMALL_BYTES = 100;
    private static final int MAX_KEY_BYTES = 1024;
    private static final int MAX_SETTING_NAME = 64;
    private static final int MAX_SETTING_BYTES = 64 << 10;

    private final ModelObjectStore store;
    private final BucketInfo info;
    /// Keys with at least one version.
    private final TreeMap<String, ModelVersions> keys = new TreeMap<>(ModelListings.BYTE_ORDER);
    private final TreeMap<String, byte[]> settings = new TreeMap<>();
    final TreeMap<String, ModelMultipart> multiparts = new TreeMap<>(); // by id: in the order they began
    private Versioning versioning = Versioning.OFF;

    ModelBucket(ModelObjectStore store, BucketInfo info) {
        this.store = store;
        this.info = info;
    }

    @Override
    public BucketInfo info() {
        return info;
    }

    boolean isEmpty() { return keys.isEmpty() && multiparts.isEmpty(); }

    /// Does something to this bucket, alone.
    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        synchronized (store) {
            if (!store.holds(this))
                throw new ObjectRefusedException(Reason.NO_SUCH_BUCKET, "no bucket " + info.name());
            return action.get();
        }
    }

    /// The same to one of its keys.
    <T extends @Nullable Object> T locked(String key, Supplier<T> action) {
        return locked(() -> {
            requireKey(key);
            return action.get();
        });
    }

    <T extends @Nullable Object> CompletableFuture<T> future(Supplier<T> action) {
        try {
            return CompletableFuture.completedFuture(action.get());
        } catch (ObjectRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void requireKey(String key) {
        int bytes;
        try {
            bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(key)).remaining();
        } catch (CharacterCodingException e) {
            throw new ObjectRefusedException(Reason.INVALID_KEY, "a key must be encodable in UTF-8");
        }
        if (bytes == 0)
            throw new ObjectRefusedException(Reason.INVALID_KEY, "a key must not be empty");
        if (bytes > MAX_KEY_BYTES)
            throw new ObjectRefusedException(Reason.KEY_TOO_LONG, "key has " + bytes + " bytes, at most " + MAX_KEY_BYTES);
    }

    // ---- writing ----

    @Override
    public Upload<ObjectInfo> upload(String key, PutOptions options) {
        return locked(key, () -> new ModelUpload<>(options.checksum(), received -> locked(key, () -> {
            require(key, options.condition());
            return keep(key, received.bytes(), received.etag(), received.checksum(), options, "", List.of());
        })));
    }

    /// Makes an object the newest version of its key.
    ObjectInfo keep(String key, byte[] bytes, String etag, @Nullable Checksum checksum, PutOptions options, String uploadId,
            List<Part> parts) {
        long stamp = store.newStamp();
        var object = new ObjectInfo(key, bytes.length, etag, store.now(), options.metadata(), checksum, parts.size(),
                versionId(stamp), options.tags());
        versions(key).add(new ModelObject(this, stamp, object, bytes, uploadId, parts));
        return object;
    }

    private String versionId(long stamp) {
        return versioning == Versioning.ENABLED ? ModelVersions.id(stamp) : NULL_VERSION;
    }

    private ModelVersions versions(String key) {
        return keys.computeIfAbsent(key, _ -> new ModelVersions());
    }

    private @Nullable ModelVersion newest(String key) {
        var versions = keys.get(key);
        return versions == null ? null : versions.newest();
    }

    void require(String key, PutCondition condition) {
        switch (condition) {
            case PutCondition.Always() -> {
            }
            case PutCondition.IfAbsent() -> {
                if (newest(key) instanceof ModelObject)
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED, key + " exists");
            }
            case PutCondition.IfMatch(var etag) -> {
                if (!(newest(key) instanceof ModelObject there))
                    throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
                if (!etag.equals("*") && !there.info().etag().equals(etag))
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED, key + " has ETag " + there.info().etag());
            }
        }
    }

    @Override
    public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
        return future(() -> locked(key, () -> {
            require(key, options.condition());
            if (source instanceof ModelObject object && object.home().store == store && takesOver(object.info(), options)) {
                object.home().requireStill(object);
                return keep(key, object.bytes(), object.info().etag(),
                        options.checksum() == null ? null : object.info().checksum(),
                        options, "", object.parts());
            }
            var bytes = source.readAllBytes();
            var etag = HexFormat.of().formatHex(ModelDigests.md5(bytes));
            return keep(key, bytes, etag, ModelDigests.fullObject(options.checksum(), bytes), options, "", List.of());
        }));
    }

    @Override
    public CompletableFuture<ObjectInfo> rename(String source, PutCondition ofSource, String target, PutCondition ofTarget) {
        requireKey(source);
        return future(() -> locked(target, () -> {
            if (source.equals(target))
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, source + " is its name already");
            if (!(newest(source) instanceof ModelObject object))
                throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + source);
            require(source, ofSource);
            require(target, ofTarget);
            var options = PutOptions.DEFAULT.withMetadata(object.info().metadata()).withTags(object.info().tags());
            var renamed = keep(target, object.bytes(), object.info().etag(), object.info().checksum(), options, "",
                    object.parts());
            outcome(Deletion.of(source), store.newStamp());
            return renamed;
        }));
    }

    /// Whether a copy needs no checksum but what its source has.
    private static boolean takesOver(ObjectInfo source, PutOptions options) {
        if (options.checksum() == null)
            return true;
        var checksum = source.checksum();
        return checksum != null && checksum.algorithm() == options.checksum()
                && (source.partCount() == 0 || checksum.type() == options.checksumType());
    }

    private void requireStill(ModelObject source) {
        var versions = keys.get(source.info().key());
        if (!store.holds(this) || versions == null || versions.all().stream().noneMatch(there -> there.stamp() == source.stamp()))
            throw new ObjectRefusedException(Reason.CONFLICT, "the source was deleted meanwhile: " + source.info().key());
    }

    @Override
    public CompletableFuture<ObjectInfo> setTags(String key, String versionId, Map<String, String> tags) {
        return future(() -> locked(key, () -> {
            var tagged = get(key, versionId).withTags(ObjectTags.checked(tags));
            versions(key).replace(tagged);
            return tagged.info();
        }));
    }

    // ---- reading ----

    @Override
    public ModelObject get(String key, String versionId) {
        return locked(key, () -> {
            if (versionId.isEmpty())
                return newestObject(key);
            ModelVersions.requireId(versionId);
            return switch (find(key, versionId)) {
                case null -> throw new ObjectRefusedException(Reason.NO_SUCH_VERSION, "no version " + versionId + " of " + key);
                case ModelObject object -> object;
                case ModelMarker marker ->
                    throw new ObjectRefusedException(Reason.IS_DELETE_MARKER, key + " " + versionId, marker.versionId());
            };
        });
    }

    private @Nullable ModelVersion find(String key, String versionId) {
        var versions = keys.get(key);
        return versions == null ? null : versions.find(versionId);
    }

    private ModelObject newestObject(String key) {
        return switch (newest(key)) {
            case null -> throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
            case ModelObject object -> object;
            case ModelMarker marker ->
                throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "deleted: " + key, marker.versionId());
        };
    }

    @Override
    public ObjectInfo head(String key, String versionId) {
        return get(key, versionId).info();
    }

    @Override
    public Listing list(ListRequest request) {
        return locked(() -> {
            var objects = new ArrayList<ObjectInfo>();
            for (var key : keys.keySet())
                if (newest(key) instanceof ModelObject object)
                    objects.add(object.info());
            return ModelListings.keys(objects, request);
        });
    }

    @Override
    public VersionListing versions(VersionListRequest request) {
        return locked(() -> ModelListings.versions(keys, request));
    }

    /// Whatever is small and there, so that faces are tested either way.
    @Override
    public @Nullable StoredObject getIfInMemory(String key) {
        return newest(key) instanceof ModelObject object && object.info().sizeBytes() <= SMALL_BYTES
                && object.info().partCount() == 0
                        ? get(key, "")
                        : null;
    }

    // ---- deleting ----

    @Override
    public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
        return future(() -> locked(() -> {
            long before = store.newStamp();
            return deletions.stream().map(deletion -> outcome(deletion, before)).toList();
        }));
    }

    /// @param before less than the stamp of every marker that this batch writes
    private DeleteOutcome outcome(Deletion deletion, long before) {
        try {
            requireKey(deletion.key());
            if (deletion.condition() instanceof PutCondition.IfAbsent)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "nothing can be deleted only when it is not there");
            if (!deletion.versionId().isEmpty())
                ModelVersions.requireId(deletion.versionId());
            require(deletion.key(), deletion.condition());
            var done = deletion.versionId().isEmpty() ? deleteNewest(deletion, before) : deleteVersion(deletion);
            if (versions(deletion.key()).isEmpty())
                keys.remove(deletion.key());
            return done;
        } catch (ObjectRefusedException e) {
            return new DeleteOutcome.Refused(deletion, e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private DeleteOutcome deleteNewest(Deletion deletion, long before) {
        var key = deletion.key();
        var newest = newest(key);
        if (versioning == Versioning.OFF) {
            versions(key).remove(NULL_VERSION);
            return new DeleteOutcome.Deleted(deletion, newest != null, "");
        }
        if (newest instanceof ModelMarker marker && marker.stamp() > before)
            return new DeleteOutcome.Deleted(deletion, false, marker.versionId()); // one batch stacks no markers on one key
        long stamp = store.newStamp();
        versions(key).add(new ModelMarker(stamp, key, versionId(stamp), store.now()));
        return new DeleteOutcome.Deleted(deletion, newest instanceof ModelObject, versionId(stamp));
    }

    private DeleteOutcome deleteVersion(Deletion deletion) {
        var there = find(deletion.key(), deletion.versionId());
        versions(deletion.key()).remove(deletion.versionId());
        return new DeleteOutcome.Deleted(deletion, there != null, there instanceof ModelMarker marker ? marker.versionId() : "");
    }

    // ---- settings ----

    @Override
    public Versioning versioning() {
        return locked(() -> versioning);
    }

    @Override
    public void setVersioning(Versioning wanted) {
        locked(() -> {
            if (wanted == Versioning.OFF && versioning != Versioning.OFF)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "versioning can be suspended, not taken away");
            versioning = wanted;
            return wanted;
        });
    }

    @Override
    public byte @Nullable [] setting(String name) {
        return locked(() -> {
            var document = settings.get(name);
            return document == null ? null : document.clone();
        });
    }

    @Override
    public void setSetting(String name, byte @Nullable [] document) {
        locked(() -> {
            if (name.isEmpty() || name.length() > MAX_SETTING_NAME)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "a setting's name has 1 to 64 characters");
            if (document != null && document.length > MAX_SETTING_BYTES)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "a setting has at most 64 KiB");
            return document == null ? settings.remove(name) : settings.put(name, document.clone());
        });
    }

    // ---- multipart ----

    @Override
    public MultipartUpload createMultipart(String key, PutOptions options) {
        return locked(key, () -> {
            if (options.checksum() != null && !options.checksum().supports(options.checksumType()))
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, options.checksum() + " as " + options.checksumType());
            var upload = new ModelMultipart(this, store, key, store.newUploadId(), options.withCondition(PutCondition.ALWAYS));
            multiparts.put(upload.id(), upload);
            return upload;
        });
    }

    @Override
    public MultipartUpload multipart(String key, String uploadId) {
        return locked(key, () -> {
            var upload = multiparts.get(uploadId);
            if (upload != null && upload.key().equals(key))
                return upload;
            if (madeBy(key, uploadId) != null)
                return new ModelMultipart(this, store, key, uploadId, PutOptions.DEFAULT); // only complete() will answer
            throw new ObjectRefusedException(Reason.NO_SUCH_UPLOAD, "no upload " + uploadId + " of " + key);
        });
    }

    /// The version that a multipart upload made, while it stands.
    @Nullable
    ModelObject madeBy(String key, String uploadId) {
        for (var version : keys.getOrDefault(key, new ModelVersions()).all())
            if (version instanceof ModelObject object && object.uploadId().equals(uploadId))
                return object;
        return null;
    }

    @Override
    public MultipartListing multiparts(MultipartListRequest request) {
        return locked(() -> ModelListings.multiparts(multiparts.values(), request));
    }
}
