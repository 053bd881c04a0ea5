package io.cairn.object.internal.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.Bucket;
import io.cairn.object.CorruptObjectException;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Versioning;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.Damage;
import io.cairn.replication.LogOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scrub finds a flipped byte in whatever file rows or objects lie, while the store is used.
class ScrubTest {
    private static final long FAST = 1L << 40;
    @TempDir
    Path directory;

    private ObjectStore open() {
        return ObjectStore.open(directory, new ObjectStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20), 1000));
    }

    private static byte[] content(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static List<Damage> scrub(ObjectStore store) {
        var found = new ArrayList<Damage>();
        var report = store.scrub(FAST, found::add, () -> false);
        assertTrue(report.whole());
        assertEquals(found.size(), report.damages());
        return found;
    }

    /// Flips a byte of the content in whatever file of this directory has it.
    private void flip(String place, byte[] content) throws IOException {
        var needle = new String(content, 5, 40, ISO_8859_1);
        try (var files = Files.list(directory.resolve("0").resolve(place))) {
            for (var file : files.toList()) {
                int at = Files.readString(file, ISO_8859_1).indexOf(needle);
                if (at < 0)
                    continue;
                flip(file, at + 7);
                return;
            }
        }
        fail("no file in " + place + " has it");
    }

    private static void flip(Path file, long at) throws IOException {
        try (var bytes = Files.newByteChannel(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            bytes.position(at).read(one);
            one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
            bytes.position(at).write(one);
        }
    }

    private static void putParts(Bucket bucket, String key, byte[] first, byte[] second) {
        var upload = bucket.createMultipart(key, PutOptions.DEFAULT);
        var parts = new ArrayList<CompletedPart>();
        for (var bytes : List.of(first, second))
            try (var part = upload.part(parts.size() + 1)) {
                part.write(ByteBuffer.wrap(bytes));
                parts.add(new CompletedPart(parts.size() + 1, part.commit(Expected.NOTHING).join().etag(), null));
            }
        upload.complete(parts, Expected.NOTHING, PutCondition.ALWAYS).join();
    }

    @Test
    void aSoundStoreHasNoDamages() {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            for (int size : new int[]{0, 100, 5000, 300_000, 2_000_000})
                bucket.put("key" + size, content(size));
            putParts(bucket, "parts", content(3000), content(400_000));
            bucket.createMultipart("begun", PutOptions.DEFAULT);
            var found = new ArrayList<Damage>();
            var report = store.scrub(FAST, found::add, () -> false);
            assertEquals(List.of(), found);
            assertEquals(7, report.objects());
            assertEquals(5000 + 300_000 + 2_000_000 + 3000 + 400_000, report.bytes());
        }
    }

    @Test
    void aFlippedByteOfAnObjectIsToldWithItsName() throws IOException {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.setVersioning(Versioning.ENABLED);
            var old = bucket.put("versioned", content(6000));
            bucket.put("versioned", content(6001));
            bucket.put("large", content(700_000));
            putParts(bucket, "parts", content(3000), content(400_000));
            bucket.put("sound", content(5000));
            flip("log", content(6000));
            flip("extents", content(700_000));
            flip("extents", content(400_000));
            var hits = scrub(store).stream().map(Damage::hits).toList();
            assertEquals(3, hits.size(), hits::toString);
            assertTrue(hits.contains("bucket/versioned version " + old.versionId()), hits::toString);
            assertTrue(hits.stream().anyMatch(hit -> String.valueOf(hit).startsWith("bucket/large version ")), hits::toString);
            assertTrue(hits.stream().anyMatch(hit -> String.valueOf(hit).startsWith("part 2 of bucket/parts version ")),
                    hits::toString);
            try (var damaged = bucket.get("large")) {
                assertThrows(CorruptObjectException.class, damaged::readAllBytes);
            }
            for (var key : List.of("sound", "versioned"))
                try (var sound = bucket.get(key)) {
                    assertEquals(sound.info().sizeBytes(), sound.readAllBytes().length);
                }
        }
    }

    @Test
    void aFlippedByteOfTheStoresOwnFilesIsFound() throws IOException {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            for (int i = 0; i < 200; i++)
                bucket.put("key" + i, content(900 + i));
            if (store instanceof LogObjectStore running)
                running.log().flush();
            try (var files = Files.list(directory.resolve("0/db"))) {
                var largest = files.filter(file -> file.toString().endsWith(".sst"))
                        .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).orElseThrow();
                flip(largest, 3000);
            }
            var found = scrub(store);
            assertFalse(found.isEmpty());
            assertEquals("db", found.getFirst().file());
            assertTrue(found.getFirst().what().contains(".sst"), found::toString);
        }
    }

    /// A pin keeps what a row names: a file that is not there was lost.
    @Test
    void aFileThatIsMissingIsToldWithWhatItHits() throws IOException {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.put("large", content(700_000));
            bucket.put("sound", content(5000));
        }
        try (var files = Files.list(directory.resolve("0/extents"))) {
            for (var file : files.toList())
                Files.delete(file);
        }
        try (var store = open()) {
            var found = scrub(store);
            assertEquals(1, found.size(), found::toString);
            assertTrue(found.getFirst().what().contains("missing"), found::toString);
            assertTrue(String.valueOf(found.getFirst().hits()).startsWith("bucket/large version "), found::toString);
        }
    }

    @Test
    void aRowThatCannotBeReadIsToldAndTheOthersAreScrubbed() throws IOException {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.put("a", content(5000));
            bucket.put("b", content(6000));
            if (store instanceof LogObjectStore running)
                running.log()
                        .propose(new Batch().put(ObjectSpace.CURRENT, ObjectKeys.current(1, new byte[]{'a'}), new byte[]{99}))
                        .done().join();
            flip("log", content(6000));
            var found = scrub(store);
            assertEquals(2, found.size(), found::toString);
            assertTrue(found.getFirst().what().contains("cannot be read"), found::toString);
            assertEquals("bucket/a", found.getFirst().hits());
        }
    }

    @Test
    void itKeepsToItsRateAndEndsWhenItIsTold() {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            for (int i = 0; i < 4; i++)
                bucket.put("key" + i, content(100_000));
            long begun = System.nanoTime();
            assertEquals(400_000, store.scrub(1_000_000, damage -> fail(damage.text()), () -> false).bytes());
            assertTrue(System.nanoTime() - begun > 350_000_000L);
            var looks = new int[1];
            var report = store.scrub(1000, damage -> fail(damage.text()), () -> looks[0]++ > 5);
            assertFalse(report.whole());
            assertTrue(report.bytes() < 400_000);
        }
    }
}
