package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import net.jqwik.api.*;
import org.jspecify.annotations.Nullable;

/// What every object store does when it copies: a copy is an object of its own, whatever it shares with its source.
abstract class CopyContract extends DeleteContract {
    private static final int[] SIZES = {0, 1, 1000, 70_000, 300_000};

    private static ObjectInfo copy(Bucket from, String key, String versionId, Bucket to, String target, PutOptions options) {
        try (var source = from.get(key, versionId)) {
            return Outcome.await(to.copy(target, source, options));
        }
    }

    private static ObjectInfo copy(Bucket bucket, String key, String target, PutOptions options) {
        return copy(bucket, key, "", bucket, target, options);
    }

    /// A multipart object of two parts.
    private ObjectInfo multipart(Bucket bucket, String key, @Nullable ChecksumAlgorithm algorithm, ChecksumType type) {
        var upload = bucket.createMultipart(key, PutOptions.DEFAULT.withChecksum(algorithm, type));
        return complete(upload, List.of(part(upload, 3, content(300_000)), part(upload, 5, content(7))));
    }

    private static byte[] multipartBytes() {
        return ModelDigests.concatenated(List.of(content(300_000), content(7)));
    }

    @Example
    void aCopyHasTheBytesOfItsSourceAndTheMetadataOfItsOptions() {
        inBucket(bucket -> {
            for (int size : SIZES) {
                var source = bucket.put("source", content(size),
                        PutOptions.DEFAULT.withMetadata(ObjectMetadata.ofType("text/old")).withTags(Map.of("old", "1")));
                var options = PutOptions.DEFAULT.withMetadata(ObjectMetadata.ofType("text/new")).withTags(Map.of("new", "2"));
                var copy = copy(bucket, "source", "copy", options);
                assertEquals(List.of("copy", (long) size, source.etag(), options.metadata(), options.tags()),
                        List.of(copy.key(), copy.sizeBytes(), copy.etag(), copy.metadata(), copy.tags()));
                assertEquals(copy, bucket.head("copy"));
                assertArrayEquals(content(size), bytes(bucket, "copy"));
                assertEquals(source, bucket.head("source"), "the source is as it was");
                copy(bucket, "source", "copy", PutOptions.DEFAULT);
                assertEquals(Map.of(), bucket.head("copy").tags());
            }
        });
    }

    @Example
    void aCopyAndItsSourceOutliveOneAnother() {
        for (boolean versioned : new boolean[]{false, true}) {
            var store = open();
            var bucket = store.createBucket("bucket");
            if (versioned)
                bucket.setVersioning(Versioning.ENABLED);
            for (int size : SIZES)
                for (var survivor : List.of("source", "copy", "copy of the copy")) {
                    bucket.put("source", content(size));
                    copy(bucket, "source", "copy", PutOptions.DEFAULT);
                    copy(bucket, "copy", "copy of the copy", PutOptions.DEFAULT);
                    copy(bucket, "source", size + survivor, PutOptions.DEFAULT);
                    forget(bucket,
                            List.of("source", "copy", "copy of the copy").stream().filter(key -> !key.equals(survivor)).toList());
                    assertArrayEquals(content(size), bytes(bucket, survivor));
                    forget(bucket, List.of(survivor));
                    assertArrayEquals(content(size), bytes(bucket, size + survivor));
                }
            try (var again = crash(store)) {
                for (int size : SIZES)
                    assertArrayEquals(content(size), bytes(again.bucket("bucket"), size + "copy"));
            }
        }
    }

    /// Deletes every version of some keys for ever.
    private static void forget(Bucket bucket, List<String> keys) {
        for (var version : versions(bucket))
            if (keys.contains(version.key()))
                Outcome.await(bucket.delete(new Deletion(version.key(), version.versionId(), PutCondition.ALWAYS)));
    }

    @Example
    void anObjectMayBeCopiedOntoItself() {
        inBucket(bucket -> {
            for (int size : SIZES)
                for (var versioning : List.of(Versioning.OFF, Versioning.ENABLED, Versioning.SUSPENDED)) {
                    if (versioning != Versioning.OFF || bucket.versioning() == Versioning.OFF)
                        bucket.setVersioning(versioning);
                    bucket.put("key", content(size), PutOptions.DEFAULT.withTags(Map.of("a", "1")));
                    int versions = versions(bucket).size();
                    var copy = copy(bucket, "key", "key", PutOptions.DEFAULT.withMetadata(ObjectMetadata.ofType("text/new")));
                    assertEquals("text/new", copy.metadata().headers().get("content-type"));
                    assertEquals(Map.of(), copy.tags());
                    assertArrayEquals(content(size), bytes(bucket, "key"));
                    copy(bucket, "key", "key", PutOptions.DEFAULT);
                    assertArrayEquals(content(size), bytes(bucket, "key"));
                    assertEquals(versions + (bucket.versioning() == Versioning.ENABLED ? 2 : 0), versions(bucket).size());
                }
        });
    }

    @Example
    void anOldVersionIsCopiedToBeTheNewest() {
        inVersionedBucket(bucket -> {
            var old = bucket.put("key", content(300_000));
            bucket.put("key", content(2));
            bucket.delete("key");
            var copy = copy(bucket, "key", old.versionId(), bucket, "key", PutOptions.DEFAULT);
            assertNotEquals(old.versionId(), copy.versionId());
            assertEquals(copy.versionId(), bucket.head("key").versionId());
            assertEquals(4, versions(bucket).size());
            Outcome.await(bucket.delete(new Deletion("key", old.versionId(), PutCondition.ALWAYS)));
            assertArrayEquals(content(300_000), bytes(bucket, "key"));
        });
    }

    @Example
    void aCopyGoesToAnotherBucketAndStaysWhenTheFirstIsDropped() {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            var other = store.createBucket("other");
            for (int size : SIZES) {
                bucket.put("key", content(size));
                copy(bucket, "key", "", other, "copy" + size, PutOptions.DEFAULT);
                bucket.delete("key");
            }
            multipart(bucket, "key", null, ChecksumType.FULL_OBJECT);
            copy(bucket, "key", "", other, "parts", PutOptions.DEFAULT);
            bucket.delete("key");
            drop(store);
            for (int size : SIZES)
                assertArrayEquals(content(size), bytes(other, "copy" + size));
            assertArrayEquals(multipartBytes(), bytes(other, "parts"));
        }
    }

    @Example
    void aCopyFromAnotherStoreIsWrittenAnew() {
        try (var store = open(); var elsewhere = open()) {
            var bucket = store.createBucket("bucket");
            var other = elsewhere.createBucket("bucket");
            var source = multipart(other, "source", ChecksumAlgorithm.CRC32, ChecksumType.COMPOSITE);
            var copy = copy(other, "source", "", bucket, "copy", PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.CRC32,
                    ChecksumType.FULL_OBJECT));
            assertNotEquals(source.etag(), copy.etag());
            assertEquals(0, copy.partCount());
            assertEquals(Checksum.of(ChecksumAlgorithm.CRC32, multipartBytes()), copy.checksum());
            assertArrayEquals(multipartBytes(), bytes(bucket, "copy"));
        }
    }

    @Example
    void aCopyThatAsksForNoOtherChecksumKeepsETagAndParts() {
        inBucket(bucket -> {
            var source = multipart(bucket, "source", ChecksumAlgorithm.SHA256, ChecksumType.COMPOSITE);
            var same = PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.SHA256, ChecksumType.COMPOSITE);
            for (var options : List.of(PutOptions.DEFAULT, same)) {
                var copy = copy(bucket, "source", "copy", options);
                assertEquals(source.etag(), copy.etag());
                assertEquals(2, copy.partCount());
                assertEquals(options.checksum() == null ? null : source.checksum(), copy.checksum());
                try (var there = bucket.get("source"); var copied = bucket.get("copy")) {
                    assertEquals(Spelled.parts(there.parts(0, 10)), Spelled.parts(copied.parts(0, 10)));
                    assertEquals(there.part(2), copied.part(2));
                    assertArrayEquals(multipartBytes(), copied.readAllBytes());
                }
            }
            var plain = bucket.put("plain", content(5),
                    PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.SHA1, ChecksumType.FULL_OBJECT));
            assertEquals(plain.checksum(), copy(bucket, "plain", "copy",
                    PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.SHA1, ChecksumType.FULL_OBJECT)).checksum());
        });
    }

    @Example
    void aCopyThatAsksForAnotherChecksumIsWrittenAtOnce() {
        inBucket(bucket -> {
            var source = multipart(bucket, "source", ChecksumAlgorithm.SHA256, ChecksumType.COMPOSITE);
            bucket.put("plain", content(300_000));
            for (var algorithm : List.of(ChecksumAlgorithm.CRC64NVME, ChecksumAlgorithm.SHA1)) {
                var options = PutOptions.DEFAULT.withChecksum(algorithm, ChecksumType.FULL_OBJECT);
                var copy = copy(bucket, "source", "copy", options);
                assertNotEquals(source.etag(), copy.etag());
                assertEquals(0, copy.partCount());
                assertEquals(Checksum.of(algorithm, multipartBytes()), copy.checksum());
                assertArrayEquals(multipartBytes(), bytes(bucket, "copy"));
                assertEquals(Checksum.of(algorithm, content(300_000)), copy(bucket, "plain", "copy", options).checksum());
            }
        });
    }

    @Example
    void aCopyKeepsToItsCondition() {
        inBucket(bucket -> {
            var source = bucket.put("source", content(300_000));
            var match = PutOptions.DEFAULT.withCondition(new PutCondition.IfMatch(source.etag()));
            refused(Reason.NO_SUCH_KEY, () -> copy(bucket, "source", "copy", match));
            copy(bucket, "source", "copy", PutOptions.DEFAULT.withCondition(PutCondition.IF_ABSENT));
            refused(Reason.PRECONDITION_FAILED,
                    () -> copy(bucket, "source", "copy", PutOptions.DEFAULT.withCondition(PutCondition.IF_ABSENT)));
            bucket.put("copy", content(2));
            refused(Reason.PRECONDITION_FAILED, () -> copy(bucket, "source", "copy", match));
            assertArrayEquals(content(2), bytes(bucket, "copy"));
            bucket.delete("source");
            assertArrayEquals(content(2), bytes(bucket, "copy"));
        });
    }

    /// The bytes may be read all the same, if the store still can.
    @Example
    void aSourceDeletedMeanwhileIsAConflictOrIsCopied() {
        inBucket(bucket -> {
            for (int size : SIZES) {
                bucket.put("source", content(size));
                bucket.put("copy", content(3));
                try (var source = bucket.get("source")) {
                    bucket.delete("source");
                    var outcome = Outcome.ofFuture(() -> bucket.copy("copy", source, PutOptions.DEFAULT));
                    if (outcome instanceof Outcome.Refused<ObjectInfo>(var reason, var _))
                        assertEquals(Reason.CONFLICT, reason);
                    assertArrayEquals(content(outcome instanceof Outcome.Value<?> ? size : 3), bytes(bucket, "copy"));
                    assertArrayEquals(content(size), source.readAllBytes());
                }
            }
        });
    }

    @Example
    void aRepeatedCompletionIsNotAnsweredByACopy() {
        inBucket(bucket -> {
            var upload = bucket.createMultipart("source", PutOptions.DEFAULT);
            var parts = List.of(part(upload, 1, content(300_000)));
            complete(upload, parts);
            copy(bucket, "source", "copy", PutOptions.DEFAULT);
            refused(Reason.NO_SUCH_UPLOAD, () -> bucket.multipart("copy", upload.id()));
            copy(bucket, "source", "source", PutOptions.DEFAULT);
            refused(Reason.NO_SUCH_UPLOAD, () -> complete(upload, parts));
            assertArrayEquals(content(300_000), bytes(bucket, "source"));
        });
    }

    // ---- parts ----

    @Example
    void partsAreCopiedWholeAndInRuns() {
        inBucket(bucket -> {
            int min = Math.toIntExact(minPartBytes());
            multipart(bucket, "parts", null, ChecksumType.FULL_OBJECT);
            for (int size : new int[]{min, 70_000, 300_000}) {
                bucket.put("plain", content(size));
                for (var algorithm : List.of(ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.SHA256)) {
                    var upload = bucket.createMultipart("key",
                            PutOptions.DEFAULT.withChecksum(algorithm, ChecksumType.COMPOSITE));
                    var expected = new ArrayList<byte[]>();
                    var named = new ArrayList<CompletedPart>();
                    try (var plain = bucket.get("plain"); var parts = bucket.get("parts")) {
                        named.add(copied(upload, 1, plain, 0, size, expected));
                        named.add(copied(upload, 2, parts, 299_000, 1007, expected, min));
                        named.add(copied(upload, 3, parts, 0, 300_007, expected));
                        named.add(copied(upload, 4, plain, 1, size - 1, expected, min));
                        named.add(copied(upload, 5, plain, size, 0, expected));
                    }
                    named.removeIf(part -> part.number() == 2 || (part.number() == 4 && size == min)); // too small not to be the last
                    assertEquals(5, upload.parts(0, 10).size());
                    bucket.delete("plain"); // a part is its own
                    var object = complete(upload, named);
                    assertEquals(named.size(), object.partCount());
                    assertArrayEquals(ModelDigests.concatenated(expected), bytes(bucket, "key"));
                    bucket.put("plain", content(size));
                }
            }
        });
    }

    private static CompletedPart copied(MultipartUpload upload, int number, StoredObject source, int offset, int length,
            List<byte[]> expected) {
        return copied(upload, number, source, offset, length, expected, 0);
    }

    private static CompletedPart copied(MultipartUpload upload, int number, StoredObject source, int offset, int length,
            List<byte[]> expected, int min) {
        var part = Outcome.await(upload.copyPart(number, source, offset, length));
        var run = Arrays.copyOfRange(source.readAllBytes(), offset, offset + length);
        assertEquals(length, part.sizeBytes());
        assertEquals(number, part.number());
        assertEquals(HexFormat.of().formatHex(ModelDigests.md5(run)), part.etag());
        var algorithm = upload.options().checksum();
        assertEquals(ModelDigests.fullObject(algorithm, run), part.checksum());
        if (length >= min)
            expected.add(run);
        return new CompletedPart(number, part.etag(), part.checksum() == null ? null : part.checksum().value());
    }

    @Example
    void aPartThatCannotBeCopiedIsRefused() {
        inBucket(bucket -> {
            bucket.put("source", content(10));
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT);
            try (var source = bucket.get("source")) {
                for (int number : new int[]{0, MultipartUpload.MAX_PARTS + 1})
                    refused(Reason.INVALID_ARGUMENT, () -> Outcome.await(upload.copyPart(number, source, 0, 10)));
                for (long[] run : new long[][]{{0, 11}, {11, 0}, {-1, 1}, {1, 10}})
                    assertTrue(outOfBounds(upload, source, run[0], run[1]), () -> run[0] + " " + run[1]);
                Outcome.await(upload.abort());
                refused(Reason.NO_SUCH_UPLOAD, () -> Outcome.await(upload.copyPart(1, source, 0, 10)));
            }
        });
    }

    private static boolean outOfBounds(MultipartUpload upload, StoredObject source, long offset, long length) {
        try {
            Outcome.await(upload.copyPart(1, source, offset, length));
            return false;
        } catch (IndexOutOfBoundsException e) {
            return true;
        } catch (CompletionException e) {
            return e.getCause() instanceof IndexOutOfBoundsException;
        }
    }

    @Example
    void aMultipartObjectTellsItsParts() {
        var store = open();
        var bucket = store.createBucket("bucket");
        int min = Math.toIntExact(minPartBytes());
        var upload = bucket.createMultipart("key",
                PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.SHA1, ChecksumType.COMPOSITE));
        var contents = List.of(content(min), content(min + 1), content(9));
        var named = new ArrayList<CompletedPart>();
        for (int i = 0; i < contents.size(); i++)
            named.add(part(upload, 10 * i + 2, contents.get(i)));
        part(upload, 5, content(1)); // never named
        complete(upload, named);
        bucket.put("plain", content(5));
        try (var again = reopen(store);
                var object = again.bucket("bucket").get("key");
                var plain = again.bucket("bucket").get("plain")) {
            var parts = object.parts(0, 100);
            assertEquals(List.of(1, 2, 3), parts.stream().map(Part::number).toList());
            for (int i = 0; i < contents.size(); i++) {
                assertEquals(contents.get(i).length, parts.get(i).sizeBytes());
                assertEquals(named.get(i).etag(), parts.get(i).etag());
                assertEquals(Checksum.of(ChecksumAlgorithm.SHA1, contents.get(i)), parts.get(i).checksum());
            }
            assertEquals(parts.subList(1, 3), object.parts(1, 100));
            assertEquals(parts.subList(1, 2), object.parts(1, 1));
            assertEquals(List.of(), object.parts(3, 100));
            assertEquals(List.of(), plain.parts(0, 100));
        }
    }

    // ---- renaming ----

    @Example
    void aRenamedObjectIsAllItWas() {
        inBucket(bucket -> {
            for (int size : new int[]{0, 10, 5000, 300_000}) {
                var options = PutOptions.DEFAULT.withMetadata(ObjectMetadata.ofType("text/plain")).withTags(Map.of("a", "b"))
                        .withChecksum(ChecksumAlgorithm.CRC32C, ChecksumType.FULL_OBJECT);
                var before = bucket.put("old", content(size), options);
                var renamed = Outcome.await(bucket.rename("old", PutCondition.ALWAYS, "new", PutCondition.ALWAYS));
                refused(Reason.NO_SUCH_KEY, () -> bucket.head("old"));
                assertEquals(renamed, bucket.head("new"));
                assertArrayEquals(content(size), bytes(bucket, "new"));
                assertEquals(before.etag(), renamed.etag());
                assertEquals(before.metadata(), renamed.metadata());
                assertEquals(before.tags(), renamed.tags());
                assertEquals(before.checksum(), renamed.checksum());
            }
            assertEquals(List.of("new"), keys(bucket.list(ListRequest.ALL)));
            refused(Reason.INVALID_ARGUMENT,
                    () -> bucket.rename("new", PutCondition.ALWAYS, "new", PutCondition.ALWAYS).join());
        });
    }

    @Example
    void aRenamedObjectKeepsItsPartsAfterTheStoreIsOpenedAgain() {
        var store = open();
        var bucket = store.createBucket("bucket");
        multipart(bucket, "old", ChecksumAlgorithm.SHA512, ChecksumType.COMPOSITE);
        Outcome.await(bucket.rename("old", PutCondition.ALWAYS, "new", PutCondition.IF_ABSENT));
        try (var again = reopen(store)) {
            assertArrayEquals(multipartBytes(), bytes(again.bucket("bucket"), "new"));
        }
    }

    @Example
    void renamingInAVersionedBucketLeavesTheOldVersionBehindAMarker() {
        inVersionedBucket(bucket -> {
            var old = bucket.put("old", content(5000));
            var replaced = bucket.put("new", content(1));
            refused(Reason.PRECONDITION_FAILED,
                    () -> bucket.rename("old", PutCondition.ALWAYS, "new", PutCondition.IF_ABSENT).join());
            refused(Reason.PRECONDITION_FAILED,
                    () -> bucket.rename("old", new PutCondition.IfMatch("x"), "new", PutCondition.ALWAYS).join());
            Outcome.await(bucket.rename("old", new PutCondition.IfMatch(old.etag()), "new", PutCondition.ALWAYS));
            assertEquals(4, versions(bucket).size());
            assertArrayEquals(content(5000), bytes(bucket, "old", old.versionId()));
            assertArrayEquals(content(1), bytes(bucket, "new", replaced.versionId()));
            bucket.delete(new Deletion("old", old.versionId(), PutCondition.ALWAYS)).join();
            assertArrayEquals(content(5000), bytes(bucket, "new"));
        });
    }
}
