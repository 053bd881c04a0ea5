package io.cairn.object.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.*;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// What every object store does, whatever stores it. An implementation extends this class, and more than one may: the named
/// examples tell one rule each, the property drives random histories against the store and the model.
public abstract class ObjectStoreContract extends LinearizabilityContract {
    /// What 100 histories reach at least: about a third of what they usually reach. These hundred are always the same, so that chance
    /// does not fail them; those of a long run differ from run to run.
    private static final Map<String, Integer> FLOORS = Map.ofEntries(Map.entry("abandon", 11), Map.entry("abort", 1),
            Map.entry("batch delete", 33), Map.entry("begin", 55), Map.entry("begin INVALID_ARGUMENT", 16),
            Map.entry("complete", 8), Map.entry("copy", 37), Map.entry("copy INVALID_VERSION", 4),
            Map.entry("copy IS_DELETE_MARKER", 1), Map.entry("copy NONE", 8), Map.entry("copy NONE with parts", 3),
            Map.entry("copy NO_SUCH_KEY", 22), Map.entry("copy OTHER", 13), Map.entry("copy SAME", 9),
            Map.entry("copy SAME with parts", 1), Map.entry("crash", 57), Map.entry("crash in complete", 5),
            Map.entry("crash in copy", 30), Map.entry("crash in delete", 20), Map.entry("crash in put", 55),
            Map.entry("crash in rename", 4),
            Map.entry("crash in set tags", 10), Map.entry("delete", 15), Map.entry("delete INVALID_VERSION", 1),
            Map.entry("deletion", 23), Map.entry("deletion INVALID_VERSION", 1), Map.entry("deletion NO_SUCH_KEY", 1),
            Map.entry("deletion by a marker", 20), Map.entry("deletion by a marker of nothing", 7),
            Map.entry("deletion of a marker", 3), Map.entry("deletion of nothing", 9),
            Map.entry("drop bucket BUCKET_NOT_EMPTY", 4), Map.entry("head", 59), Map.entry("head INVALID_VERSION", 5),
            Map.entry("head IS_DELETE_MARKER", 1), Map.entry("head NO_SUCH_KEY", 9), Map.entry("head NO_SUCH_VERSION", 1),
            Map.entry("head met a marker", 3), Map.entry("list", 7), Map.entry("list truncated", 7),
            Map.entry("list uploads", 32), Map.entry("list with common prefixes", 9), Map.entry("list with delimiter", 37),
            Map.entry("part", 43), Map.entry("part BAD_DIGEST", 4), Map.entry("part copy", 15),
            Map.entry("part copy NO_SUCH_KEY", 7), Map.entry("put", 204), Map.entry("put BAD_CHECKSUM", 9),
            Map.entry("put BAD_DIGEST", 15), Map.entry("put INCOMPLETE_BODY", 14), Map.entry("put NO_SUCH_KEY", 40),
            Map.entry("put PRECONDITION_FAILED", 10), Map.entry("put in parts", 37),
            Map.entry("put in parts INVALID_ARGUMENT", 8), Map.entry("put while ENABLED", 69),
            Map.entry("put while OFF", 100), Map.entry("put while SUSPENDED", 34), Map.entry("read", 33),
            Map.entry("read NO_SUCH_KEY", 9), Map.entry("read of a version", 25),
            Map.entry("read of a version INVALID_VERSION", 5), Map.entry("read of a version IS_DELETE_MARKER", 1),
            Map.entry("read of a version NO_SUCH_VERSION", 1), Map.entry("read of a version met a marker", 1),
            Map.entry("rename", 8), Map.entry("rename NO_SUCH_KEY", 10), Map.entry("reopen", 23), Map.entry("set tags", 17),
            Map.entry("set tags NO_SUCH_KEY", 1),
            Map.entry("setting", 10), Map.entry("versioning ENABLED", 19), Map.entry("versioning OFF", 10),
            Map.entry("versioning OFF INVALID_ARGUMENT", 1), Map.entry("versioning SUSPENDED", 11),
            Map.entry("versions", 13), Map.entry("versions INVALID_VERSION", 1), Map.entry("versions from MALFORMED", 1),
            Map.entry("versions from THERE", 3), Map.entry("versions truncated", 15),
            Map.entry("versions with common prefixes", 10), Map.entry("versions with delimiter", 46));

    private static Coverage coverage = new Coverage();

    // ---- histories ----

    @BeforeContainer
    static void countAnew() {
        coverage = new Coverage();
    }

    @AfterContainer
    static void reportCoverage() {
        if (coverage.of("histories") < 100)
            return; // a single example was asked for
        coverage.report("object store histories", FLOORS);
    }

    @Property(tries = 100, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void answersLikeTheModel(@ForAll("histories") List<Step> history) {
        answerLikeTheModel(history);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Histories.histories();
    }

    /// For classes beside this one that run histories in numbers of their own.
    public final void answerLikeTheModel(List<Step> history) {
        try (var run = new HistoryRun(open(), minPartBytes(), (store, crash) -> crash ? crash(store) : reopen(store), coverage)) {
            run.run(history);
        }
        coverage.count("histories");
    }

    // ---- buckets ----

    @Example
    void bucketsAreListedByNameAndTellTheirOwner() {
        try (var store = open()) {
            store.createBucket("bbb", "bob");
            store.createBucket("aaa", "alice");
            store.createBucket("aaa-1");
            assertEquals(List.of("aaa alice", "aaa-1 ", "bbb bob"),
                    store.buckets().stream().map(bucket -> bucket.name() + " " + bucket.owner()).toList());
            assertEquals("alice", store.bucket("aaa").info().owner());
            assertTrue(store.buckets().contains(store.bucket("aaa").info()));
        }
    }

    @Example
    void aBucketNameIsTakenOnceWhoeverAsks() {
        try (var store = open()) {
            store.createBucket("bucket", "alice");
            refused(Reason.BUCKET_ALREADY_EXISTS, () -> store.createBucket("bucket", "alice"));
            refused(Reason.BUCKET_ALREADY_EXISTS, () -> store.createBucket("bucket", "bob"));
            assertEquals("alice", store.bucket("bucket").info().owner());
        }
    }

    @Example
    void bucketNamesFollowTheRulesOf2018() {
        try (var store = open()) {
            for (var name : List.of("abc", "a-b", "a.b.c", "1a2", "a--b", "x".repeat(63), "1.2.3", "1.2.3.4.5", "1.2.3.a"))
                assertEquals(name, store.createBucket(name).info().name());
            for (var name : List.of("", "ab", "x".repeat(64), "Abc", "a_b_c", "-abc", "abc-", ".abc", "abc.", "a..b",
                    "192.168.1.1",
                    "a b", "abc\u0000", "b\u00fccher", "abc/d", "..."))
                refused(Reason.INVALID_BUCKET_NAME, () -> store.createBucket(name));
        }
    }

    @Example
    void onlyAnEmptyBucketIsDeleted() {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.put("key", new byte[1]);
            refused(Reason.BUCKET_NOT_EMPTY, () -> drop(store));
            bucket.delete("key");
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT);
            refused(Reason.BUCKET_NOT_EMPTY, () -> drop(store));
            Outcome.await(upload.abort());
            drop(store);
            refused(Reason.NO_SUCH_BUCKET, () -> store.bucket("bucket"));
            refused(Reason.NO_SUCH_BUCKET, () -> drop(store));
            refused(Reason.NO_SUCH_BUCKET, () -> bucket.head("key"));
            refused(Reason.NO_SUCH_BUCKET, () -> bucket.put("key", new byte[1]));
            refused(Reason.NO_SUCH_BUCKET, () -> bucket.list(ListRequest.ALL));
            assertEquals(List.of(), store.buckets());
        }
    }

    @Example
    void bucketsSurviveReopening() {
        var store = open();
        var info = store.createBucket("bucket", "alice").info();
        try (var again = reopen(store)) {
            assertEquals(List.of(info), again.buckets());
        }
    }

    // ---- objects ----

    @Example
    void keysHaveOneTo1024BytesOfUtf8() {
        inBucket(bucket -> {
            for (var key : List.of("k".repeat(1024), "\u00e4".repeat(512), "\ud83d\ude00".repeat(256), "\u0000", "/", "..",
                    "../../etc/passwd")) {
                bucket.put(key, key.getBytes(UTF_8));
                assertArrayEquals(key.getBytes(UTF_8), bytes(bucket, key));
            }
            refused(Reason.INVALID_KEY, () -> bucket.put("", new byte[0]));
            refused(Reason.INVALID_KEY, () -> bucket.put("\ud83d", new byte[0]));
            refused(Reason.KEY_TOO_LONG, () -> bucket.put("k".repeat(1025), new byte[0]));
            refused(Reason.KEY_TOO_LONG, () -> bucket.put("\u00e4".repeat(513), new byte[0]));
            refused(Reason.KEY_TOO_LONG, () -> bucket.createMultipart("k".repeat(1025), PutOptions.DEFAULT));
        });
    }

    @Example
    void anObjectIsReadInAnyRun() {
        inBucket(bucket -> {
            for (int size : new int[]{0, 1, 1000, 70_000, 300_000}) {
                var content = content(size);
                bucket.put("key", content);
                try (var object = bucket.get("key")) {
                    for (int[] run : new int[][]{{0, size}, {0, Math.min(1, size)}, {size, 0}, {size / 3, size / 3},
                            {Math.max(0, size - 1), Math.min(1, size)}})
                        assertArrayEquals(Arrays.copyOfRange(content, run[0], run[0] + run[1]),
                                Spelled.pieces(object, run[0], run[1]));
                    assertThrows(IndexOutOfBoundsException.class, () -> object.pieces(0, size + 1));
                    assertThrows(IndexOutOfBoundsException.class, () -> object.stream(size, 1));
                    assertThrows(IndexOutOfBoundsException.class, () -> object.pieces(-1, 1));
                }
            }
        });
    }

    @Example
    void anOpenObjectStaysAsItWas() {
        inBucket(bucket -> {
            var content = content(300_000);
            bucket.put("key", content);
            try (var object = bucket.get("key")) {
                bucket.put("key", new byte[300_000]);
                bucket.delete("key");
                assertArrayEquals(content, object.readAllBytes());
            }
        });
    }

    @Example
    void nothingIsVisibleBeforeTheCommit() {
        inBucket(bucket -> {
            try (var upload = bucket.upload("key", PutOptions.DEFAULT)) {
                upload.write(ByteBuffer.wrap(content(300_000)));
                refused(Reason.NO_SUCH_KEY, () -> bucket.head("key"));
                assertEquals(List.of(), bucket.list(ListRequest.ALL).objects());
            }
            refused(Reason.NO_SUCH_KEY, () -> bucket.get("key"));
        });
    }

    @Example
    void wrongBytesAreRefusedAndLeaveWhatWasThere() {
        inBucket(bucket -> {
            bucket.put("key", content(5));
            for (var algorithm : ChecksumAlgorithm.values()) {
                var options = PutOptions.DEFAULT.withChecksum(algorithm, ChecksumType.FULL_OBJECT);
                refused(Reason.BAD_CHECKSUM, () -> store(bucket, options, new Expected(-1, null, new byte[algorithm.bytes()])));
                var right = store(bucket, options, new Expected(1000, ModelDigests.md5(content(1000)),
                        ModelDigests.of(algorithm, content(1000))));
                assertEquals(new Checksum(algorithm, ChecksumType.FULL_OBJECT, ModelDigests.of(algorithm, content(1000)), 0),
                        right.checksum());
            }
            refused(Reason.BAD_DIGEST, () -> store(bucket, PutOptions.DEFAULT, new Expected(-1, new byte[16], null)));
            refused(Reason.INCOMPLETE_BODY, () -> store(bucket, PutOptions.DEFAULT, new Expected(999, null, null)));
            refused(Reason.INCOMPLETE_BODY, () -> store(bucket, PutOptions.DEFAULT, new Expected(1001, null, null)));
            assertArrayEquals(content(1000), bytes(bucket, "key"));
        });
    }

    private static ObjectInfo store(Bucket bucket, PutOptions options, Expected expected) {
        try (var upload = bucket.upload("key", options)) {
            upload.write(ByteBuffer.wrap(content(1000)));
            return Outcome.await(upload.commit(expected));
        }
    }

    @Example
    void conditionsLetOneOfManyWritersWin() {
        inBucket(bucket -> {
            var absent = PutOptions.DEFAULT.withCondition(PutCondition.IF_ABSENT);
            var one = bucket.upload("key", absent);
            var two = bucket.upload("key", absent);
            one.write(ByteBuffer.wrap(content(1)));
            two.write(ByteBuffer.wrap(content(2)));
            var first = Outcome.await(one.commit(Expected.NOTHING));
            refused(Reason.PRECONDITION_FAILED, () -> Outcome.await(two.commit(Expected.NOTHING)));
            refused(Reason.PRECONDITION_FAILED, () -> bucket.put("key", content(3),
                    PutOptions.DEFAULT.withCondition(new PutCondition.IfMatch("0".repeat(32)))));
            refused(Reason.NO_SUCH_KEY, () -> bucket.put("none", content(3),
                    PutOptions.DEFAULT.withCondition(new PutCondition.IfMatch(first.etag()))));
            assertEquals(3,
                    bucket.put("key", content(3), PutOptions.DEFAULT.withCondition(new PutCondition.IfMatch(first.etag())))
                            .sizeBytes());
            bucket.delete("key");
            assertEquals(4, bucket.put("key", content(4), absent).sizeBytes());
        });
    }

    @Example
    void deletingTellsWhatWasThere() {
        inBucket(bucket -> {
            bucket.put("a", content(1));
            bucket.put("b", content(300_000));
            assertEquals(List.of(true, false, true),
                    existed(bucket, List.of(Deletion.of("b"), Deletion.of("none"), Deletion.of("a"))));
            assertFalse(bucket.delete("a"));
            assertEquals(List.of(), bucket.list(ListRequest.ALL).objects());
        });
    }

    private static List<Boolean> existed(Bucket bucket, List<Deletion> deletions) {
        return Outcome.await(bucket.deleteAll(deletions)).stream()
                .map(outcome -> outcome instanceof DeleteOutcome.Deleted deleted && deleted.existed()).toList();
    }

    @Example
    void aThousandKeysGoInOneBatch() {
        inBucket(bucket -> {
            var keys = IntStream.range(0, 1000).mapToObj("k%04d"::formatted).toList();
            keys.stream().limit(20).forEach(key -> bucket.put(key, new byte[0]));
            assertEquals(20, existed(bucket, keys.stream().map(Deletion::of).toList()).stream().filter(there -> there).count());
            assertEquals(List.of(), bucket.list(ListRequest.ALL).objects());
        });
    }

    @Example
    void metadataIsKeptAsGiven() {
        var store = open();
        var metadata = new ObjectMetadata(Map.of("content-type", "text/plain", "expires", "never"),
                Map.of("a", "", "b", "\u20ac".repeat(100)));
        store.createBucket("bucket").put("key", content(1), PutOptions.DEFAULT.withMetadata(metadata));
        try (var again = reopen(store)) {
            assertEquals(metadata, again.bucket("bucket").head("key").metadata());
        }
        refused(Reason.METADATA_TOO_LARGE, () -> new ObjectMetadata(Map.of(), Map.of("m", "x".repeat(2048))));
    }

    // ---- listings ----

    @Example
    void keysAreOrderedByTheBytesOfTheirUtf8() {
        inBucket(bucket -> {
            // U+FFE0 stands before U+1F600 in UTF-8 and behind it in UTF-16
            for (var key : List.of("\ud83d\ude00", "\uffe0", "b", "a\u0000", "a", "\u00e4"))
                bucket.put(key, new byte[0]);
            assertEquals(List.of("a", "a\u0000", "b", "\u00e4", "\uffe0", "\ud83d\ude00"), keys(bucket.list(ListRequest.ALL)));
            assertEquals(List.of("\ud83d\ude00"), keys(bucket.list(new ListRequest("", "", "\uffe0", 10))));
        });
    }

    @Example
    void aDelimiterRollsKeysUp() {
        inBucket(bucket -> {
            for (var key : List.of("a", "a/", "a/1", "a/b/1", "a0", "b/1", "b/2", "c"))
                bucket.put(key, new byte[0]);
            var top = bucket.list(new ListRequest("", "/", "", 10));
            assertEquals(List.of("a", "a0", "c"), keys(top));
            assertEquals(List.of("a/", "b/"), top.commonPrefixes());
            var inside = bucket.list(new ListRequest("a/", "/", "", 10));
            assertEquals(List.of("a/", "a/1"), keys(inside));
            assertEquals(List.of("a/b/"), inside.commonPrefixes());
            var behind = bucket.list(new ListRequest("", "/", "a/", 10));
            assertEquals(List.of("a0", "c"), keys(behind));
            assertEquals(List.of("b/"), behind.commonPrefixes());
        });
    }

    @Example
    void pagesJoinWithoutGapOrOverlap() {
        inBucket(bucket -> {
            var expected = IntStream.range(0, 25).mapToObj("k%02d"::formatted).toList();
            expected.forEach(key -> bucket.put(key, new byte[0]));
            var first = bucket.list(new ListRequest("", "", "", 10));
            assertEquals("k09", first.next());
            var second = bucket.list(new ListRequest("", "", first.next(), 10));
            var third = bucket.list(new ListRequest("", "", second.next(), 5));
            assertEquals(expected.subList(10, 20), keys(second));
            assertEquals(expected.subList(20, 25), keys(third));
            assertFalse(third.truncated(), "the page that ends with the last key is the last");
            assertFalse(bucket.list(new ListRequest("", "", "", 0)).truncated());
        });
    }

    // ---- multipart ----

    @Example
    void partsMakeAnObject() {
        inBucket(bucket -> {
            int min = Math.toIntExact(minPartBytes());
            for (var algorithm : ChecksumAlgorithm.values())
                for (var type : ChecksumType.values())
                    if (algorithm.supports(type)) {
                        var upload = bucket.createMultipart("key", PutOptions.DEFAULT.withChecksum(algorithm, type));
                        var second = part(upload, 7, content(10));
                        var first = part(upload, 2, content(min));
                        var object = complete(upload, List.of(first, second));
                        var whole = ModelDigests.concatenated(List.of(content(min), content(10)));
                        assertArrayEquals(whole, bytes(bucket, "key"));
                        assertEquals(2, object.partCount());
                        assertTrue(object.etag().endsWith("-2"), object.etag());
                        var values = List.of(ModelDigests.of(algorithm, content(min)), ModelDigests.of(algorithm, content(10)));
                        assertEquals(switch (type) {
                            case FULL_OBJECT -> new Checksum(algorithm, type, ModelDigests.of(algorithm, whole), 0);
                            case COMPOSITE ->
                                new Checksum(algorithm, type, ModelDigests.of(algorithm, ModelDigests.concatenated(values)), 2);
                        }, object.checksum());
                        assertEquals(object, bucket.head("key"));
                    }
        });
    }

    @Example
    void partsAreFoundAgainInTheObject() {
        inBucket(bucket -> {
            int min = Math.toIntExact(minPartBytes());
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT);
            complete(upload,
                    List.of(part(upload, 3, content(min)), part(upload, 8, content(min + 7)), part(upload, 9, content(0))));
            bucket.put("plain", content(5));
            try (var object = bucket.get("key"); var plain = bucket.get("plain")) {
                assertEquals(new StoredObject.Run(0, min), object.part(1));
                assertEquals(new StoredObject.Run(min, min + 7), object.part(2));
                assertEquals(new StoredObject.Run(2L * min + 7, 0), object.part(3));
                assertNull(object.part(4));
                assertNull(object.part(0));
                assertEquals(new StoredObject.Run(0, 5), plain.part(1));
                assertNull(plain.part(2));
            }
        });
    }

    @Example
    void multipartUploadsAreRefusedForWhatIsWrongWithThem() {
        inBucket(bucket -> {
            int min = Math.toIntExact(minPartBytes());
            refused(Reason.INVALID_ARGUMENT, () -> bucket.createMultipart("key",
                    PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.SHA1, ChecksumType.FULL_OBJECT)));
            refused(Reason.INVALID_ARGUMENT, () -> bucket.createMultipart("key",
                    PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.CRC64NVME, ChecksumType.COMPOSITE)));
            var upload = bucket.createMultipart("key",
                    PutOptions.DEFAULT.withChecksum(ChecksumAlgorithm.CRC32C, ChecksumType.FULL_OBJECT));
            refused(Reason.INVALID_ARGUMENT, () -> upload.part(0));
            refused(Reason.INVALID_ARGUMENT, () -> upload.part(MultipartUpload.MAX_PARTS + 1));
            var small = part(upload, 1, content(min - 1));
            var full = part(upload, 2, content(min));
            var last = part(upload, MultipartUpload.MAX_PARTS, content(1));
            refused(Reason.ENTITY_TOO_SMALL, () -> complete(upload, List.of(small, full)));
            refused(Reason.INVALID_PART_ORDER, () -> complete(upload, List.of(last, full)));
            refused(Reason.INVALID_PART_ORDER, () -> complete(upload, List.of(full, full)));
            refused(Reason.INVALID_PART, () -> complete(upload, List.of(full, new CompletedPart(3, full.etag(), null))));
            refused(Reason.INVALID_PART, () -> complete(upload, List.of(new CompletedPart(2, last.etag(), null))));
            var reason = assertThrows(ObjectRefusedException.class,
                    () -> unwrapped(() -> complete(upload, List.of(new CompletedPart(2, full.etag(), new byte[4]))))).reason();
            assertTrue(reason == Reason.INVALID_PART || reason == Reason.BAD_CHECKSUM, reason::name);
            refused(Reason.BAD_CHECKSUM, () -> Outcome
                    .await(upload.complete(List.of(full), new Expected(-1, null, new byte[4]), PutCondition.ALWAYS)));
            refused(Reason.NO_SUCH_KEY, () -> bucket.head("key"));
            bucket.put("key", content(3));
            refused(Reason.PRECONDITION_FAILED,
                    () -> Outcome.await(upload.complete(List.of(full), Expected.NOTHING, PutCondition.IF_ABSENT)));
            var expected = new Expected(min + 1L, null, ModelDigests.of(ChecksumAlgorithm.CRC32C,
                    ModelDigests.concatenated(List.of(content(min), content(1)))));
            assertEquals(min + 1L,
                    Outcome.await(upload.complete(List.of(full, last), expected, PutCondition.ALWAYS)).sizeBytes());
        });
    }

    @Example
    void aCompletionMayBeRepeatedWhileItsObjectStands() {
        inBucket(bucket -> {
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT);
            var parts = List.of(part(upload, 1, content(10)));
            var object = complete(upload, parts);
            assertEquals(object, complete(upload, parts));
            assertEquals(object, complete(bucket.multipart("key", upload.id()), parts));
            refused(Reason.NO_SUCH_UPLOAD, () -> Outcome.await(put(bucket.multipart("key", upload.id()), 2, content(1))));
            bucket.put("key", content(10));
            refused(Reason.NO_SUCH_UPLOAD, () -> complete(upload, parts));
            refused(Reason.NO_SUCH_UPLOAD, () -> bucket.multipart("key", upload.id()));
        });
    }

    @Example
    void unfinishedUploadsSurviveReopening() {
        var store = open();
        var bucket = store.createBucket("bucket");
        var upload = bucket.createMultipart("key", PutOptions.DEFAULT.withMetadata(ObjectMetadata.ofType("text/plain")));
        var first = part(upload, 1, content(300_000));
        part(upload, 2, content(5));
        var second = part(upload, 2, content(6));
        try (var again = reopen(store)) {
            var found = again.bucket("bucket").multipart("key", upload.id());
            assertEquals(List.of(300_000L, 6L), found.parts(0, 10).stream().map(Part::sizeBytes).toList());
            assertEquals(upload.initiated(), found.initiated());
            var object = complete(found, List.of(first, second));
            assertEquals("text/plain", object.metadata().headers().get("content-type"));
            assertEquals(300_006, bytes(again.bucket("bucket"), "key").length);
            refused(Reason.NO_SUCH_UPLOAD, () -> again.bucket("bucket").multipart("other", upload.id()));
        }
    }

    @Example
    void uploadsAreListedByKeyAndThenByTime() {
        inBucket(bucket -> {
            var b1 = bucket.createMultipart("b", PutOptions.DEFAULT).id();
            var a = bucket.createMultipart("a/1", PutOptions.DEFAULT).id();
            var b2 = bucket.createMultipart("b", PutOptions.DEFAULT).id();
            var all = bucket.multiparts(new MultipartListRequest("", "", "", "", 10));
            assertEquals(List.of(a, b1, b2), all.uploads().stream().map(MultipartUpload::id).toList());
            assertFalse(all.truncated());
            var first = bucket.multiparts(new MultipartListRequest("", "/", "", "", 2));
            assertEquals(List.of("a/"), first.commonPrefixes());
            assertEquals(List.of(b1), first.uploads().stream().map(MultipartUpload::id).toList());
            assertEquals("b", first.nextKey());
            assertEquals(b1, first.nextId());
            var second = bucket.multiparts(new MultipartListRequest("", "/", "b", b1, 2));
            assertEquals(List.of(b2), second.uploads().stream().map(MultipartUpload::id).toList());
            assertEquals(List.of(), bucket.multiparts(new MultipartListRequest("", "", "b", "", 2)).uploads());
        });
    }

    // ---- crashes ----

    @Example
    void acknowledgedIsThereAfterACrashAndTheRestIsNot() {
        var store = open();
        var bucket = store.createBucket("bucket");
        for (int size : new int[]{0, 1000, 200_000, 300_000})
            bucket.put("key-" + size, content(size));
        var abandoned = bucket.upload("abandoned", PutOptions.DEFAULT);
        abandoned.write(ByteBuffer.wrap(content(300_000)));
        try (var again = crash(store)) {
            for (int size : new int[]{0, 1000, 200_000, 300_000})
                assertArrayEquals(content(size), bytes(again.bucket("bucket"), "key-" + size));
            refused(Reason.NO_SUCH_KEY, () -> again.bucket("bucket").head("abandoned"));
        }
    }
}
