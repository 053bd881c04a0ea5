package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.testkit.Step.Place;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The store under test and the model, side by side: which version id of the one is which of the other, what the store said of each
/// object when it took it, and the comparison of all that both hold.
final class Sides {
    static final List<String> BUCKETS = List.of("history", "other");
    static final List<String> SETTINGS = List.of("cors", "policy", "s");
    static final String MALFORMED = "not-a-version";
    private static final String OWNER = "owner";

    /// A version by the id that each side gave it; both empty for the newest.
    record Version(String key, String tested, String modelled) {}

    private record Address(int bucket, String key, String versionId) {}

    final Coverage coverage;
    private final ObjectStore modelStore;
    private ObjectStore store;
    private final List<Bucket> tested = new ArrayList<>();
    private final List<Bucket> model = new ArrayList<>();
    /// Of the bucket that steps mean.
    int turn;
    private final Map<String, String> testedIds = new HashMap<>(Map.of(ObjectInfo.NULL_VERSION, ObjectInfo.NULL_VERSION));
    private final List<List<Version>> gone = List.of(new ArrayList<>(), new ArrayList<>());
    /// What the store said of each object when it took it: it must say so ever after.
    private final Map<Address, ObjectInfo> answered = new HashMap<>();
    private final Map<Address, Instant> marked = new HashMap<>();

    Sides(ObjectStore store, ObjectStore modelStore, Coverage coverage) {
        this.store = store;
        this.modelStore = modelStore;
        this.coverage = coverage;
        for (var name : BUCKETS) {
            tested.add(store.createBucket(name, OWNER));
            model.add(modelStore.createBucket(name, OWNER));
        }
    }

    ObjectStore store() {
        return store;
    }

    Bucket tested() {
        return tested.get(turn);
    }

    Bucket model() {
        return model.get(turn);
    }

    Bucket tested(int bucket) {
        return tested.get(bucket);
    }

    Bucket model(int bucket) {
        return model.get(bucket);
    }

    /// The bucket so many further on.
    int turned(int by) {
        return (turn + by) % BUCKETS.size();
    }

    /// Goes on with what a store was opened as again.
    void reopened(ObjectStore again) {
        store = again;
        for (int i = 0; i < BUCKETS.size(); i++) {
            tested.set(i, store.bucket(BUCKETS.get(i)));
            assertEquals(OWNER, tested.get(i).info().owner());
        }
    }

    /// Deletes the bucket whose turn it is and makes it again, or not, as both sides agree.
    boolean drop() {
        var outcome = Outcome.of(() -> dropped(store));
        same("drop bucket", outcome, Outcome.of(() -> dropped(modelStore)));
        if (!(outcome instanceof Outcome.Value<Boolean>))
            return false;
        assertEquals(Reason.NO_SUCH_BUCKET, reason(Outcome.of(() -> tested().list(ListRequest.ALL))));
        assertEquals(Reason.NO_SUCH_BUCKET, reason(Outcome.of(() -> tested().versioning())));
        tested.set(turn, store.createBucket(BUCKETS.get(turn), OWNER));
        model.set(turn, modelStore.createBucket(BUCKETS.get(turn), OWNER));
        return true;
    }

    private boolean dropped(ObjectStore from) {
        from.deleteBucket(BUCKETS.get(turn));
        return true;
    }

    // ---- versions ----

    String testedId(String modelId) {
        return modelId.isEmpty() ? "" : testedIds.getOrDefault(modelId, "unknown: " + modelId);
    }

    /// Notes, or checks, that these are the two ids of one version.
    void pair(String modelId, String testedId) {
        var known = testedIds.get(modelId);
        if (known == null) {
            assertFalse(testedIds.containsValue(testedId), () -> "two versions of id " + testedId);
            testedIds.put(modelId, testedId);
        } else
            assertEquals(known, testedId);
    }

    /// The version that a step means, as the model knows it.
    Version version(int bucket, Place place) {
        var all = model(bucket).versions(VersionListRequest.ALL).versions();
        return switch (place.which()) {
            case NEWEST -> new Version(key(bucket, place), "", "");
            case THERE -> picked(bucket, place, all.stream().map(this::version).toList());
            case PARTS -> picked(bucket, place,
                    all.stream().filter(
                            version -> version instanceof ObjectVersion.Stored(var info, boolean _) && info.partCount() > 0)
                            .map(this::version).toList());
            case MARKER -> picked(bucket, place,
                    all.stream().filter(ObjectVersion.DeleteMarker.class::isInstance).map(this::version).toList());
            case GONE -> picked(bucket, place, gone.get(bucket));
            case FOREIGN -> picked(bucket, place,
                    all.stream().filter(
                            version -> !version.key().equals(place.key()) && !version.versionId().equals(ObjectInfo.NULL_VERSION))
                            .map(version -> new Version(place.key(), testedId(version.versionId()), version.versionId()))
                            .toList());
            case MALFORMED -> new Version(key(bucket, place), MALFORMED, MALFORMED);
        };
    }

    private Version version(ObjectVersion modelled) {
        return new Version(modelled.key(), testedId(modelled.versionId()), modelled.versionId());
    }

    private Version picked(int bucket, Place place, List<Version> from) {
        return from.isEmpty() ? new Version(key(bucket, place), "", "") : from.get(place.pick() % from.size());
    }

    private String key(int bucket, Place place) {
        var there = model(bucket).list(ListRequest.ALL).objects();
        // mostly one that is there: a miss is the same whichever key is missed
        return there.isEmpty() || place.pick() % 4 == 0 ? place.key() : there.get(place.pick() % there.size()).key();
    }

    // ---- what the store said ----

    void taken(ObjectInfo info, ObjectInfo modelled) {
        assertEquals(info.lastModified().truncatedTo(ChronoUnit.MILLIS), info.lastModified());
        pair(modelled.versionId(), info.versionId());
        answered.put(new Address(turn, info.key(), info.versionId()), info);
    }

    void tagged(ObjectInfo info, ObjectInfo modelled) {
        var before = answered.get(new Address(turn, info.key(), info.versionId()));
        assertNotNull(before, () -> "no such version before: " + info);
        assertEquals(before.lastModified(), info.lastModified());
        taken(info, modelled);
    }

    @Nullable
    ObjectInfo answered(String key, String versionId) {
        return answered.get(new Address(turn, key, versionId));
    }

    /// One deletion's outcome on both sides.
    void deleted(DeleteOutcome there, DeleteOutcome expected, Version version) {
        if (expected instanceof DeleteOutcome.Refused(var _, var reason, var _)) {
            assertEquals(reason, there instanceof DeleteOutcome.Refused refused ? refused.reason() : null, () -> there + "");
            coverage.count("deletion " + reason);
            return;
        }
        if (!(expected instanceof DeleteOutcome.Deleted modelled) || !(there instanceof DeleteOutcome.Deleted done)) {
            fail("refused: " + there);
            return;
        }
        assertEquals(modelled.existed(), done.existed(), () -> "existed: " + there);
        assertEquals(modelled.markerId().isEmpty(), done.markerId().isEmpty(), () -> "marker: " + there);
        if (!modelled.markerId().isEmpty())
            pair(modelled.markerId(), done.markerId());
        boolean forEver = !version.modelled().isEmpty() || modelled.markerId().isEmpty();
        if (forEver && modelled.existed())
            gone.get(turn).add(version.modelled().isEmpty()
                    ? new Version(version.key(), ObjectInfo.NULL_VERSION, ObjectInfo.NULL_VERSION)
                    : version);
        marked.remove(new Address(turn, version.key(), done.markerId()));
        coverage.count(forEver
                ? "deletion" + (modelled.existed() ? "" : " of nothing") + (modelled.markerId().isEmpty() ? "" : " of a marker")
                : "deletion by a marker" + (modelled.existed() ? "" : " of nothing"));
    }

    // ---- comparing ----

    /// All that the store holds, as it tells it.
    List<List<ObjectVersion>> listed() {
        return tested.stream().map(Sides::listed).toList();
    }

    private static List<ObjectVersion> listed(Bucket bucket) {
        return bucket.versions(VersionListRequest.ALL).versions();
    }

    /// Believes the store's times and ids of the versions of `keys` that are not in `before`: a crash has kept its answer.
    void adopt(Set<String> keys, List<List<ObjectVersion>> before) {
        var there = listed(tested());
        var expected = listed(model());
        assertEquals(expected.stream().map(Spelled::of).toList(), there.stream().map(Spelled::of).toList(), "done by half");
        for (int i = 0; i < there.size(); i++) {
            var version = there.get(i);
            var address = new Address(turn, version.key(), version.versionId());
            pair(expected.get(i).versionId(), version.versionId());
            if (!keys.contains(version.key()) || before.get(turn).contains(version))
                continue;
            switch (version) {
                case ObjectVersion.Stored(var info, boolean _) -> answered.put(address, info);
                case ObjectVersion.DeleteMarker marker -> marked.put(address, marker.lastModified());
            }
        }
    }

    void compare(Step step) {
        for (int bucket = 0; bucket < BUCKETS.size(); bucket++) {
            compareVersions(bucket, step);
            assertEquals(Spelled.infos(model(bucket).list(ListRequest.ALL).objects()),
                    Spelled.infos(tested(bucket).list(ListRequest.ALL).objects()), step::toString);
            assertEquals(model(bucket).versioning(), tested(bucket).versioning(), step::toString);
            for (var name : SETTINGS)
                assertArrayEquals(model(bucket).setting(name), tested(bucket).setting(name), step::toString);
        }
    }

    private void compareVersions(int bucket, Step step) {
        var there = listed(tested(bucket));
        var expected = listed(model(bucket));
        assertEquals(expected.stream().map(version -> testedId(version.versionId()) + " " + Spelled.of(version)).toList(),
                there.stream().map(version -> version.versionId() + " " + Spelled.of(version)).toList(), step::toString);
        for (var version : there) {
            var address = new Address(bucket, version.key(), version.versionId());
            switch (version) {
                case ObjectVersion.Stored(var info, boolean _) -> assertEquals(answered.get(address), info, step::toString);
                case ObjectVersion.DeleteMarker marker ->
                    assertEquals(marked.computeIfAbsent(address, _ -> marker.lastModified()), marker.lastModified());
            }
        }
    }

    void compareBytes() {
        for (int bucket = 0; bucket < BUCKETS.size(); bucket++)
            for (var version : listed(model(bucket)))
                if (version instanceof ObjectVersion.Stored(var info, boolean latest)) {
                    compareBytes(bucket, info.key(), testedId(info.versionId()), info.versionId());
                    if (latest)
                        compareBytes(bucket, info.key(), "", "");
                }
    }

    private void compareBytes(int bucket, String key, String testedId, String modelId) {
        try (var object = tested(bucket).get(key, testedId); var expected = model(bucket).get(key, modelId)) {
            assertEquals(answered.get(new Address(bucket, key, testedId(expected.info().versionId()))), object.info());
            assertEquals(object.info(), tested(bucket).head(key, testedId));
            assertArrayEquals(expected.readAllBytes(), object.readAllBytes(), key);
            assertEquals(Spelled.parts(expected.parts(0, 1000)), Spelled.parts(object.parts(0, 1000)), key);
        }
    }

    <T> void same(String what, Outcome<T> there, Outcome<T> expected) {
        same(what, there, expected, (_, _) -> {
        });
    }

    /// `then` is given the tested store's value and the model's when both have one.
    <T> void same(String what, Outcome<T> there, Outcome<T> expected, BiConsumer<T, T> then) {
        if (there instanceof Outcome.Value<T>(var value) && expected instanceof Outcome.Value<T>(var modelled)) {
            assertEquals(comparable(modelled), comparable(value), what);
            coverage.count(what);
            then.accept(value, modelled);
        } else {
            assertEquals(reason(expected), reason(there), what);
            coverage.count(what + " " + reason(there));
        }
    }

    /// The same of a read, whose refusal names the delete marker that it met.
    <T> void sameRead(String what, Outcome<T> there, Outcome<T> expected) {
        same(what, there, expected);
        if (there instanceof Outcome.Refused<T>(var _, var marker)
                && expected instanceof Outcome.Refused<T>(var _, var modelled)) {
            assertEquals(testedId(modelled), marker, what);
            if (!marker.isEmpty())
                coverage.count(what + " met a marker");
        }
    }

    private static Object comparable(Object value) {
        return switch (value) {
            case ObjectInfo info -> Spelled.of(info);
            case Part part -> Spelled.of(part);
            default -> value;
        };
    }

    static @Nullable Reason reason(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(var reason, var _) ? reason : null;
    }
}
