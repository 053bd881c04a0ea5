package io.cairn.object.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.*;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One bucket of the model.
final class ModelBucket implements Bucket {
    /// Unsigned bytes of UTF-8. Not the order of `String`, which puts U+E000 to U+FFFF behind everything above U+FFFF.
    static final Comparator<String> BYTE_ORDER = (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
    private static final int MAX_KEY_BYTES = 1024;

    private final ModelObjectStore store;
    private final BucketInfo info;
    final TreeMap<String, ModelObject> objects = new TreeMap<>(BYTE_ORDER);
    final TreeMap<String, ModelMultipart> multiparts = new TreeMap<>(); // by id: in the order they began

    ModelBucket(ModelObjectStore store, BucketInfo info) {
        this.store = store;
        this.info = info;
    }

    @Override
    public BucketInfo info() {
        return info;
    }

    boolean isEmpty() { return objects.isEmpty() && multiparts.isEmpty(); }

    /// Does something to this bucket and one of its keys, alone.
    <T extends @Nullable Object> T locked(String key, Supplier<T> action) {
        synchronized (store) {
            requireBucket();
            requireKey(key);
            return action.get();
        }
    }

    <T extends @Nullable Object> CompletableFuture<T> future(Supplier<T> action) {
        try {
            return CompletableFuture.completedFuture(action.get());
        } catch (ObjectRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void requireBucket() {
        if (!store.holds(this))
            throw new ObjectRefusedException(Reason.NO_SUCH_BUCKET, "no bucket " + info.name());
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

    @Override
    public Upload<ObjectInfo> upload(String key, PutOptions options) {
        return locked(key, () -> new ModelUpload<>(options.checksum(), received -> locked(key, () -> {
            require(key, options.condition());
            return keep(new ObjectInfo(key, received.bytes().length, received.etag(), store.now(), options.metadata(),
                    received.checksum(), 0), received.bytes(), "", List.of(received.bytes().length));
        })));
    }

    ObjectInfo keep(ObjectInfo object, byte[] bytes, String uploadId, List<Integer> partBytes) {
        objects.put(object.key(), new ModelObject(object, bytes, uploadId, partBytes));
        return object;
    }

    void require(String key, PutCondition condition) {
        var there = objects.get(key);
        switch (condition) {
            case PutCondition.Always() -> {
            }
            case PutCondition.IfAbsent() -> {
                if (there != null)
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED, key + " exists");
            }
            case PutCondition.IfMatch(var etag) -> {
                if (there == null)
                    throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
                if (!there.info().etag().equals(etag))
                    throw new ObjectRefusedException(Reason.PRECONDITION_FAILED, key + " has ETag " + there.info().etag());
            }
        }
    }

    @Override
    public ModelObject get(String key) {
        return locked(key, () -> {
            var object = objects.get(key);
            if (object == null)
                throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key);
            return object;
        });
    }

    @Override
    public ObjectInfo head(String key) {
        return get(key).info();
    }

    @Override
    public CompletableFuture<Boolean> deleteAsync(String key) {
        return future(() -> locked(key, () -> objects.remove(key) != null));
    }

    @Override
    public CompletableFuture<List<Boolean>> deleteAll(List<String> keys) {
        return future(() -> {
            synchronized (store) {
                requireBucket();
                keys.forEach(ModelBucket::requireKey); // all or nothing
                return keys.stream().map(key -> objects.remove(key) != null).toList();
            }
        });
    }

    /// What a key is listed as: itself, or the common prefix it is rolled up into.
    private static String entry(String key, String prefix, String delimiter) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? key : key.substring(0, at + delimiter.length());
    }

    @Override
    public Listing list(ListRequest request) {
        synchronized (store) {
            requireBucket();
            var page = new ArrayList<ObjectInfo>();
            var prefixes = new ArrayList<String>();
            String last = "";
            boolean afterIsPrefix = isCommonPrefix(request.after(), request.prefix(), request.delimiter());
            for (var object : objects.values()) {
                var key = object.info().key();
                if (!key.startsWith(request.prefix()) || BYTE_ORDER.compare(key, request.after()) <= 0
                        || (afterIsPrefix && key.startsWith(request.after())))
                    continue;
                var entry = entry(key, request.prefix(), request.delimiter());
                boolean isKey = entry.equals(key) && !isCommonPrefix(key, request.prefix(), request.delimiter());
                if (!isKey && entry.equals(last))
                    continue;
                if (page.size() + prefixes.size() == request.max())
                    return new Listing(page, prefixes, last); // there is more, unless none was asked for: then last is empty
                if (isKey)
                    page.add(object.info());
                else
                    prefixes.add(entry);
                last = entry;
            }
            return new Listing(page, prefixes, "");
        }
    }

    private static boolean isCommonPrefix(String text, String prefix, String delimiter) {
        if (delimiter.isEmpty() || !text.startsWith(prefix))
            return false;
        int at = text.indexOf(delimiter, prefix.length());
        return at >= 0 && at + delimiter.length() == text.length();
    }

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
            var made = objects.get(key);
            if (upload != null && upload.key().equals(key))
                return upload;
            if (made != null && made.uploadId().equals(uploadId))
                return new ModelMultipart(this, store, key, uploadId, PutOptions.DEFAULT); // only complete() will answer
            throw new ObjectRefusedException(Reason.NO_SUCH_UPLOAD, "no upload " + uploadId + " of " + key);
        });
    }

    @Nullable
    ModelObject madeBy(ModelMultipart upload) {
        var there = objects.get(upload.key());
        return there != null && there.uploadId().equals(upload.id()) ? there : null;
    }

    @Override
    public MultipartListing multiparts(MultipartListRequest request) {
        synchronized (store) {
            requireBucket();
            var sorted = new ArrayList<>(multiparts.values());
            sorted.sort(Comparator.comparing(ModelMultipart::key, BYTE_ORDER).thenComparing(ModelMultipart::id));
            var page = new ArrayList<MultipartUpload>();
            var prefixes = new ArrayList<String>();
            String lastKey = "";
            String lastId = "";
            for (var upload : sorted) {
                var key = upload.key();
                int order = BYTE_ORDER.compare(key, request.afterKey());
                boolean behind = order > 0
                        || (order == 0 && !request.afterId().isEmpty() && upload.id().compareTo(request.afterId()) > 0);
                if (!key.startsWith(request.prefix()) || !behind
                        || (isCommonPrefix(request.afterKey(), request.prefix(), request.delimiter())
                                && key.startsWith(request.afterKey())))
                    continue;
                var entry = entry(key, request.prefix(), request.delimiter());
                boolean rolled = !entry.equals(key) || isCommonPrefix(key, request.prefix(), request.delimiter());
                if (rolled && entry.equals(lastKey))
                    continue;
                if (page.size() + prefixes.size() == request.max())
                    return new MultipartListing(page, prefixes, lastKey, lastId);
                lastKey = entry;
                lastId = rolled ? "" : upload.id();
                if (rolled)
                    prefixes.add(entry);
                else
                    page.add(upload);
            }
            return new MultipartListing(page, prefixes, "", "");
        }
    }
}
