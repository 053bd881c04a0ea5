package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.testkit.Step.*;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Does one history to a store and to the model, and compares all that they answer: refusals by their reason, values, bytes,
/// and after each step all that both hold.
final class HistoryRun implements AutoCloseable {
    /// Reopening, as the implementation under test does it.
    interface Reopening { ObjectStore reopen(ObjectStore store, boolean crash); }

    /// Begins something that concerns `keys` and crashes; when it is found done, it is done to the model too and `done` is told.
    interface Crashing {
        void crash(String what, Set<String> keys, Supplier<CompletableFuture<?>> onTested, Supplier<CompletableFuture<?>> onModel,
                Runnable done);
    }

    private final Reopening reopening;
    private final Sides sides;
    private final ObjectSteps objects;
    private final ListingSteps listings;
    private final MultipartSteps multiparts;

    HistoryRun(ObjectStore store, long minPartBytes, Reopening reopening, Coverage coverage) {
        this.reopening = reopening;
        this.sides = new Sides(store, new ModelObjectStore(minPartBytes), coverage);
        this.objects = new ObjectSteps(sides);
        this.listings = new ListingSteps(sides);
        this.multiparts = new MultipartSteps(sides, objects);
    }

    void run(List<Step> history) {
        for (var step : history) {
            step(step);
            sides.compare(step);
        }
        sides.compareBytes();
    }

    @Override
    public void close() {
        sides.store().close();
    }

    private void step(Step step) {
        switch (step) {
            case Put put -> objects.put(put);
            case Abandon abandon -> objects.abandon(abandon);
            case Delete delete -> objects.delete(delete);
            case DeleteAll batch -> objects.deleteAll(batch);
            case Read read -> objects.read(read);
            case SetTags set -> objects.setTags(set);
            case Copy copy -> objects.copy(copy);
            case Rename rename -> objects.rename(rename);
            case ListKeys list -> listings.keys(list);
            case ListVersions list -> listings.versions(list);
            case Turn(int bucket) -> sides.turn = bucket;
            case SetVersioning(var versioning) -> sides.same("versioning " + versioning,
                    Outcome.of(() -> versioning(sides.tested(), versioning)),
                    Outcome.of(() -> versioning(sides.model(), versioning)));
            case SetSetting set ->
                sides.same("setting", Outcome.of(() -> setting(sides.tested(), set)),
                        Outcome.of(() -> setting(sides.model(), set)));
            case Begin begin -> multiparts.begin(begin);
            case PutInParts put -> multiparts.putInParts(put);
            case PutPart part -> multiparts.putPart(part);
            case CopyPart part -> multiparts.copyPart(part);
            case Complete complete -> multiparts.complete(complete);
            case CompleteAgain(int _) -> multiparts.completeAgain();
            case Abort(int index) -> multiparts.abort(index);
            case ListUploads list -> multiparts.list(list);
            case DropBucket() -> {
                if (sides.drop())
                    multiparts.bucketDropped();
            }
            case Reopen() -> reopen(false);
            case Crash crash -> crash(crash);
        }
    }

    private static Versioning versioning(Bucket bucket, Versioning versioning) {
        bucket.setVersioning(versioning);
        return versioning;
    }

    private static SetSetting setting(Bucket bucket, SetSetting set) {
        bucket.setSetting(Sides.SETTINGS.get(set.name()), set.bytes() < 0 ? null : new Content(set.bytes(), set.bytes()).bytes());
        return set;
    }

    private void reopen(boolean crash) {
        sides.reopened(reopening.reopen(sides.store(), crash));
        sides.compareBytes();
        multiparts.compareParts();
        sides.coverage.count(crash ? "crash" : "reopen");
    }

    private void crash(Crash crash) {
        switch (crash) {
            case CrashInPut(var key, var content) -> crash("put", Set.of(key), () -> put(sides.tested(), key, content),
                    () -> put(sides.model(), key, content), HistoryRun::nothing);
            case CrashInDelete(var deletions) -> {
                var versions = objects.versions(deletions);
                var tested = objects.tested(versions, deletions);
                var modelled = objects.modelled(versions, deletions);
                crash("delete", versions.stream().map(Sides.Version::key).collect(Collectors.toSet()),
                        () -> sides.tested().deleteAll(tested), () -> sides.model().deleteAll(modelled), HistoryRun::nothing);
            }
            case CrashInComplete(int index) -> multiparts.crashInComplete(index, this::crash);
            case CrashInCopy(var copy) -> {
                var source = sides.version(sides.turned(copy.sourceBucket()), copy.source());
                if (Outcome.of(() -> sides.model(sides.turned(copy.sourceBucket())).head(source.key(),
                        source.modelled())) instanceof Outcome.Value<?>)
                    crash("copy", Set.of(copy.key()),
                            () -> copy(sides.tested(sides.turned(copy.sourceBucket())), source.key(), source.tested(),
                                    sides.tested(), copy),
                            () -> copy(sides.model(sides.turned(copy.sourceBucket())), source.key(), source.modelled(),
                                    sides.model(), copy),
                            HistoryRun::nothing);
            }
            case CrashInRename(var source, var target) -> {
                if (!source.equals(target) && Outcome.of(() -> sides.model().head(source)) instanceof Outcome.Value<?>)
                    crash("rename", Set.of(source, target),
                            () -> sides.tested().rename(source, PutCondition.ALWAYS, target, PutCondition.ALWAYS),
                            () -> sides.model().rename(source, PutCondition.ALWAYS, target, PutCondition.ALWAYS),
                            HistoryRun::nothing);
            }
            case CrashInSetTags(var set) -> {
                var version = sides.version(sides.turn, set.place());
                var tags = Spelled.tags(set.tags());
                if (Outcome.of(() -> sides.model().head(version.key(), version.modelled())) instanceof Outcome.Value<?>)
                    crash("set tags", Set.of(version.key()),
                            () -> sides.tested().setTags(version.key(), version.tested(), tags),
                            () -> sides.model().setTags(version.key(), version.modelled(), tags), HistoryRun::nothing);
            }
        }
    }

    private static void nothing() {}

    private static CompletableFuture<ObjectInfo> put(Bucket bucket, String key, Content content) {
        return ObjectSteps.write(bucket.upload(key, Spelled.options("m")), content.bytes(), 65_536, Expected.NOTHING);
    }

    private static CompletableFuture<ObjectInfo> copy(Bucket from, String key, String versionId, Bucket to, Copy copy) {
        try (var source = from.get(key, versionId)) {
            return to.copy(copy.key(), source, ObjectSteps.options(copy, source.info(), PutCondition.ALWAYS));
        }
    }

    private void crash(String what, Set<String> keys, Supplier<CompletableFuture<?>> onTested,
            Supplier<CompletableFuture<?>> onModel, Runnable done) {
        var before = sides.listed();
        var pending = onTested.get();
        sides.reopened(reopening.reopen(sides.store(), true));
        boolean acknowledged = pending.isDone() && !pending.isCompletedExceptionally();
        boolean found = acknowledged || !before.equals(sides.listed());
        if (found) {
            Outcome.await(onModel.get());
            sides.adopt(keys, before);
            done.run();
        }
        sides.coverage.count("crash in " + what);
        if (!found)
            sides.coverage.count("crash in " + what + ", undone"); // how many of them are is a matter of time
        reopen(true);
    }
}
