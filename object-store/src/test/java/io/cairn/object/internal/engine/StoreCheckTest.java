package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.CheckReport;
import io.cairn.object.Expected;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.PutOptions;
import io.cairn.object.Versioning;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.internal.log.LocalLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One byte flipped in each kind of file is found and named, with what it hits; rows that contradict one another too; and looking changes
/// nothing.
final class StoreCheckTest {
    @TempDir
    Path directory;

    @BeforeEach
    void fill() {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.put("in the row", bytes(1, 100));
            bucket.put("moved", bytes(2, 5000));
            bucket.put("dead", bytes(3, 30_000));
            bucket.delete("dead");
            assertTrue(((LocalLog) store.log()).cleanNow());
            bucket.setVersioning(Versioning.ENABLED);
            bucket.put("in the log", bytes(4, 50_000));
            bucket.put("in the log", bytes(5, 51_000));
            bucket.put("moved", bytes(6, 900));
            bucket.delete("moved");
            bucket.put("large", bytes(7, 300_000));
            try (var source = bucket.get("large")) {
                bucket.copy("copy of large", source, PutOptions.DEFAULT).join();
            }
            var upload = bucket.createMultipart("unfinished", PutOptions.DEFAULT);
            try (var part = upload.part(1)) {
                part.write(ByteBuffer.wrap(bytes(8, 4000)));
                part.commit(Expected.NOTHING).join();
            }
            bucket.put("gone", bytes(9, 40_000));
            bucket.delete("gone");
        }
    }

    private LogObjectStore open() {
        return (LogObjectStore) ObjectStore.open(directory, new ObjectStoreOptions(
                LogOptions.DEFAULT.withFileBytes(256 << 10), 1000, CleanedObjectStoreContractTest.EVERYTHING));
    }

    private static byte[] bytes(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<String> check() {
        var found = new ArrayList<String>();
        var report = ObjectStore.check(directory, damage -> found.add(damage.text()));
        assertEquals(found.size(), report.damages());
        return found;
    }

    @Test
    void aSoundStoreIsSoundAndItsNumbersAreRight() throws Exception {
        var before = fingerprints();
        var damages = new ArrayList<Damage>();
        CheckReport report = ObjectStore.check(directory, damages::add);
        assertEquals(List.of(), damages);
        assertEquals(before, fingerprints(), "looking changes nothing");
        assertEquals(1, report.buckets());
        assertEquals(4, report.objects(), report::toString);
        assertEquals(4, report.versions(), report::toString); // moved twice, in the log, gone
        assertEquals(2, report.markers(), report::toString);
        assertEquals(1, report.uploads());
        assertEquals(4000, report.partBytes());
        assertEquals(100 + 5000 + 900 + 50_000 + 51_000 + 2 * 300_000 + 40_000, report.objectBytes());
        assertEquals(300_001 + 5001, report.liveExtentBytes());
    }

    @Test
    void aStoreThatIsOpenIsRefused() {
        try (var store = open()) {
            assertNotNull(store);
            assertThrows(StoreFailedException.class, this::check);
        }
        assertEquals(List.of(), check());
    }

    @Test
    void aStoreThatWasKilledIsSoundToo() {
        try (var store = open()) {
            store.bucket("bucket").put("unflushed", bytes(10, 20_000));
            ((LocalLog) store.log()).crash();
        }
        assertEquals(List.of(), check());
        assertEquals(1, ObjectStore.check(directory, _ -> {
        }).unapplied());
        open().close();
        assertEquals(0, ObjectStore.check(directory, _ -> {
        }).unapplied());
    }

    @Test
    void aFlippedByteOfAnObjectIsNamedWithTheObject() throws IOException {
        flipContent("0/log", 5);
        named("log/", "bucket/in the log version ");
    }

    @Test
    void aFlippedByteOfAMovedObjectIsNamedWithTheObject() throws IOException {
        flipContent("0/extents", 2);
        named("extents/", "bucket/moved version null");
    }

    @Test
    void aFlippedByteOfALargeObjectIsNamedWithAllThatShareIt() throws IOException {
        flipContent("0/extents", 7);
        named("extents/", "bucket/large version ");
        named("extents/", "bucket/copy of large version ");
    }

    @Test
    void anyFlippedByteOfARecordIsFound() throws IOException {
        // Whatever stands in the newest log file but one up to its last record: headers, entries, extents alive or dead.
        var file = log();
        long used = recordsEnd(file);
        var random = new Random(5);
        for (int i = 0; i < 40; i++) {
            long at = 4096 + (long) (random.nextDouble() * (used - 4096));
            flip(file, at);
            var found = check();
            flip(file, at);
            if (found.isEmpty())
                assertEquals(0, byteAt(file, at), "only the zeros between records may differ: byte " + at);
            else
                assertTrue(found.getFirst().contains(file.getFileName().toString()), found::toString);
        }
    }

    @Test
    void aFlippedByteOfALogHeaderIsFound() throws IOException {
        flip(log(), 30);
        named(log().getFileName().toString(), "header");
    }

    @Test
    void aFlippedByteOfARocksDbFileIsFound() throws IOException {
        var random = new Random(6);
        for (var kind : List.of("CURRENT", "MANIFEST-", ".sst")) {
            for (var file : files("0/db", kind)) {
                for (int i = 0; i < 5; i++) {
                    long at = (long) (random.nextDouble() * Files.size(file));
                    flip(file, at);
                    named("db/" + file.getFileName(), "");
                    flip(file, at);
                }
            }
        }
    }

    /// RocksDB read such a manifest for ever, at some bytes.
    @Test
    void aFlippedByteOfAManifestIsFoundWhereverItIs() throws IOException {
        var manifest = files("0/db", "MANIFEST-").getLast();
        for (long at = 0; at < Files.size(manifest); at += 5) {
            long place = at;
            flip(manifest, at);
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> named("db/" + manifest.getFileName(), "crc32c"),
                    () -> "byte " + place);
            flip(manifest, at);
        }
    }

    @Test
    void aManifestWithARecordThatWasDamagedIsNotOpened() throws IOException {
        var manifest = files("0/db", "MANIFEST-").getLast();
        flip(manifest, 0x60); // in one of the first records
        var refused = assertThrows(StoreFailedException.class, () -> ObjectStore.open(directory).close());
        assertTrue(String.valueOf(refused.getMessage()).contains(manifest.getFileName().toString()), refused::toString);
    }

    /// A directory stands for a file of which the disk can read nothing.
    @Test
    void aFileThatCannotBeReadIsNamedAndTheOthersAreChecked() throws IOException {
        for (var kind : List.of("0/log .log", "0/extents .ext", "0/db MANIFEST-")) {
            var folder = kind.split(" ")[0];
            var file = files(folder, kind.split(" ")[1]).stream()
                    .filter(each -> !each.getFileName().toString().startsWith("free-")).toList().getLast();
            var aside = Files.move(file, directory.resolve("aside"));
            Files.createDirectory(file);
            flip(directory.resolve("0/BEGUN"), 0);
            named(file.getFileName().toString(), "cannot be read");
            named("BEGUN", "");
            flip(directory.resolve("0/BEGUN"), 0);
            Files.delete(file);
            Files.move(aside, file);
        }
        assertEquals(List.of(), check());
    }

    /// The next open would refuse it, so it is no sound store.
    @Test
    void aMissingLogFileIsFoundThoughNothingInItIsAlive() throws IOException {
        try (var store = open()) {
            store.bucket("bucket").put("in the row too", bytes(11, 500));
        }
        var newest = files("0/log", ".log").getLast();
        var aside = Files.move(newest, directory.resolve("aside"));
        named(newest.getFileName().toString(), "missing");
        Files.move(aside, newest);
        var before = Set.copyOf(files("0/log", ".log"));
        try (var store = open()) {
            for (int i = 0; i < 900; i++)
                store.bucket("bucket").put("row " + i, bytes(i, 1000));
            ((LocalLog) store.log()).crash();
        }
        var later = new ArrayList<>(files("0/log", ".log"));
        later.removeAll(before);
        assertTrue(later.size() >= 3, later::toString);
        assertEquals(List.of(), check());
        var middle = later.get(later.size() / 2);
        Files.move(middle, directory.resolve("aside"));
        named(middle.getFileName().toString(), "missing");
    }

    @Test
    void aFlippedByteOfBegunIsFound() throws IOException {
        flip(directory.resolve("0/BEGUN"), 0);
        named("BEGUN", "");
    }

    @Test
    void aFlippedByteOfFormatIsFound() throws IOException {
        flip(directory.resolve("FORMAT"), 3);
        var refused = assertThrows(StoreFailedException.class, this::check);
        assertTrue(String.valueOf(refused.getMessage()).contains("holds"), refused::toString);
    }

    @Test
    void rowsThatContradictOneAnotherAreFound() {
        contradicts("300001 bytes are counted as alive in it, rows name 600002",
                store -> new Batch().delete(ObjectSpace.SHARED, first(store, ObjectSpace.SHARED)));
        contradicts("rows should name is named by", store -> {
            var key = first(store, ObjectSpace.SHARED);
            return new Batch().put(ObjectSpace.SHARED, key, new byte[]{3});
        });
        contradicts("belongs to no upload", store -> new Batch().delete(ObjectSpace.UPLOADS, first(store, ObjectSpace.UPLOADS)));
        contradicts("not known as one",
                store -> new Batch().delete(ObjectSpace.NULL_VERSIONS, first(store, ObjectSpace.NULL_VERSIONS)));
        contradicts("are counted as alive in it, rows name", store -> {
            var row = ObjectRow.decode(value(store, ObjectSpace.CURRENT, "in the log"));
            Extent extent = ((Content.Extents) row.content()).extents().getFirst();
            return new Batch().dropExtent(extent);
        });
    }

    private interface Contradiction { Batch of(LogObjectStore store); }

    private void contradicts(String what, Contradiction contradiction) {
        var found = new ArrayList<String>();
        try (var store = open()) {
            store.log().propose(contradiction.of(store)).done().join();
        }
        ObjectStore.check(directory, damage -> found.add(damage.text()));
        assertTrue(found.stream().anyMatch(text -> text.contains(what)), () -> what + " in " + found);
    }

    private static byte[] first(LogObjectStore store, ObjectSpace space) {
        try (var rows = store.log().store().scan(space, new Range(new byte[0], null))) {
            rows.seekToFirst();
            return rows.key();
        }
    }

    private static byte[] value(LogObjectStore store, ObjectSpace space, String key) {
        try (var rows = store.log().store().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                if (ObjectKeys.keyOf(rows.key()).equals(key))
                    return rows.value();
        }
        throw new AssertionError(key);
    }

    private void named(String file, String what) {
        var found = check();
        assertTrue(found.stream().anyMatch(text -> text.contains(file) && text.contains(what)),
                () -> file + " and " + what + " in " + found);
    }

    private List<Path> files(String folder, String kind) throws IOException {
        try (var files = Files.list(directory.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind)
                    || file.getFileName().toString().endsWith(kind)).sorted().toList();
        }
    }

    private void flipContent(String folder, int seed) throws IOException {
        var needle = bytes(seed, 64);
        for (var file : files(folder, "")) {
            var all = Files.readAllBytes(file);
            for (int at = 0; at + 64 < all.length; at++)
                if (all[at] == needle[0] && Arrays.equals(all, at, at + 64, needle, 0, 64)) {
                    flip(file, at + 63);
                    return;
                }
        }
        fail("content " + seed + " is in no file of " + folder);
    }

    /// The oldest that holds records of the second half of [#fill].
    private Path log() throws IOException {
        return files("0/log", ".log").getFirst();
    }

    private static long recordsEnd(Path file) throws IOException {
        var all = Files.readAllBytes(file);
        int end = all.length;
        while (end > 0 && all[end - 1] == 0)
            end--;
        return end - 32; // the mark behind the last record vouches for it, and nothing for the mark
    }

    private static byte byteAt(Path file, long at) throws IOException {
        return Files.readAllBytes(file)[(int) at];
    }

    private static void flip(Path file, long at) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4));
            channel.write(one.flip(), at);
        }
    }

    private Map<String, String> fingerprints() throws Exception {
        var found = new TreeMap<String, String>();
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList())
                found.put(file.toString(),
                        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
        }
        return found;
    }

    /// The next open drops it: its head was not durable, so nothing can be in it.
    @Test
    void aLogFileThatWasJustBeingBegunIsNoDamage() throws IOException {
        var begun = Files.write(directory.resolve("0/log/0000000099900000.log"), new byte[8192]);
        assertEquals(List.of(), check());
        var bytes = Files.readAllBytes(begun);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4096 + 24, 4096).putInt(4096 + 28, 0x99900000 >>> 20);
        Files.write(begun, bytes);
        assertEquals(1, check().size(), "it has a record of its present use");
    }
}
