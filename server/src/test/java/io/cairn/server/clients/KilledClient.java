package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// One client of a server that is killed: does one thing after the other on keys of its own and keeps book of what was acknowledged,
/// so that at a kill at most its last operation is in doubt. That one may have happened or not, but only as a whole for each
/// object; [#settle] looks which, and holds the server to it from then on.
final class KilledClient {
    private static final int KEYS = 10;
    private static final int PART_BYTES = 5 << 20;
    private static final int MAX_SUPERSEDED = 20;
    /// Around the places where bytes move from the row to the log and from there to a file.
    private static final int[] EDGES = {0, 1, 1024, 1025, 64 << 10, 256 << 10, (256 << 10) + 1};

    enum Kind {
        PUT, DELETE, MULTIPART
    }

    private sealed interface Operation {
        record Put(String key, Content content) implements Operation {}
        record DeleteKeys(List<String> keys) implements Operation {}
        record Multipart(String key, List<Content> parts) implements Operation {}
    }

    /// Bytes that follow from a number of their own.
    private record Content(long version, int length) {
        byte[] bytes() {
            var bytes = new byte[length];
            new SplittableRandom(version).nextBytes(bytes);
            return bytes;
        }

        String etag() {
            return HexFormat.of().formatHex(md5(bytes()));
        }
    }

    /// An object as it must be; `uploadId` is empty for one that was put at once.
    private record Whole(List<Content> contents, String uploadId) {
        byte[] bytes() {
            var bytes = new ByteArrayOutputStream();
            contents.forEach(content -> bytes.writeBytes(content.bytes()));
            return bytes.toByteArray();
        }

        String etag() {
            if (uploadId.isEmpty())
                return "\"" + contents.getFirst().etag() + "\"";
            var sums = new ByteArrayOutputStream();
            contents.forEach(content -> sums.writeBytes(md5(content.bytes())));
            return "\"" + HexFormat.of().formatHex(md5(sums.toByteArray())) + "-" + contents.size() + "\"";
        }
    }

    /// What a listing must say of an object.
    record Listed(long bytes, String etag) {}

    private record Superseded(String key, Whole whole) {}

    private final String bucket;
    private final int number;
    private final SplittableRandom random;
    private long version;
    private final Map<String, Whole> there = new TreeMap<>();
    private final List<Superseded> superseded = new ArrayList<>();
    private final Map<Kind, Integer> acknowledged = new ConcurrentHashMap<>();
    private @Nullable Operation underWay;
    private String begunUpload = "";

    KilledClient(String bucket, int number, long seed) {
        this.bucket = bucket;
        this.number = number;
        this.random = new SplittableRandom(seed * 31 + number);
        this.version = (long) number << 40;
    }

    /// How often it was told that such an operation was done. Any thread.
    int acknowledged(Kind kind) {
        return acknowledged.getOrDefault(kind, 0);
    }

    /// Does the next operation; returns when it was acknowledged.
    void step(S3Client s3) {
        var operation = next();
        underWay = operation;
        begunUpload = "";
        switch (operation) {
            case Operation.Put(var key, var content) -> {
                var answer = s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(content.bytes()));
                assertEquals("\"" + content.etag() + "\"", answer.eTag());
            }
            case Operation.DeleteKeys(var keys) -> delete(s3, keys);
            case Operation.Multipart(var key, var parts) -> {
                begunUpload = s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
                for (int i = 0; i < parts.size(); i++) {
                    int part = i + 1;
                    s3.uploadPart(b -> b.bucket(bucket).key(key).uploadId(begunUpload).partNumber(part),
                            RequestBody.fromBytes(parts.get(i).bytes()));
                }
                complete(s3, key, new Whole(parts, begunUpload));
            }
        }
        happened(operation);
        acknowledged.merge(switch (operation) {
            case Operation.Put _ -> Kind.PUT;
            case Operation.DeleteKeys _ -> Kind.DELETE;
            case Operation.Multipart _ -> Kind.MULTIPART;
        }, 1, Integer::sum);
        underWay = null;
    }

    private void delete(S3Client s3, List<String> keys) {
        if (keys.size() == 1) {
            s3.deleteObject(b -> b.bucket(bucket).key(keys.getFirst()));
            return;
        }
        var objects = keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        assertEquals(List.of(),
                s3.deleteObjects(b -> b.bucket(bucket).delete(Delete.builder().objects(objects).build())).errors());
    }

    private void complete(S3Client s3, String key, Whole whole) {
        var parts = new ArrayList<CompletedPart>();
        for (int i = 0; i < whole.contents().size(); i++)
            parts.add(CompletedPart.builder().partNumber(i + 1).eTag("\"" + whole.contents().get(i).etag() + "\"").build());
        var answer = s3.completeMultipartUpload(
                b -> b.bucket(bucket).key(key).uploadId(whole.uploadId()).multipartUpload(m -> m.parts(parts)));
        assertEquals(whole.etag(), answer.eTag());
    }

    private void happened(Operation operation) {
        switch (operation) {
            case Operation.Put(var key, var content) -> replace(key, new Whole(List.of(content), ""));
            case Operation.DeleteKeys(var keys) -> keys.forEach(key -> replace(key, null));
            case Operation.Multipart(var key, var parts) -> replace(key, new Whole(parts, begunUpload));
        }
    }

    private void replace(String key, @Nullable Whole now) {
        var before = now == null ? there.remove(key) : there.put(key, now);
        if (before != null && !before.uploadId().isEmpty() && superseded.size() < MAX_SUPERSEDED)
            superseded.add(new Superseded(key, before));
    }

    private Operation next() {
        int kind = random.nextInt(10);
        if (kind < 6)
            return new Operation.Put(key(), content(size()));
        if (kind < 8) {
            var keys = new ArrayList<String>();
            for (int i = random.nextInt(1, 4); i > 0; i--)
                keys.add(key());
            return new Operation.DeleteKeys(keys.stream().distinct().toList());
        }
        return new Operation.Multipart(key(),
                random.nextInt(3) == 0 ? List.of(content(PART_BYTES), content(size() + 1)) : List.of(content(size() + 1)));
    }

    private Content content(int length) {
        return new Content(++version, length);
    }

    private String key() {
        return "client-" + number + "/" + random.nextInt(KEYS);
    }

    private int size() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> EDGES[random.nextInt(EDGES.length)];
            case 2, 3, 4 -> random.nextInt(1, 1025);
            case 5, 6, 7 -> random.nextInt(1025, 64 << 10);
            default -> random.nextInt(64 << 10, 1 << 20);
        };
    }

    /// After a kill: finds out what became of the operation under way, and ends the upload that the kill interrupted.
    void settle(S3Client s3) {
        var operation = underWay;
        underWay = null;
        switch (operation) {
            case null -> {
            }
            case Operation.Put(var key, var content) -> {
                var whole = new Whole(List.of(content), "");
                if (whole.etag().equals(etag(s3, key)))
                    replace(key, whole);
            }
            case Operation.DeleteKeys(var keys) -> keys.stream().filter(key -> etag(s3, key).isEmpty())
                    .forEach(key -> replace(key, null));
            case Operation.Multipart(var key, var parts) -> settle(s3, key, parts);
        }
    }

    private void settle(S3Client s3, String key, List<Content> parts) {
        if (!begunUpload.isEmpty() && new Whole(parts, begunUpload).etag().equals(etag(s3, key)))
            replace(key, new Whole(parts, begunUpload));
        var unfinished = s3.listMultipartUploads(b -> b.bucket(bucket).prefix("client-" + number + "/")).uploads();
        assertEquals(0, unfinished.stream().filter(upload -> !mayBeUnfinished(upload, key)).count(), unfinished.toString());
        for (var upload : unfinished) {
            var whole = new Whole(parts, upload.uploadId());
            var stored = s3.listParts(b -> b.bucket(bucket).key(key).uploadId(upload.uploadId())).parts();
            if (stored.size() < parts.size()) {
                s3.abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload.uploadId()));
            } else {
                complete(s3, key, whole);
                replace(key, whole);
            }
        }
    }

    /// The upload under way, unless it has made its object; its number is not known when the answer to its creation was lost.
    private boolean mayBeUnfinished(MultipartUpload upload, String key) {
        var whole = there.get(key);
        return upload.key().equals(key) && (begunUpload.isEmpty() || upload.uploadId().equals(begunUpload))
                && !(whole != null && whole.uploadId().equals(upload.uploadId()));
    }

    /// Empty when there is no such object.
    private String etag(S3Client s3, String key) {
        try {
            return s3.headObject(b -> b.bucket(bucket).key(key)).eTag();
        } catch (NoSuchKeyException e) {
            return "";
        }
    }

    /// Every object is there as it was acknowledged, and no completed upload does anything a second time.
    void check(S3Client s3) {
        there.forEach((key, whole) -> {
            var got = s3.getObjectAsBytes(b -> b.bucket(bucket).key(key));
            assertArrayEquals(whole.bytes(), got.asByteArray(), () -> key + " has other bytes than " + whole);
            assertEquals(whole.etag(), got.response().eTag(), key);
            if (whole.uploadId().isEmpty())
                return;
            complete(s3, key, whole); // answered as the first time
            assertEquals(got.response().lastModified(), s3.headObject(b -> b.bucket(bucket).key(key)).lastModified(),
                    "made once: " + key);
        });
        for (var old : superseded)
            assertEquals(404, assertThrows(S3Exception.class, () -> complete(s3, old.key(), old.whole())).statusCode(),
                    "an upload whose object was replaced comes back: " + old);
        superseded.clear();
    }

    /// What a listing must have of this client's objects, by key.
    Map<String, Listed> listing() {
        var listing = new TreeMap<String, Listed>();
        there.forEach((key, whole) -> listing.put(key,
                new Listed(whole.contents().stream().mapToLong(Content::length).sum(), whole.etag())));
        return listing;
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
