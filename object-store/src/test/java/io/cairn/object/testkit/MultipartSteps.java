package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.testkit.Step.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The steps of multipart uploads.
final class MultipartSteps {
    /// Namings in which several parts may be wrong in several ways; which is told is nobody's business.
    private static final Set<Naming> MANY_FAULTS = Set.of(Naming.WRONG_ETAG, Naming.REVERSED, Naming.WRONG_CHECKSUM);
    private static final Set<Reason> FAULTS_OF_PARTS = Set.of(Reason.INVALID_PART, Reason.INVALID_PART_ORDER,
            Reason.ENTITY_TOO_SMALL, Reason.BAD_CHECKSUM);

    /// One multipart upload, under the id that each side gave it.
    record Ids(int bucket, String key, String tested, String modelled) {}

    private record Completed(Ids ids, List<CompletedPart> parts) {}

    private final Sides sides;
    private final ObjectSteps objects;
    private final List<Ids> uploads = new ArrayList<>();
    private @Nullable Completed completed;

    MultipartSteps(Sides sides, ObjectSteps objects) {
        this.sides = sides;
        this.objects = objects;
    }

    void begin(Begin begin) {
        var options = Spelled.options("m").withChecksum(begin.algorithm(), begin.type());
        var there = Outcome.of(() -> sides.tested().createMultipart(begin.key(), options));
        var expected = Outcome.of(() -> sides.model().createMultipart(begin.key(), options));
        if (there instanceof Outcome.Value<MultipartUpload>(var upload)
                && expected instanceof Outcome.Value<MultipartUpload>(var modelled)) {
            uploads.add(new Ids(sides.turn, begin.key(), upload.id(), modelled.id()));
            assertEquals(options.withCondition(PutCondition.ALWAYS), upload.options());
            assertEquals(begin.key(), upload.key());
            sides.coverage.count("begin");
        } else {
            assertEquals(Sides.reason(expected), Sides.reason(there), begin::toString);
            sides.coverage.count("begin " + Sides.reason(there));
        }
    }

    private List<Ids> here() {
        return uploads.stream().filter(ids -> ids.bucket() == sides.turn).toList();
    }

    private @Nullable Ids upload(int index) {
        var here = here();
        return here.isEmpty() ? null : here.get(index % here.size());
    }

    private MultipartUpload tested(Ids ids) {
        return sides.tested(ids.bucket()).multipart(ids.key(), ids.tested());
    }

    private MultipartUpload model(Ids ids) {
        return sides.model(ids.bucket()).multipart(ids.key(), ids.modelled());
    }

    void putInParts(PutInParts put) {
        var named = new ArrayList<CompletedPart>();
        var ids = new ArrayList<String>();
        var there = Outcome.of(() -> putInParts(sides.tested(), put, named, ids));
        named.clear();
        sides.same("put in parts", there, Outcome.of(() -> putInParts(sides.model(), put, named, ids)), (info, modelled) -> {
            sides.taken(info, modelled);
            completed = new Completed(new Ids(sides.turn, put.key(), ids.get(0), ids.get(1)), List.copyOf(named));
        });
    }

    private static ObjectInfo putInParts(Bucket bucket, PutInParts put, List<CompletedPart> named, List<String> ids) {
        var upload = bucket.createMultipart(put.key(), Spelled.options("m").withChecksum(put.algorithm(), put.type()));
        ids.add(upload.id());
        for (var content : List.of(put.first(), put.second())) {
            int number = 3 * named.size() + 1;
            var part = Outcome.await(ObjectSteps.write(upload.part(number), content.bytes(), 65_536, Expected.NOTHING));
            named.add(new CompletedPart(number, part.etag(), null));
        }
        return Outcome.await(upload.complete(named, Expected.NOTHING, PutCondition.ALWAYS));
    }

    void putPart(PutPart put) {
        var ids = upload(put.upload());
        if (ids == null)
            return;
        var bytes = put.content().bytes();
        var expected = ObjectSteps.expected(put.fault(), model(ids).options().checksum(), bytes);
        sides.same("part", Outcome.ofFuture(() -> ObjectSteps.write(tested(ids).part(put.number()), bytes, 65_536, expected)),
                Outcome.ofFuture(() -> ObjectSteps.write(model(ids).part(put.number()), bytes, 65_536, expected)));
        compareParts(ids);
    }

    void copyPart(CopyPart copy) {
        var ids = upload(copy.upload());
        if (ids == null)
            return;
        var source = sides.version(sides.turned(copy.sourceBucket()), copy.source());
        sides.same("part copy",
                Outcome.ofFuture(() -> copied(sides.tested(sides.turned(copy.sourceBucket())), source.key(), source.tested(),
                        tested(ids), copy)),
                Outcome.ofFuture(() -> copied(sides.model(sides.turned(copy.sourceBucket())), source.key(), source.modelled(),
                        model(ids), copy)));
        compareParts(ids);
    }

    private static CompletableFuture<Part> copied(Bucket from, String key, String versionId, MultipartUpload to, CopyPart copy) {
        try (var source = from.get(key, versionId)) {
            long size = source.info().sizeBytes();
            long offset = size * copy.from() / 1000;
            return CompletableFuture.completedFuture(
                    Outcome.await(to.copyPart(copy.number(), source, offset, size * copy.to() / 1000 - offset)));
        }
    }

    void compareParts() {
        uploads.forEach(this::compareParts);
    }

    private void compareParts(Ids ids) {
        assertEquals(Spelled.parts(model(ids).parts(0, 1000)), Spelled.parts(tested(ids).parts(0, 1000)));
        assertEquals(Spelled.parts(model(ids).parts(1, 1)), Spelled.parts(tested(ids).parts(1, 1)));
    }

    private List<CompletedPart> named(Ids ids, Naming naming) {
        var parts = model(ids).parts(0, 1000);
        var all = new ArrayList<CompletedPart>();
        for (var part : parts) {
            var checksum = part.checksum() == null ? null : part.checksum().value();
            all.add(switch (naming) {
                case ALL_WITH_CHECKSUMS -> new CompletedPart(part.number(), part.etag(), checksum);
                case WRONG_CHECKSUM ->
                    new CompletedPart(part.number(), part.etag(), checksum == null ? null : ObjectSteps.flipped(checksum));
                case WRONG_ETAG -> new CompletedPart(part.number(), "0".repeat(32), null);
                case MISSING -> new CompletedPart(part.number() == 10_000 ? 9_999 : part.number() + 1, part.etag(), null);
                case ALL, FIRST_ONLY, LAST_ONLY, REVERSED -> new CompletedPart(part.number(), part.etag(), null);
            });
        }
        return switch (naming) {
            case FIRST_ONLY -> all.subList(0, Math.min(1, all.size()));
            case LAST_ONLY -> all.subList(Math.max(0, all.size() - 1), all.size());
            case REVERSED -> all.reversed();
            case MISSING -> all.subList(Math.max(0, all.size() - 1), all.size());
            case ALL, ALL_WITH_CHECKSUMS, WRONG_ETAG, WRONG_CHECKSUM -> all;
        };
    }

    void complete(Complete complete) {
        var ids = upload(complete.upload());
        if (ids == null || model(ids).parts(0, 1).isEmpty())
            return;
        var parts = named(ids, complete.naming());
        var condition = objects.condition(complete.condition(), ids.key());
        var there = Outcome.ofFuture(() -> tested(ids).complete(parts, Expected.NOTHING, condition));
        var expected = Outcome.ofFuture(() -> model(ids).complete(parts, Expected.NOTHING, condition));
        if (expected instanceof Outcome.Refused<ObjectInfo> && there instanceof Outcome.Refused<ObjectInfo>(var reason, var _)
                && MANY_FAULTS.contains(complete.naming()))
            sides.coverage.count("complete refused " + (FAULTS_OF_PARTS.contains(reason) ? "for its parts" : "for " + reason));
        else
            sides.same("complete", there, expected, (info, modelled) -> {
                sides.taken(info, modelled);
                completed(ids, parts);
            });
    }

    private void completed(Ids ids, List<CompletedPart> parts) {
        uploads.remove(ids);
        completed = new Completed(ids, parts);
    }

    /// The answer is the object that it made, if it still stands; behind a newer version or a marker it may count as gone.
    void completeAgain() {
        if (completed == null || completed.ids().bucket() != sides.turn)
            return;
        var ids = completed.ids();
        var parts = completed.parts();
        var there = Outcome.ofFuture(() -> tested(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS));
        var expected = Outcome.ofFuture(() -> model(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS));
        if (expected instanceof Outcome.Value<ObjectInfo>(var info)
                && !info.equals(Outcome.of(() -> sides.model().head(ids.key())) instanceof Outcome.Value<ObjectInfo>(var newest)
                        ? newest
                        : null)
                && Sides.reason(there) == Reason.NO_SUCH_UPLOAD)
            return;
        sides.same("complete again", there, expected,
                (again, _) -> assertEquals(sides.answered(ids.key(), again.versionId()), again));
    }

    void bucketDropped() {
        if (completed != null && completed.ids().bucket() == sides.turn)
            completed = null;
    }

    void abort(int index) {
        var ids = upload(index);
        if (ids == null)
            return;
        Outcome.await(tested(ids).abort());
        Outcome.await(model(ids).abort());
        uploads.remove(ids);
        sides.coverage.count("abort");
        assertEquals(Reason.NO_SUCH_UPLOAD, Sides.reason(Outcome.of(() -> tested(ids))));
    }

    void list(ListUploads list) {
        String key = "";
        String id = "";
        String modelId = "";
        for (int page = 0; page <= uploads.size() + 1; page++) {
            var there = sides.tested()
                    .multiparts(new MultipartListRequest(list.prefix(), list.delimiter(), key, id, list.max()));
            var expected = sides.model()
                    .multiparts(new MultipartListRequest(list.prefix(), list.delimiter(), key, modelId, list.max()));
            assertEquals(expected.uploads().stream().map(upload -> upload.key() + " " + testedId(upload.id())).toList(),
                    there.uploads().stream().map(upload -> upload.key() + " " + upload.id()).toList());
            assertEquals(expected.commonPrefixes(), there.commonPrefixes());
            assertEquals(expected.nextKey(), there.nextKey());
            assertEquals(testedId(expected.nextId()), there.nextId());
            sides.coverage.count("list uploads");
            if (!there.truncated())
                return;
            key = there.nextKey();
            id = there.nextId();
            modelId = expected.nextId();
        }
        fail("a listing of uploads does not end");
    }

    private String testedId(String modelId) {
        return uploads.stream().filter(ids -> ids.modelled().equals(modelId)).map(Ids::tested).findAny().orElse("");
    }

    /// Crashes while completing, which `crash` does; the upload is unfinished afterwards, or the object stands.
    void crashInComplete(int index, HistoryRun.Crashing crash) {
        var ids = upload(index);
        if (ids == null || model(ids).parts(0, 1).isEmpty())
            return;
        var parts = named(ids, Naming.LAST_ONLY);
        crash.crash("complete", Set.of(ids.key()), () -> tested(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS),
                () -> model(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS), () -> completed(ids, parts));
        if (uploads.contains(ids))
            assertFalse(tested(ids).parts(0, 1).isEmpty(), "neither completed nor unfinished");
    }
}
