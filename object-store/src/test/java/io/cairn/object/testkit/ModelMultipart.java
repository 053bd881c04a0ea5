package io.cairn.object.testkit;

import io.cairn.object.*;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One multipart upload of the model; it is unfinished while its bucket holds it.
final class ModelMultipart implements MultipartUpload {
    private record Stored(Part part, byte[] bytes) {}

    private final ModelBucket bucket;
    private final ModelObjectStore store;
    private final String key;
    private final String id;
    private final Instant initiated;
    private final PutOptions options;
    private final TreeMap<Integer, Stored> parts = new TreeMap<>();

    ModelMultipart(ModelBucket bucket, ModelObjectStore store, String key, String id, PutOptions options) {
        this.bucket = bucket;
        this.store = store;
        this.key = key;
        this.id = id;
        this.initiated = store.now();
        this.options = options;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Instant initiated() {
        return initiated;
    }

    @Override
    public PutOptions options() {
        return options;
    }

    private void requireUnfinished() {
        if (bucket.multiparts.get(id) != this)
            throw new ObjectRefusedException(Reason.NO_SUCH_UPLOAD, "no upload " + id);
    }

    @Override
    public Upload<Part> part(int number) {
        requireNumber(number);
        return bucket.locked(key, () -> {
            requireUnfinished();
            return new ModelUpload<>(options.checksum(), received -> bucket.locked(key, () -> keep(number, received.bytes())));
        });
    }

    private Part keep(int number, byte[] bytes) {
        requireUnfinished();
        var part = new Part(number, bytes.length, HexFormat.of().formatHex(ModelDigests.md5(bytes)), store.now(),
                ModelDigests.fullObject(options.checksum(), bytes));
        parts.put(number, new Stored(part, bytes));
        return part;
    }

    @Override
    public CompletableFuture<Part> copyPart(int number, StoredObject source, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, source.info().sizeBytes());
        return bucket.future(() -> bucket.locked(key, () -> {
            requireNumber(number);
            return keep(number, Arrays.copyOfRange(source.readAllBytes(), (int) offset, (int) (offset + length)));
        }));
    }

    private static void requireNumber(int number) {
        if (number < 1 || number > MAX_PARTS)
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "part number " + number);
    }

    @Override
    public List<Part> parts(int afterNumber, int max) {
        return bucket.locked(key, () -> {
            requireUnfinished();
            return parts.tailMap(afterNumber, false).values().stream().limit(max).map(Stored::part).toList();
        });
    }

    @Override
    public CompletableFuture<ObjectInfo> complete(List<CompletedPart> named, Expected expected, PutCondition condition) {
        return bucket.future(() -> bucket.locked(key, () -> {
            var made = bucket.madeBy(key, id);
            if (made != null)
                return made.info();
            requireUnfinished();
            var chosen = chosen(named);
            var bytes = ModelDigests.concatenated(chosen.stream().map(Stored::bytes).toList());
            if (expected.bytes() >= 0 && expected.bytes() != bytes.length)
                throw new ObjectRefusedException(Reason.INCOMPLETE_BODY, bytes.length + " bytes, not " + expected.bytes());
            var checksum = checksum(chosen, bytes);
            if (expected.checksum() != null && (checksum == null || !Arrays.equals(checksum.value(), expected.checksum())))
                throw new ObjectRefusedException(Reason.BAD_CHECKSUM, "the object's checksum is " + checksum);
            bucket.require(key, condition);
            bucket.multiparts.remove(id);
            return bucket.keep(key, bytes, etag(chosen), checksum, options, id, renumbered(chosen));
        }));
    }

    private List<Stored> chosen(List<CompletedPart> named) {
        if (named.isEmpty())
            throw new ObjectRefusedException(Reason.INVALID_PART, "no part is named");
        var chosen = new ArrayList<Stored>();
        for (int i = 0; i < named.size(); i++) {
            var name = named.get(i);
            if (i > 0 && name.number() <= named.get(i - 1).number())
                throw new ObjectRefusedException(Reason.INVALID_PART_ORDER, "part " + name.number() + " out of order");
            var stored = parts.get(name.number());
            if (stored == null || !stored.part().etag().equals(name.etag()) || !agrees(stored.part(), name))
                throw new ObjectRefusedException(Reason.INVALID_PART, "no part " + name.number() + " of that ETag and checksum");
            chosen.add(stored);
        }
        for (var stored : chosen.subList(0, chosen.size() - 1))
            if (stored.bytes().length < store.minPartBytes)
                throw new ObjectRefusedException(Reason.ENTITY_TOO_SMALL, "part " + stored.part().number() + " is too small");
        return chosen;
    }

    private static List<Part> renumbered(List<Stored> chosen) {
        var parts = new ArrayList<Part>();
        for (var stored : chosen)
            parts.add(new Part(parts.size() + 1, stored.part().sizeBytes(), stored.part().etag(), stored.part().lastModified(),
                    stored.part().checksum()));
        return parts;
    }

    private static boolean agrees(Part part, CompletedPart name) {
        return name.checksum() == null || (part.checksum() != null && Arrays.equals(part.checksum().value(), name.checksum()));
    }

    private static String etag(List<Stored> chosen) {
        var md5s = chosen.stream().map(stored -> ModelDigests.md5(stored.bytes())).toList();
        return HexFormat.of().formatHex(ModelDigests.md5(ModelDigests.concatenated(md5s))) + "-" + chosen.size();
    }

    private @Nullable Checksum checksum(List<Stored> chosen, byte[] bytes) {
        var algorithm = options.checksum();
        if (algorithm == null)
            return null;
        return switch (options.checksumType()) {
            case FULL_OBJECT -> new Checksum(algorithm, ChecksumType.FULL_OBJECT, ModelDigests.of(algorithm, bytes), 0);
            case COMPOSITE -> {
                var values = chosen.stream().map(stored -> ModelDigests.of(algorithm, stored.bytes())).toList();
                yield new Checksum(algorithm, ChecksumType.COMPOSITE,
                        ModelDigests.of(algorithm, ModelDigests.concatenated(values)), chosen.size());
            }
        };
    }

    @Override
    public CompletableFuture<@Nullable Void> abort() {
        return bucket.future(() -> bucket.<@Nullable Void>locked(key, () -> {
            requireUnfinished();
            bucket.multiparts.remove(id);
            return null;
        }));
    }
}
