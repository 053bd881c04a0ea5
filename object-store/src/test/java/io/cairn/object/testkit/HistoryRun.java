package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.StoredObject.Piece;
import io.cairn.object.testkit.Step.*;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does one history to a store and to the model, and compares all that they answer: refusals by their reason, values, bytes,
/// and after each step the whole listing.
final class HistoryRun implements AutoCloseable {
    private static final String BUCKET = "history";

    /// Namings in which several parts may be wrong in several ways; which is told is nobody's business.
    private static final Set<Naming> MANY_FAULTS = Set.of(Naming.WRONG_ETAG, Naming.REVERSED, Naming.WRONG_CHECKSUM);
    private static final Set<Reason> FAULTS_OF_PARTS = Set.of(Reason.INVALID_PART, Reason.INVALID_PART_ORDER,
            Reason.ENTITY_TOO_SMALL,
            Reason.BAD_CHECKSUM);

    /// Reopening, as the implementation under test does it.
    interface Reopening { ObjectStore reopen(ObjectStore store, boolean crash); }

    /// One multipart upload, under the id that each side gave it.
    private record Ids(String key, String tested, String modelled) {}

    private record Completed(Ids ids, List<CompletedPart> parts) {}

    private final Reopening reopening;
    private final Coverage coverage;
    private final ObjectStore modelStore;
    private ObjectStore store;
    private Bucket tested;
    private Bucket model;
    private final List<Ids> uploads = new ArrayList<>();
    private @Nullable Completed completed;
    /// What the store said of each object when it took it: it must say so ever after.
    private final Map<String, ObjectInfo> answered = new HashMap<>();

    HistoryRun(ObjectStore store, long minPartBytes, Reopening reopening, Coverage coverage) {
        this.store = store;
        this.reopening = reopening;
        this.coverage = coverage;
        this.modelStore = new ModelObjectStore(minPartBytes);
        this.tested = store.createBucket(BUCKET, "owner");
        this.model = modelStore.createBucket(BUCKET, "owner");
    }

    void run(List<Step> history) {
        for (var step : history) {
            step(step);
            compareListing(step);
        }
        compareBytes();
    }

    @Override
    public void close() {
        store.close();
    }

    private void step(Step step) {
        switch (step) {
            case Put put -> put(put);
            case Abandon(var key, var content) -> {
                try (var upload = tested.upload(key, PutOptions.DEFAULT)) {
                    upload.write(ByteBuffer.wrap(content.bytes()));
                }
                coverage.count("abandon");
            }
            case Delete(var key) -> {
                same("delete", Outcome.ofFuture(() -> tested.deleteAsync(key)), Outcome.ofFuture(() -> model.deleteAsync(key)));
                answered.remove(key);
            }
            case DeleteAll(var keys) -> {
                same("batch delete", Outcome.ofFuture(() -> tested.deleteAll(keys)),
                        Outcome.ofFuture(() -> model.deleteAll(keys)));
                keys.forEach(answered::remove);
            }
            case Read read -> read(read);
            case ListKeys(var prefix, var delimiter, int max) -> listPages(prefix, delimiter, max);
            case Begin begin -> begin(begin);
            case PutPart part -> putPart(part);
            case Complete complete -> complete(complete);
            case CompleteAgain(int index) -> completeAgain();
            case Abort(int index) -> abort(index);
            case ListUploads(var prefix, var delimiter, int max) -> listUploads(prefix, delimiter, max);
            case DropBucket() -> dropBucket();
            case Reopen() -> reopen(false);
            case CrashInPut crash -> crashInPut(crash);
            case CrashInDelete(var keys) -> crashInDelete(keys);
            case CrashInComplete(int index) -> crashInComplete(index);
        }
    }

    // ---- plain objects ----

    private void put(Put put) {
        var bytes = put.content().bytes();
        var options = new PutOptions(metadata(put.metadata()), put.algorithm(), ChecksumType.FULL_OBJECT,
                condition(put.condition(), put.key()));
        var expected = expected(put.fault(), put.algorithm(), bytes);
        same("put", Outcome.ofFuture(() -> write(tested.upload(put.key(), options), bytes, put.pieceBytes(), expected)),
                Outcome.ofFuture(() -> write(model.upload(put.key(), options), bytes, put.pieceBytes(), expected)), this::taken);
    }

    private static ObjectMetadata metadata(String text) {
        return text.isEmpty()
                ? ObjectMetadata.EMPTY
                : new ObjectMetadata(Map.of("content-type", "text/" + text), Map.of(text, "\u00e4 " + text, "empty", ""));
    }

    private PutCondition condition(Step.Condition condition, String key) {
        return switch (condition) {
            case ALWAYS -> PutCondition.ALWAYS;
            case IF_ABSENT -> PutCondition.IF_ABSENT;
            case IF_MATCH -> new PutCondition.IfMatch(
                    Outcome.of(() -> model.head(key)) instanceof Outcome.Value<ObjectInfo>(var info) ? info.etag() : "0");
            case IF_MATCH_WRONG -> new PutCondition.IfMatch("0");
        };
    }

    private static Expected expected(Fault fault, @Nullable ChecksumAlgorithm algorithm, byte[] bytes) {
        var md5 = ModelDigests.md5(bytes);
        var checksum = algorithm == null ? null : ModelDigests.of(algorithm, bytes);
        return switch (fault) {
            case NONE -> Expected.NOTHING;
            case ALL_SAID -> new Expected(bytes.length, md5, checksum);
            case LENGTH -> new Expected(bytes.length + 1, null, null);
            case MD5 -> new Expected(-1, flipped(md5), null);
            case CHECKSUM -> new Expected(-1, null, checksum == null ? null : flipped(checksum));
        };
    }

    private static byte[] flipped(byte[] value) {
        var copy = value.clone();
        copy[copy.length - 1] ^= 1;
        return copy;
    }

    private static <T> CompletableFuture<T> write(Upload<T> upload, byte[] bytes, int pieceBytes, Expected expected) {
        try (upload) {
            var buffer = new byte[Math.min(pieceBytes, Math.max(bytes.length, 1))];
            for (int at = 0; at < bytes.length; at += buffer.length) {
                int length = Math.min(buffer.length, bytes.length - at);
                System.arraycopy(bytes, at, buffer, 0, length);
                upload.write(ByteBuffer.wrap(buffer, 0, length));
                Arrays.fill(buffer, (byte) 0x55); // the caller may reuse it at once
            }
            return upload.commit(expected);
        }
    }

    private void taken(ObjectInfo info) {
        assertEquals(info.lastModified().truncatedTo(ChronoUnit.MILLIS), info.lastModified());
        answered.put(info.key(), info);
    }

    private void read(Read read) {
        var there = model.list(ListRequest.ALL).objects();
        // mostly one that is there: a miss is the same whichever key is missed
        var key = there.isEmpty() || read.from() % 5 == 0 ? read.key() : there.get(read.to() % there.size()).key();
        same("read", Outcome.of(() -> run(tested, key, read)), Outcome.of(() -> run(model, key, read)));
    }

    /// The run's bytes twice, in hexadecimal digests so that a failure can be read.
    private static List<String> run(Bucket bucket, String key, Read read) {
        try (var object = bucket.get(key)) {
            long size = object.info().sizeBytes();
            long from = size * read.from() / 1000;
            long length = size * read.to() / 1000 - from;
            try (var in = object.stream(from, length)) {
                var streamed = digest(in.readAllBytes());
                return List.of(streamed, digest(pieces(object, from, length)),
                        object.part(1) + " " + object.part(2) + " " + object.part(3));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String digest(byte[] bytes) {
        return bytes.length + " bytes " + etag(bytes);
    }

    private static String etag(byte[] bytes) {
        return HexFormat.of().formatHex(ModelDigests.md5(bytes));
    }

    static byte[] pieces(StoredObject object, long from, long length) {
        var out = new ByteArrayOutputStream();
        var pieces = object.pieces(from, length);
        for (var piece = pieces.next(); piece != null; piece = pieces.next()) {
            switch (piece) {
                case Piece.Bytes(var bytes) -> {
                    var copy = new byte[bytes.remaining()];
                    bytes.duplicate().get(copy);
                    out.writeBytes(copy);
                }
                case Piece.FileRange(var file, long position, long bytes) -> out.writeBytes(fromFile(file, position, bytes));
            }
        }
        return out.toByteArray();
    }

    private static byte[] fromFile(FileChannel file, long position, long length) {
        var buffer = ByteBuffer.allocate(Math.toIntExact(length));
        try {
            while (buffer.hasRemaining())
                if (file.read(buffer, position + buffer.position()) < 0)
                    throw new AssertionError("the file ends within the piece");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return buffer.array();
    }

    // ---- listings ----

    private void listPages(String prefix, String delimiter, int max) {
        var after = "";
        for (int page = 0; page <= Step.KEYS.size(); page++) {
            var request = new ListRequest(prefix, delimiter, after, max);
            var there = tested.list(request);
            var expected = model.list(request);
            assertEquals(spelled(expected.objects()), spelled(there.objects()), request::toString);
            assertEquals(expected.commonPrefixes(), there.commonPrefixes(), request::toString);
            assertEquals(expected.next(), there.next(), request::toString);
            coverage.count(delimiter.isEmpty() ? "list" : "list with delimiter");
            if (!there.commonPrefixes().isEmpty())
                coverage.count("list with common prefixes");
            if (!there.truncated())
                return;
            coverage.count("list truncated");
            after = there.next();
        }
        fail("a listing does not end");
    }

    private static List<String> spelled(List<ObjectInfo> objects) {
        return objects.stream().map(HistoryRun::spelled).toList();
    }

    /// All but the time.
    private static String spelled(ObjectInfo info) {
        return info.key() + " " + info.sizeBytes() + " " + info.etag() + " " + info.metadata() + " " + info.checksum() + " "
                + info.partCount();
    }

    private void compareListing(Step step) {
        var there = tested.list(ListRequest.ALL);
        assertEquals(spelled(model.list(ListRequest.ALL).objects()), spelled(there.objects()), step::toString);
        for (var info : there.objects())
            assertEquals(answered.get(info.key()), info, step::toString);
    }

    private void compareBytes() {
        for (var info : model.list(ListRequest.ALL).objects()) {
            assertEquals(answered.get(info.key()), tested.head(info.key()));
            try (var object = tested.get(info.key()); var expected = model.get(info.key())) {
                assertEquals(answered.get(info.key()), object.info());
                assertArrayEquals(expected.readAllBytes(), object.readAllBytes(), info.key());
            }
        }
    }

    // ---- multipart ----

    private void begin(Begin begin) {
        var options = PutOptions.DEFAULT.withChecksum(begin.algorithm(), begin.type()).withMetadata(metadata("m"));
        var there = Outcome.of(() -> tested.createMultipart(begin.key(), options));
        var expected = Outcome.of(() -> model.createMultipart(begin.key(), options));
        if (there instanceof Outcome.Value<MultipartUpload>(var upload)
                && expected instanceof Outcome.Value<MultipartUpload>(var modelled)) {
            uploads.add(new Ids(begin.key(), upload.id(), modelled.id()));
            assertEquals(options.withCondition(PutCondition.ALWAYS), upload.options());
            assertEquals(begin.key(), upload.key());
            coverage.count("begin");
        } else {
            assertEquals(reason(expected), reason(there), begin::toString);
            coverage.count("begin " + reason(there));
        }
    }

    private @Nullable Ids upload(int index) {
        return uploads.isEmpty() ? null : uploads.get(index % uploads.size());
    }

    private MultipartUpload tested(Ids ids) {
        return tested.multipart(ids.key(), ids.tested());
    }

    private MultipartUpload model(Ids ids) {
        return model.multipart(ids.key(), ids.modelled());
    }

    private void putPart(PutPart put) {
        var ids = upload(put.upload());
        if (ids == null)
            return;
        var bytes = put.content().bytes();
        var expected = expected(put.fault(), model(ids).options().checksum(), bytes);
        same("part", Outcome.ofFuture(() -> write(tested(ids).part(put.number()), bytes, 65_536, expected)),
                Outcome.ofFuture(() -> write(model(ids).part(put.number()), bytes, 65_536, expected)), part -> {
                });
        compareParts(ids);
    }

    private void compareParts(Ids ids) {
        assertEquals(spelledParts(model(ids).parts(0, 1000)), spelledParts(tested(ids).parts(0, 1000)));
        assertEquals(spelledParts(model(ids).parts(1, 1)), spelledParts(tested(ids).parts(1, 1)));
    }

    private static List<String> spelledParts(List<Part> parts) {
        return parts.stream().map(part -> part.number() + " " + part.sizeBytes() + " " + part.etag() + " " + part.checksum())
                .toList();
    }

    private List<CompletedPart> named(Ids ids, Naming naming) {
        var parts = model(ids).parts(0, 1000);
        var all = new ArrayList<CompletedPart>();
        for (var part : parts) {
            var checksum = part.checksum() == null ? null : part.checksum().value();
            all.add(switch (naming) {
                case ALL_WITH_CHECKSUMS -> new CompletedPart(part.number(), part.etag(), checksum);
                case WRONG_CHECKSUM -> new CompletedPart(part.number(), part.etag(), checksum == null ? null : flipped(checksum));
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

    private void complete(Complete complete) {
        var ids = upload(complete.upload());
        if (ids == null || model(ids).parts(0, 1).isEmpty())
            return;
        var parts = named(ids, complete.naming());
        var condition = condition(complete.condition(), ids.key());
        var there = Outcome.ofFuture(() -> tested(ids).complete(parts, Expected.NOTHING, condition));
        var expected = Outcome.ofFuture(() -> model(ids).complete(parts, Expected.NOTHING, condition));
        if (expected instanceof Outcome.Refused<ObjectInfo> && there instanceof Outcome.Refused<ObjectInfo>(var reason)
                && MANY_FAULTS.contains(complete.naming()))
            coverage.count("complete refused " + (FAULTS_OF_PARTS.contains(reason) ? "for its parts" : "for " + reason));
        else
            same("complete", there, expected, info -> completed(ids, parts, info));
    }

    private void completed(Ids ids, List<CompletedPart> parts, ObjectInfo info) {
        taken(info);
        uploads.remove(ids);
        completed = new Completed(ids, parts);
    }

    /// The answer is the object that it made, if it still stands.
    private void completeAgain() {
        if (completed == null)
            return;
        var ids = completed.ids();
        var parts = completed.parts();
        same("complete again", Outcome.ofFuture(() -> tested(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS)),
                Outcome.ofFuture(() -> model(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS)),
                info -> assertEquals(answered.get(ids.key()), info));
    }

    private void abort(int index) {
        var ids = upload(index);
        if (ids == null)
            return;
        Outcome.await(tested(ids).abort());
        Outcome.await(model(ids).abort());
        uploads.remove(ids);
        coverage.count("abort");
        assertEquals(Reason.NO_SUCH_UPLOAD, reason(Outcome.of(() -> tested(ids))));
    }

    private void listUploads(String prefix, String delimiter, int max) {
        String key = "";
        String id = "";
        String modelId = "";
        for (int page = 0; page <= uploads.size() + 1; page++) {
            var there = tested.multiparts(new MultipartListRequest(prefix, delimiter, key, id, max));
            var expected = model.multiparts(new MultipartListRequest(prefix, delimiter, key, modelId, max));
            assertEquals(expected.uploads().stream().map(upload -> upload.key() + " " + testedId(upload.id())).toList(),
                    there.uploads().stream().map(upload -> upload.key() + " " + upload.id()).toList());
            assertEquals(expected.commonPrefixes(), there.commonPrefixes());
            assertEquals(expected.nextKey(), there.nextKey());
            assertEquals(testedId(expected.nextId()), there.nextId());
            coverage.count("list uploads");
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

    // ---- buckets, crashes ----

    private void dropBucket() {
        same("drop bucket", Outcome.of(() -> dropped(store)), Outcome.of(() -> dropped(modelStore)), gone -> {
            assertEquals(Reason.NO_SUCH_BUCKET, reason(Outcome.of(() -> tested.list(ListRequest.ALL))));
            tested = store.createBucket(BUCKET, "owner");
            model = modelStore.createBucket(BUCKET, "owner");
            completed = null;
        });
    }

    private static Boolean dropped(ObjectStore from) {
        from.deleteBucket(BUCKET);
        return true;
    }

    private void reopen(boolean crash) {
        store = reopening.reopen(store, crash);
        tested = store.bucket(BUCKET);
        assertEquals("owner", tested.info().owner());
        compareBytes();
        uploads.forEach(this::compareParts);
        coverage.count(crash ? "crash" : "reopen");
    }

    private void crashInPut(CrashInPut crash) {
        var bytes = crash.content().bytes();
        var pending = write(tested.upload(crash.key(), PutOptions.DEFAULT), bytes, 65_536, Expected.NOTHING);
        store = reopening.reopen(store, true);
        tested = store.bucket(BUCKET);
        var before = answered.get(crash.key());
        var there = Outcome.of(() -> tested.head(crash.key()));
        boolean changed = there instanceof Outcome.Value<ObjectInfo>(var info) && !info.equals(before);
        boolean asWritten = there instanceof Outcome.Value<ObjectInfo>(var info) && info.etag().equals(etag(bytes));
        assertTrue(asWritten || !succeeded(pending), () -> "acknowledged and gone: " + crash);
        if (there instanceof Outcome.Value<ObjectInfo>(var info) && changed) {
            model.put(crash.key(), bytes);
            taken(info);
        }
        coverage.count("crash in put");
        reopen(true);
    }

    private void crashInDelete(List<String> keys) {
        var pending = tested.deleteAll(keys);
        store = reopening.reopen(store, true);
        tested = store.bucket(BUCKET);
        var there = keys.stream().filter(answered::containsKey).toList();
        var left = there.stream().filter(key -> Outcome.of(() -> tested.head(key)) instanceof Outcome.Value<ObjectInfo>).toList();
        assertTrue(left.isEmpty() || left.equals(there), () -> "half a batch was deleted: of " + there + " there is " + left);
        assertTrue(left.isEmpty() || !succeeded(pending), () -> "deletion acknowledged and undone: " + left);
        if (left.isEmpty()) {
            Outcome.await(model.deleteAll(keys));
            keys.forEach(answered::remove);
        }
        coverage.count("crash in delete");
        reopen(true);
    }

    private void crashInComplete(int index) {
        var ids = upload(index);
        if (ids == null || model(ids).parts(0, 1).isEmpty())
            return;
        var parts = named(ids, Naming.LAST_ONLY);
        var pending = tested(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS);
        store = reopening.reopen(store, true);
        tested = store.bucket(BUCKET);
        boolean unfinished = Outcome.of(() -> tested(ids).parts(0, 1)) instanceof Outcome.Value<List<Part>>;
        assertTrue(!unfinished || !succeeded(pending), () -> "completion acknowledged and undone: " + ids);
        if (!unfinished) {
            Outcome.await(model(ids).complete(parts, Expected.NOTHING, PutCondition.ALWAYS));
            completed(ids, parts, tested.head(ids.key()));
        }
        coverage.count("crash in complete");
        reopen(true);
    }

    private static boolean succeeded(CompletableFuture<?> pending) {
        return pending.isDone() && !pending.isCompletedExceptionally();
    }

    // ---- comparing ----

    private <T> void same(String what, Outcome<T> there, Outcome<T> expected) {
        same(what, there, expected, value -> {
        });
    }

    /// `then` is given the tested store's value when both have one.
    private <T> void same(String what, Outcome<T> there, Outcome<T> expected, Consumer<T> then) {
        if (there instanceof Outcome.Value<T>(var value) && expected instanceof Outcome.Value<T>(var modelled)) {
            assertEquals(comparable(modelled), comparable(value), what);
            coverage.count(what);
            then.accept(value);
        } else {
            assertEquals(reason(expected), reason(there), what);
            coverage.count(what + " " + reason(there));
        }
    }

    private static Object comparable(Object value) {
        return switch (value) {
            case ObjectInfo info -> spelled(info);
            case Part part -> spelledParts(List.of(part));
            default -> value;
        };
    }

    private static @Nullable Reason reason(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(var reason) ? reason : null;
    }
}
