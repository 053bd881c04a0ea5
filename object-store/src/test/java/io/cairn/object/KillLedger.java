package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.KillPlan.Content;
import io.cairn.object.KillPlan.Operation;
import io.cairn.object.MultipartUpload.CompletedPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was acknowledged in all rounds, and the check that the store still has it. Each writer's one operation that was under way
/// at the kill may have happened or not, but only as a whole; which of the two it was is settled by looking, and holds from then on.
final class KillLedger {
    enum Kind {
        PUT, DEL, DONE, COPY, VER
    }

    /// An object as it must be; `uploadId` is empty for one that was put at once.
    private record Whole(List<Content> contents, String uploadId, boolean copied) {
        Whole(List<Content> contents, String uploadId) {
            this(contents, uploadId, false);
        }

        boolean multipart() {
            return !uploadId.isEmpty();
        }

        byte[] bytes() {
            var bytes = new ByteArrayOutputStream();
            contents.forEach(content -> bytes.writeBytes(content.bytes()));
            return bytes.toByteArray();
        }

        String etag() {
            if (!multipart())
                return HexFormat.of().formatHex(md5(bytes()));
            var sums = new ByteArrayOutputStream();
            contents.forEach(content -> sums.writeBytes(md5(content.bytes())));
            return HexFormat.of().formatHex(md5(sums.toByteArray())) + "-" + contents.size();
        }

        List<CompletedPart> parts() {
            return contents.stream().map(
                    content -> new CompletedPart(content.part(), HexFormat.of().formatHex(md5(content.bytes())), null)).toList();
        }
    }

    private static final int MAX_IN_LOG_BYTES = 256 << 10;
    private final Map<String, Whole> there = new TreeMap<>(); // keys are ASCII: the order of their UTF-8
    /// What each writer's key with versions has, the newest last.
    private final Map<Integer, List<Content>> versions = new TreeMap<>();
    private final Map<String, Operation> underWay = new HashMap<>();
    private final Map<String, String> begun = new HashMap<>();
    private final Map<Kind, Integer> acknowledged = new EnumMap<>(Kind.class);
    private int settledAsDone;
    private int unfinishedUploads;
    private int packedFiles;

    int acknowledged(Kind kind) {
        return acknowledged.getOrDefault(kind, 0);
    }

    String summary() {
        return "acknowledged " + acknowledged + ", " + there.size() + " objects, of the operations under way at a kill "
                + settledAsDone + " had happened, " + unfinishedUploads + " uploads stood unfinished, "
                + packedFiles + " files of survivors were met";
    }

    /// How many the checks have met, counted at each.
    int packedFiles() {
        return packedFiles;
    }

    /// Takes in one round's lines.
    void read(long seed, int round, List<String> lines) {
        var plans = new KillPlan[KillPlan.WRITERS];
        Arrays.setAll(plans, writer -> new KillPlan(seed, round, writer));
        begun.clear();
        for (var line : lines) {
            var words = line.split(" ");
            int writer = Integer.parseInt(words[0]);
            if (words[1].equals("BEGUN")) {
                begun.put(words[2], words[3]);
                continue;
            }
            var operation = plans[writer].next();
            assertEquals(told(operation), line.substring(line.indexOf(' ') + 1), "what a writer did follows from its plan");
            acknowledged.merge(Kind.valueOf(words[1]), 1, Integer::sum);
            happened(operation);
        }
        underWay.clear();
        for (int writer = 0; writer < plans.length; writer++)
            underWay.put("writer-" + writer, plans[writer].next());
    }

    private static String told(Operation operation) {
        return switch (operation) {
            case Operation.Put(var key, var content) -> "PUT " + key + " " + content.version();
            case Operation.Delete(var keys) -> "DEL " + String.join(" ", keys);
            case Operation.Multipart(var key, var _) -> "DONE " + key;
            case Operation.Copy(var from, var to) -> "COPY " + from + " " + to;
            case Operation.Version(var content) -> "VER " + content.version();
        };
    }

    private void happened(Operation operation) {
        switch (operation) {
            case Operation.Put(var key, var content) -> there.put(key, new Whole(List.of(content), ""));
            case Operation.Delete(var keys) -> there.keySet().removeAll(keys);
            case Operation.Multipart(var key, var parts) -> there.put(key, new Whole(parts, uploadOf(key)));
            case Operation.Copy(var from, var to) -> {
                var source = there.get(from);
                if (source != null)
                    there.put(to, new Whole(source.contents, source.uploadId, true));
            }
            case Operation.Version(var content) ->
                versions.computeIfAbsent(content.writer(), _ -> new ArrayList<>()).add(content);
        }
    }

    private String uploadOf(String key) {
        var id = begun.get(key);
        assertNotNull(id, () -> key + " was completed before its upload began");
        return id;
    }

    /// Checks a store that was just opened after a kill, then ends the uploads that the kill left unfinished.
    void check(ObjectStore store, Path extents) throws IOException {
        var bucket = store.bucket(KilledWriter.BUCKET);
        underWay.values().forEach(operation -> settle(bucket, operation));
        checkVersions(store.bucket(KilledWriter.VERSIONS));
        var unfinished = bucket.multiparts(new MultipartListRequest("", "", "", "", ListRequest.MAX)).uploads();
        checkObjects(bucket);
        assertEquals(largeExtents(unfinished), sizesOf(extents), "one file in extents/ for each large extent, and no other");
        unfinished.forEach(this::finish);
        assertEquals(List.of(), bucket.multiparts(new MultipartListRequest("", "", "", "", ListRequest.MAX)).uploads());
        checkObjects(bucket);
    }

    private void settle(Bucket bucket, Operation operation) {
        boolean happened = switch (operation) {
            case Operation.Put(var key, var content) -> isThere(bucket, key, new Whole(List.of(content), ""));
            case Operation.Delete(var keys) -> keys.stream().noneMatch(key -> isThere(bucket, key))
                    && keys.stream().anyMatch(there::containsKey);
            case Operation.Multipart(var key, var parts) -> begun.containsKey(key)
                    && isThere(bucket, key, new Whole(parts, uploadOf(key)));
            case Operation.Copy(var from, var to) -> {
                var source = there.get(from);
                yield source != null && isThere(bucket, to, source);
            }
            case Operation.Version _ -> false; // looked at with the others
        };
        if (!happened)
            return;
        settledAsDone++;
        happened(operation);
    }

    /// The newest few that were acknowledged are there, whole and in order; before them only one may stand, that which was under way, and
    /// behind them such as a kill kept from being removed.
    private void checkVersions(Bucket bucket) {
        for (int writer = 0; writer < KillPlan.WRITERS; writer++) {
            var key = "writer-" + writer;
            var acked = versions.computeIfAbsent(writer, _ -> new ArrayList<>());
            var found = bucket.versions(new VersionListRequest(key, "", "", "", ListRequest.MAX)).versions();
            if (underWay.get(key) instanceof Operation.Version(var content) && !found.isEmpty()
                    && has(bucket, found.getFirst(), content)) {
                settledAsDone++;
                acked.add(content);
            }
            int kept = Math.min(KillPlan.KEPT_VERSIONS, acked.size());
            assertTrue(found.size() >= kept && found.size() <= acked.size(),
                    () -> key + " has " + found.size() + " versions of " + acked.size());
            for (int i = 0; i < found.size(); i++) {
                var expected = acked.get(acked.size() - 1 - i);
                assertTrue(has(bucket, found.get(i), expected), () -> "lost: a version of " + key + ": " + expected);
            }
        }
    }

    private static boolean has(Bucket bucket, ObjectVersion version, Content content) {
        try (var object = bucket.get(version.key(), version.versionId())) {
            return Arrays.equals(content.bytes(), object.readAllBytes());
        }
    }

    private static boolean isThere(Bucket bucket, String key) {
        try {
            bucket.head(key);
            return true;
        } catch (ObjectRefusedException e) {
            assertEquals(Reason.NO_SUCH_KEY, e.reason());
            return false;
        }
    }

    private static boolean isThere(Bucket bucket, String key, Whole whole) {
        return isThere(bucket, key) && bucket.head(key).etag().equals(whole.etag());
    }

    /// Every object is whole, the listing says the same, and a completed upload answers its repetition with the object it made.
    private void checkObjects(Bucket bucket) {
        var got = new ArrayList<ObjectInfo>();
        there.forEach((key, whole) -> {
            try (var object = bucket.get(key)) {
                assertArrayEquals(whole.bytes(), object.readAllBytes(), () -> key + " has other bytes than " + whole);
                assertEquals(whole.etag(), object.info().etag(), key);
                assertEquals(whole.multipart() ? whole.contents().size() : 0, object.info().partCount(), key);
                got.add(object.info());
                if (whole.multipart() && !whole.copied())
                    assertEquals(got.getLast(), bucket.multipart(key, whole.uploadId())
                            .complete(whole.parts(), Expected.NOTHING, PutCondition.ALWAYS).join(), key);
            } catch (ObjectRefusedException e) {
                throw new AssertionError("lost: " + key + ", which was acknowledged as " + whole, e);
            }
        });
        var listed = listed(bucket);
        assertEquals(keys(got), keys(listed), "keys of the listing and those that get gives");
        assertEquals(got, listed, "the listing and what get gives");
    }

    private static List<String> keys(List<ObjectInfo> objects) {
        return objects.stream().map(ObjectInfo::key).toList();
    }

    private static List<ObjectInfo> listed(Bucket bucket) {
        var listed = new ArrayList<ObjectInfo>();
        var after = "";
        do {
            var page = bucket.list(new ListRequest("", "", after, 50));
            listed.addAll(page.objects());
            after = page.next();
        } while (!after.isEmpty());
        return listed;
    }

    private List<Long> largeExtents(List<MultipartUpload> unfinished) {
        // Copies name the same extents.
        var contents = new HashSet<Content>();
        there.values().forEach(whole -> contents.addAll(whole.contents()));
        var sizes = new ArrayList<Long>();
        contents.forEach(content -> sizes.add((long) content.length()));
        unfinished.forEach(upload -> upload.parts(0, MultipartUpload.MAX_PARTS).forEach(part -> sizes.add(part.sizeBytes())));
        return sizes.stream().filter(size -> size > MAX_IN_LOG_BYTES).map(KillLedger::fileBytes).sorted().toList();
    }

    /// Header, payload, and a checksum for each 64 KiB of it.
    private static long fileBytes(long length) {
        return 64 + length + 4 * ((length + 65_535) / 65_536);
    }

    private List<Long> sizesOf(Path extents) throws IOException {
        var sizes = new ArrayList<Long>();
        try (var files = Files.newDirectoryStream(extents)) {
            for (var file : files)
                if (packed(file.getFileName().toString()))
                    packedFiles++;
                else
                    sizes.add(Files.size(file));
        }
        sizes.sort(null);
        return sizes;
    }

    /// Files of survivors have their number in the upper half of 2^20.
    private static boolean packed(String name) {
        return name.endsWith(".ext") && Long.parseLong(name, 0, 16, 16) % (1 << 20) >= 1 << 19;
    }

    /// An upload that the kill interrupted can be completed when all its parts were committed, and dropped in any case.
    private void finish(MultipartUpload upload) {
        unfinishedUploads++;
        var writer = upload.key().substring(0, upload.key().indexOf('/'));
        if (!(underWay.get(writer) instanceof Operation.Multipart(var key, var contents)) || !key.equals(upload.key())) {
            fail("upload " + upload.id() + " of " + upload.key() + " is unfinished, but was completed or never begun");
            return;
        }
        var whole = new Whole(contents, upload.id());
        if (upload.parts(0, MultipartUpload.MAX_PARTS).size() < contents.size()) {
            upload.abort().join();
            return;
        }
        assertEquals(whole.etag(), upload.complete(whole.parts(), Expected.NOTHING, PutCondition.ALWAYS).join().etag());
        there.put(key, whole);
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
