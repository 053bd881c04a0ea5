package io.cairn.object.testkit;

import static io.cairn.object.ObjectInfo.NULL_VERSION;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.*;

/// What every object store does about versions, tags and settings (Amazon S3 user guide, "Retaining multiple versions of objects with S3
/// Versioning"); deletions are in [DeleteContract].
abstract class VersionContract extends StoreUnderTest {
    @Example
    void versioningBeginsOffAndNeverGoesBackToIt() {
        inBucket(bucket -> {
            assertEquals(Versioning.OFF, bucket.versioning());
            bucket.setVersioning(Versioning.OFF);
            for (var versioning : List.of(Versioning.SUSPENDED, Versioning.ENABLED, Versioning.SUSPENDED)) {
                bucket.setVersioning(versioning);
                assertEquals(versioning, bucket.versioning());
                refused(Reason.INVALID_ARGUMENT, () -> {
                    bucket.setVersioning(Versioning.OFF);
                    return "";
                });
                assertEquals(versioning, bucket.versioning());
            }
        });
    }

    @Example
    void versioningIsOfOneBucketAndSurvivesReopening() {
        var store = open();
        store.createBucket("off");
        store.createBucket("enabled").setVersioning(Versioning.ENABLED);
        store.createBucket("suspended").setVersioning(Versioning.SUSPENDED);
        try (var again = reopen(store)) {
            for (var versioning : Versioning.values())
                assertEquals(versioning, again.bucket(versioning.name().toLowerCase(Locale.ROOT)).versioning());
            again.deleteBucket("enabled");
            assertEquals(Versioning.OFF, again.createBucket("enabled").versioning(), "a bucket made again begins anew");
        }
    }

    @Example
    void everyWriteToAVersionedBucketIsAVersionOfItsOwn() {
        inVersionedBucket(bucket -> {
            var made = new ArrayList<ObjectInfo>();
            for (int size : new int[]{0, 1, 1000, 70_000, 300_000})
                made.add(bucket.put("key", content(size)));
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT);
            made.add(complete(upload, List.of(part(upload, 1, content(5)))));
            var ids = made.stream().map(ObjectInfo::versionId).toList();
            assertEquals(ids.size(), new HashSet<>(ids).size());
            assertFalse(ids.contains(NULL_VERSION));
            for (var info : made) {
                assertEquals(info, bucket.head("key", info.versionId()));
                assertArrayEquals(content(Math.toIntExact(info.sizeBytes())), bytes(bucket, "key", info.versionId()));
            }
            assertEquals(made.getLast(), bucket.head("key"));
            assertEquals(ids.reversed(), versionIds(bucket));
            assertEquals(List.of("key"), keys(bucket.list(ListRequest.ALL)), "a listing of keys has the newest alone");
        });
    }

    @Example
    void whatWasThereBeforeVersioningIsTheNullVersion() {
        inBucket(bucket -> {
            var before = bucket.put("key", content(1));
            assertEquals(NULL_VERSION, before.versionId());
            assertEquals(before, bucket.head("key", NULL_VERSION));
            bucket.setVersioning(Versioning.ENABLED);
            var after = bucket.put("key", content(2));
            assertEquals(List.of(after.versionId(), NULL_VERSION), versionIds(bucket));
            assertArrayEquals(content(1), bytes(bucket, "key", NULL_VERSION));
            assertArrayEquals(content(2), bytes(bucket, "key"));
        });
    }

    @Example
    void aWriteWhileSuspendedReplacesTheNullVersionAndNoOther() {
        inBucket(bucket -> {
            bucket.put("key", content(1));
            bucket.setVersioning(Versioning.ENABLED);
            var kept = bucket.put("key", content(2));
            bucket.setVersioning(Versioning.SUSPENDED);
            var first = bucket.put("key", content(3));
            assertEquals(NULL_VERSION, first.versionId());
            assertEquals(List.of(NULL_VERSION, kept.versionId()), versionIds(bucket));
            bucket.put("key", content(4));
            assertEquals(List.of(NULL_VERSION, kept.versionId()), versionIds(bucket));
            assertArrayEquals(content(4), bytes(bucket, "key"));
            assertArrayEquals(content(4), bytes(bucket, "key", NULL_VERSION));
            assertArrayEquals(content(2), bytes(bucket, "key", kept.versionId()));
            bucket.setVersioning(Versioning.ENABLED);
            var last = bucket.put("key", content(5));
            assertEquals(List.of(last.versionId(), NULL_VERSION, kept.versionId()), versionIds(bucket));
        });
    }

    @Example
    void versionsSurviveReopeningAndCrashes() {
        var store = open();
        var bucket = store.createBucket("bucket");
        bucket.put("key", content(300_000));
        bucket.setVersioning(Versioning.ENABLED);
        var second = bucket.put("key", content(200_000), PutOptions.DEFAULT.withTags(Map.of("t", "v")));
        bucket.delete("key");
        var third = bucket.put("key", content(7));
        bucket.delete("key");
        var before = versions(bucket);
        try (var crashed = crash(reopen(store))) {
            var again = crashed.bucket("bucket");
            assertEquals(before, versions(again));
            assertEquals(5, before.size());
            assertArrayEquals(content(300_000), bytes(again, "key", NULL_VERSION));
            assertArrayEquals(content(200_000), bytes(again, "key", second.versionId()));
            assertArrayEquals(content(7), bytes(again, "key", third.versionId()));
        }
    }

    @Example
    void anIdThatNoVersionHasIsRefused() {
        inVersionedBucket(bucket -> {
            var other = bucket.put("other", content(1)).versionId();
            var gone = bucket.put("key", content(1)).versionId();
            bucket.put("key", content(2));
            Outcome.await(bucket.delete(new Deletion("key", gone, PutCondition.ALWAYS)));
            for (var id : List.of(other, gone, NULL_VERSION)) {
                refused(Reason.NO_SUCH_VERSION, () -> bucket.get("key", id));
                refused(Reason.NO_SUCH_VERSION, () -> bucket.head("key", id));
                refused(Reason.NO_SUCH_VERSION, () -> Outcome.await(bucket.setTags("key", id, Map.of())));
                refused(Reason.NO_SUCH_VERSION, () -> bucket.head("never", id));
            }
            for (var id : List.of("x", "not-a-version", "0", NULL_VERSION + " ", "NULL", "\u00e4")) {
                refused(Reason.INVALID_VERSION, () -> bucket.get("key", id));
                refused(Reason.INVALID_VERSION, () -> bucket.head("never", id));
                refused(Reason.INVALID_VERSION, () -> Outcome.await(bucket.setTags("key", id, Map.of())));
                refused(Reason.INVALID_VERSION, () -> bucket.versions(new VersionListRequest("", "", "key", id, 10)));
            }
        });
    }

    // ---- listings ----

    @Example
    void versionsAreListedByKeyAndThenTheNewestFirst() {
        inVersionedBucket(bucket -> {
            var b1 = bucket.put("b", content(1));
            var a1 = bucket.put("a", content(2));
            var b2 = bucket.put("b", content(3));
            var marker = Outcome.await(bucket.delete(Deletion.of("a"))).markerId();
            var listing = bucket.versions(VersionListRequest.ALL);
            assertFalse(listing.truncated());
            assertEquals(List.of(marker, a1.versionId(), b2.versionId(), b1.versionId()), versionIds(bucket));
            assertEquals(List.of(true, false, true, false), listing.versions().stream().map(ObjectVersion::latest).toList());
            assertTrue(listing.versions().getFirst() instanceof ObjectVersion.DeleteMarker);
            assertEquals(new ObjectVersion.Stored(a1, false), listing.versions().get(1));
            assertEquals(new ObjectVersion.Stored(b2, true), listing.versions().get(2));
            assertEquals(List.of("b"), keys(bucket.list(ListRequest.ALL)));
        });
    }

    @Example
    void aBucketWithoutVersioningListsItsNullVersions() {
        inBucket(bucket -> {
            var object = bucket.put("key", content(1));
            assertEquals(List.of(new ObjectVersion.Stored(object, true)), versions(bucket));
            assertEquals(NULL_VERSION, object.versionId());
        });
    }

    @Example
    void pagesOfVersionsJoinAlsoWithinAKey() {
        inVersionedBucket(bucket -> {
            for (int i = 0; i < 5; i++)
                for (var key : List.of("a", "a/1", "b"))
                    bucket.put(key, content(i));
            var all = versions(bucket);
            assertEquals(15, all.size());
            for (int max = 1; max <= 16; max++) {
                var joined = new ArrayList<ObjectVersion>();
                var page = bucket.versions(new VersionListRequest("", "", "", "", max));
                joined.addAll(page.versions());
                while (page.truncated()) {
                    assertEquals(max, page.versions().size());
                    assertEquals(joined.getLast().key(), page.nextKey());
                    assertEquals(joined.getLast().versionId(), page.nextVersion());
                    page = bucket.versions(new VersionListRequest("", "", page.nextKey(), page.nextVersion(), max));
                    joined.addAll(page.versions());
                }
                assertEquals(all, joined, "pages of " + max);
                assertEquals("", page.nextVersion());
            }
            assertEquals(all.subList(5, 15), bucket.versions(new VersionListRequest("", "", "a", "", 100)).versions(),
                    "without a version a page begins behind all of the key's");
            assertFalse(bucket.versions(new VersionListRequest("", "", "", "", 0)).truncated());
        });
    }

    @Example
    void aDelimiterRollsVersionsUp() {
        inVersionedBucket(bucket -> {
            for (var key : List.of("a", "a/1", "a/1", "a/2", "b/1", "c", "c"))
                bucket.put(key, content(1));
            bucket.delete("b/1"); // a common prefix of nothing but deleted keys is one all the same
            var page = bucket.versions(new VersionListRequest("", "/", "", "", 2));
            assertEquals(List.of("a"), page.versions().stream().map(ObjectVersion::key).toList());
            assertEquals(List.of("a/"), page.commonPrefixes());
            assertEquals("a/", page.nextKey());
            assertEquals("", page.nextVersion());
            var rest = bucket.versions(new VersionListRequest("", "/", "a/", "", 10));
            assertEquals(List.of("b/"), rest.commonPrefixes());
            assertEquals(List.of("c", "c"), rest.versions().stream().map(ObjectVersion::key).toList());
            assertEquals(3, bucket.versions(new VersionListRequest("a/", "/", "", "", 10)).versions().size());
            assertEquals(List.of(), bucket.list(new ListRequest("b", "/", "", 10)).commonPrefixes());
        });
    }

    @Example
    void aVersionThatIsGoneStillMarksItsPlace() {
        inVersionedBucket(bucket -> {
            var ids = IntStream.range(0, 4).mapToObj(i -> bucket.put("key", content(i)).versionId()).toList();
            Outcome.await(bucket.delete(new Deletion("key", ids.get(2), PutCondition.ALWAYS)));
            var behind = bucket.versions(new VersionListRequest("", "", "key", ids.get(2), 10)).versions();
            assertEquals(List.of(ids.get(1), ids.get(0)), behind.stream().map(ObjectVersion::versionId).toList());
        });
    }

    /// One who empties a bucket page by page would otherwise miss what stands behind it.
    @Example
    void behindANullVersionThatIsGoneAPageHasAllOfItsKey() {
        inBucket(bucket -> {
            bucket.setVersioning(Versioning.ENABLED);
            var first = bucket.put("key", content(1)).versionId();
            bucket.setVersioning(Versioning.SUSPENDED);
            bucket.put("key", content(2));
            var page = bucket.versions(new VersionListRequest("", "", "", "", 1));
            assertEquals(NULL_VERSION, page.nextVersion());
            Outcome.await(bucket.delete(new Deletion("key", NULL_VERSION, PutCondition.ALWAYS)));
            var rest = bucket.versions(new VersionListRequest("", "", page.nextKey(), page.nextVersion(), 1)).versions();
            assertEquals(List.of(first), rest.stream().map(ObjectVersion::versionId).toList());
        });
    }

    // ---- tags ----

    @Example
    void tagsAreChangedAlone() {
        var store = open();
        var bucket = store.createBucket("bucket");
        bucket.setVersioning(Versioning.ENABLED);
        var first = bucket.put("key", content(300_000), PutOptions.DEFAULT.withTags(Map.of("a", "1")).withMetadata(
                ObjectMetadata.ofType("text/plain")));
        var second = bucket.put("key", content(2));
        assertEquals(Map.of("a", "1"), first.tags());
        assertEquals(Map.of(), second.tags());
        var tagged = Outcome.await(bucket.setTags("key", first.versionId(), Map.of("b", "2", "c", "")));
        assertEquals(Map.of("b", "2", "c", ""), tagged.tags());
        assertEquals(first, Outcome.await(bucket.setTags("key", first.versionId(), first.tags())), "all but the tags stays");
        var newest = Outcome.await(bucket.setTags("key", "", Map.of("n", "w")));
        assertEquals(second.versionId(), newest.versionId());
        assertEquals(List.of(newest, first), versions(bucket).stream().map(VersionContract::info).toList());
        try (var again = reopen(store)) {
            assertEquals(newest, again.bucket("bucket").head("key"));
            assertEquals(first, again.bucket("bucket").head("key", first.versionId()));
            assertArrayEquals(content(300_000), bytes(again.bucket("bucket"), "key", first.versionId()));
            assertEquals(Map.of(), Outcome.await(again.bucket("bucket").setTags("key", "", Map.of())).tags());
        }
    }

    private static ObjectInfo info(ObjectVersion version) {
        return version instanceof ObjectVersion.Stored(var info, boolean _) ? info : fail("a marker: " + version);
    }

    @Example
    void tagsAreRefusedWhereThereIsNoObject() {
        inVersionedBucket(bucket -> {
            refused(Reason.NO_SUCH_KEY, () -> Outcome.await(bucket.setTags("key", "", Map.of("a", "b"))));
            var object = bucket.put("key", content(1));
            var marker = Outcome.await(bucket.delete(Deletion.of("key"))).markerId();
            assertEquals(marker,
                    refused(Reason.NO_SUCH_KEY, () -> Outcome.await(bucket.setTags("key", "", Map.of()))).markerId());
            refused(Reason.IS_DELETE_MARKER, () -> Outcome.await(bucket.setTags("key", marker, Map.of())));
            assertEquals(Map.of("a", "b"),
                    Outcome.await(bucket.setTags("key", object.versionId(), Map.of("a", "b"))).tags());
        });
    }

    @Example
    void anObjectHasAtMostTenTags() {
        inBucket(bucket -> {
            bucket.put("key", content(1));
            var ten = new TreeMap<String, String>();
            IntStream.range(0, ObjectTags.MAX_TAGS).forEach(i -> ten.put("t" + i, "v".repeat(ObjectTags.MAX_VALUE)));
            assertEquals(ten, Outcome.await(bucket.setTags("key", "", ten)).tags());
            ten.put("one more", "");
            refused(Reason.INVALID_TAG, () -> Outcome.await(bucket.setTags("key", "", ten)));
            refused(Reason.INVALID_TAG, () -> Outcome.await(bucket.setTags("key", "", Map.of("", "v"))));
            refused(Reason.INVALID_TAG,
                    () -> Outcome.await(bucket.setTags("key", "", Map.of("t", "v".repeat(ObjectTags.MAX_VALUE + 1)))));
            refused(Reason.INVALID_TAG,
                    () -> Outcome.await(bucket.setTags("key", "", Map.of("t".repeat(ObjectTags.MAX_NAME + 1), ""))));
            refused(Reason.INVALID_TAG, () -> PutOptions.DEFAULT.withTags(ten));
            assertEquals(ObjectTags.MAX_TAGS, bucket.head("key").tags().size());
        });
    }

    @Example
    void aMultipartObjectHasTheTagsItWasBegunWith() {
        inBucket(bucket -> {
            var upload = bucket.createMultipart("key", PutOptions.DEFAULT.withTags(Map.of("a", "1")));
            var parts = List.of(part(upload, 1, content(5)));
            assertEquals(Map.of("a", "1"), complete(upload, parts).tags());
            var tagged = Outcome.await(bucket.setTags("key", "", Map.of("b", "2")));
            assertEquals(tagged, complete(upload, parts), "a completion repeated answers the object as it is");
        });
    }

    // ---- settings ----

    @Example
    void settingsAreKeptWithTheirBucketUntilItIsDeleted() {
        var store = open();
        store.createBucket("other");
        var bucket = store.createBucket("bucket");
        assertNull(bucket.setting("cors"));
        var document = content(65_536);
        bucket.setSetting("cors", document);
        bucket.setSetting("n".repeat(64), new byte[0]);
        document[0] ^= 1; // the store has its own copy
        Objects.requireNonNull(bucket.setting("cors"))[1] ^= 1;
        var again = crash(reopen(store));
        assertArrayEquals(content(65_536), again.bucket("bucket").setting("cors"));
        assertArrayEquals(new byte[0], again.bucket("bucket").setting("n".repeat(64)));
        assertNull(again.bucket("other").setting("cors"));
        again.bucket("bucket").setSetting("cors", content(3));
        assertArrayEquals(content(3), again.bucket("bucket").setting("cors"));
        again.bucket("bucket").setSetting("cors", null);
        assertNull(again.bucket("bucket").setting("cors"));
        again.deleteBucket("bucket"); // settings do not keep a bucket from being deleted
        try (again) {
            assertNull(again.createBucket("bucket").setting("n".repeat(64)));
        }
    }

    @Example
    void settingsAreRefusedWhenTooLarge() {
        inBucket(bucket -> {
            bucket.setSetting("s", content(1));
            for (var name : List.of("", "n".repeat(65)))
                refused(Reason.INVALID_ARGUMENT, () -> set(bucket, name, content(1)));
            refused(Reason.INVALID_ARGUMENT, () -> set(bucket, "s", content(65_537)));
            assertArrayEquals(content(1), bucket.setting("s"));
        });
    }

    private static String set(Bucket bucket, String name, byte[] document) {
        bucket.setSetting(name, document);
        return name;
    }

    @Example
    void usageCountsObjectsVersionsMarkersAndParts() {
        inBucket(bucket -> {
            assertEquals(new BucketUsage(0, 0, 0, 0, 0, 0, 0), bucket.usage());
            bucket.put("a", content(10));
            bucket.setVersioning(Versioning.ENABLED);
            bucket.put("a", content(2000));
            bucket.put("b", content(300));
            bucket.delete("b");
            var upload = bucket.createMultipart("c", PutOptions.DEFAULT);
            Outcome.await(put(upload, 1, content(4000)));
            Outcome.await(put(upload, 2, content(50)));
            assertEquals(new BucketUsage(1, 2, 1, 2000, 310, 1, 4050), bucket.usage());
        });
    }
}
