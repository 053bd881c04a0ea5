package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.Bucket;
import io.cairn.object.CorruptObjectException;
import io.cairn.object.Deletion;
import io.cairn.object.Expected;
import io.cairn.object.MultipartListRequest;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.StoredObject;
import io.cairn.object.VersionListRequest;
import io.cairn.object.Versioning;
import io.cairn.object.internal.engine.ExtentMoves.Faults;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Store.Range;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.MemoryDisks;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a row names after its bytes were moved; and that each step of moving is needed: left out, it is noticed.
final class ExtentMovesTest {
    @TempDir
    Path directory;

    private LogObjectStore open(Faults faults) {
        return open(faults, directory, Disk::of);
    }

    private static LogObjectStore open(Faults faults, Path directory, LogOptions.Disks disks) {
        var log = LocalLog.open(directory, ObjectSpace.group(0), LogOptions.DEFAULT.withFileBytes(64 << 10).withDisks(disks),
                CommitListener.NONE);
        var store = new LogObjectStore(() -> {
        }, log, 1030);
        log.clean(store.extentMoves(faults), CleanedObjectStoreContractTest.EVERYTHING);
        return store;
    }

    private static LocalLog log(LogObjectStore store) {
        return (LocalLog) store.log();
    }

    private static byte[] bytes(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] read(Bucket bucket, String key, String version) {
        try (var object = bucket.get(key, version)) {
            return object.readAllBytes();
        }
    }

    private static ObjectInfo copy(Bucket bucket, String from, String to) {
        try (var source = bucket.get(from)) {
            return bucket.copy(to, source, PutOptions.DEFAULT).join();
        }
    }

    /// Versions, a marker, a null version, copies, an unfinished upload, a completed one and its copy, a part that shares its content.
    private static List<Runnable> fill(LogObjectStore store) {
        var bucket = store.createBucket("bucket");
        bucket.put("null", bytes(1, 5000));
        bucket.setVersioning(Versioning.ENABLED);
        bucket.put("null", bytes(2, 6000));
        bucket.put("deleted", bytes(3, 7000));
        bucket.delete("deleted");
        bucket.put("source", bytes(4, 30_000));
        copy(bucket, "source", "copy 1");
        copy(bucket, "source", "copy 2");
        bucket.delete("source");
        var upload = bucket.createMultipart("multi", PutOptions.DEFAULT);
        var parts = new ArrayList<CompletedPart>();
        for (int number = 1; number <= 3; number++)
            try (var part = upload.part(number)) {
                part.write(ByteBuffer.wrap(bytes(10 + number, 3000)));
                parts.add(new CompletedPart(number, part.commit(Expected.NOTHING).join().etag(), null));
            }
        try (var source = bucket.get("copy 1")) {
            var part = upload.copyPart(4, source, 0, 30_000).join();
            parts.add(new CompletedPart(4, part.etag(), null));
        }
        upload.complete(parts, Expected.NOTHING, PutCondition.ALWAYS).join();
        copy(bucket, "multi", "copy of multi");
        var unfinished = bucket.createMultipart("unfinished", PutOptions.DEFAULT);
        try (var part = unfinished.part(1)) {
            part.write(ByteBuffer.wrap(bytes(20, 4000)));
            part.commit(Expected.NOTHING).join();
        }
        var versions = bucket.versions(VersionListRequest.ALL);
        var checks = new ArrayList<Runnable>();
        checks.add(() -> assertEquals(versions, store.bucket("bucket").versions(VersionListRequest.ALL)));
        return checks;
    }

    private static LogObjectStore check(LogObjectStore store) {
        var bucket = store.bucket("bucket");
        assertArrayEquals(bytes(1, 5000), read(bucket, "null", "null"));
        assertArrayEquals(bytes(2, 6000), read(bucket, "null", ""));
        for (var key : List.of("copy 1", "copy 2"))
            assertArrayEquals(bytes(4, 30_000), read(bucket, key, ""), key);
        for (var key : List.of("multi", "copy of multi")) {
            var whole = ByteBuffer.allocate(39_000);
            for (int number = 1; number <= 3; number++)
                whole.put(bytes(10 + number, 3000));
            assertArrayEquals(whole.put(bytes(4, 30_000)).array(), read(bucket, key, ""), key);
        }
        return store;
    }

    @Test
    void nothingThatIsSeenChangesWhenAllIsMoved() {
        List<Runnable> same;
        try (var store = open(Faults.NONE)) {
            var others = store.createBucket("others");
            for (int i = 1; i <= 3; i++)
                others.put("filler " + i, bytes(60 + i, 30_000));
            same = fill(store);
            for (int round = 1; round <= 3; round++) {
                others.delete("filler " + round);
                assertTrue(log(store).cleanNow(), "round " + round);
                check(store);
                same.forEach(Runnable::run);
            }
            var live = log(store).cleaning();
            assertTrue(live.rounds() == 3 && live.copiedBytes() > 150_000, live::toString);
        }
        try (var store = open(Faults.NONE)) {
            check(store);
            // The last of those who share a content gives it up; after that nothing is left.
            var bucket = store.bucket("bucket");
            bucket.multiparts(new MultipartListRequest("", "", "", "", 10)).uploads()
                    .forEach(upload -> upload.abort().join());
            for (var version : bucket.versions(VersionListRequest.ALL).versions())
                bucket.delete(new Deletion(version.key(), version.versionId(), PutCondition.ALWAYS)).join();
            store.deleteBucket("bucket");
            store.deleteBucket("others");
            log(store).cleanNow();
            assertEquals(0, log(store).cleaning().liveBytes());
            try (var rows = store.log().store().scan(ObjectSpace.SHARED, new Range(new byte[0], null))) {
                rows.seekToFirst();
                assertFalse(rows.valid());
            }
        }
    }

    @Test
    void aReaderGoesOnWithTheOldPlaceAndACopyFromItNamesTheNew() {
        try (var store = open(Faults.NONE)) {
            fill(store);
            var bucket = store.bucket("bucket");
            try (StoredObject open = bucket.get("null")) {
                assertTrue(log(store).cleanNow());
                assertArrayEquals(bytes(2, 6000), open.readAllBytes());
                bucket.copy("late copy", open, PutOptions.DEFAULT).join();
            }
            log(store).flush();
            log(store).cleanNow();
            assertArrayEquals(bytes(2, 6000), read(bucket, "late copy", ""));
            check(store);
        }
    }

    @Test
    void aDamagedExtentStaysWithItsFileAndTheOthersMove() throws Exception {
        try (var store = open(Faults.NONE)) {
            fill(store);
            store.bucket("bucket").put("damaged", bytes(50, 8000));
            flip(bytes(50, 8000));
            log(store).cleanNow();
            assertEquals(1, log(store).cleaning().damaged().size());
            assertThrows(CorruptObjectException.class, () -> read(store.bucket("bucket"), "damaged", ""));
            check(store);
            assertFalse(log(store).cleanNow(), "what lies in a file that cannot be emptied is not copied again and again");
        }
    }

    private void flip(byte[] content) throws Exception {
        var needle = Arrays.copyOf(content, 32);
        try (var files = Files.newDirectoryStream(directory.resolve("log"))) {
            for (var file : files) {
                var all = Files.readAllBytes(file);
                for (int at = 0; at < all.length - 32; at++)
                    if (all[at] == needle[0] && Arrays.equals(all, at, at + 32, needle, 0, 32)) {
                        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            channel.write(ByteBuffer.wrap(new byte[]{(byte) (all[at + 9] ^ 1)}), at + 9);
                        }
                        return;
                    }
            }
        }
        fail("the content is in no log file");
    }

    @Test
    void aCopyThatItsOtherRowsAreNotToldOfIsNoticed() {
        try (var store = open(new Faults() {
            @Override
            public boolean forgetsRows() {
                return true;
            }
        })) {
            fill(store);
            log(store).cleanNow();
            log(store).cleanNow();
            assertThrows(CorruptObjectException.class, () -> check(store));
        }
    }

    /// A row goes between the walk and the latch. A mover that trusts what it saw drops its extent a second time, and keeps a copy alive that
    /// nobody names.
    @Test
    void aDeleteThatRacesIsLookedFor() {
        assertEquals(0, liveAfterRacingDelete(directory.resolve("looking"), false));
        assertNotEquals(0, liveAfterRacingDelete(directory.resolve("trusting"), true));
    }

    private static long liveAfterRacingDelete(Path directory, boolean trusting) {
        var during = new AtomicReference<@Nullable Runnable>();
        try (var store = open(new Faults() {
            @Override
            public boolean mayMove(Shared shared, ExtentMoves.Move move) {
                return trusting || ExtentMoves.unchanged(shared, move);
            }

            @Override
            public void beforeMoves() {
                var action = during.getAndSet(null);
                if (action != null)
                    action.run();
            }
        }, directory, Disk::of)) {
            var bucket = store.createBucket("bucket");
            bucket.put("raced", bytes(1, 9000));
            bucket.put("other", bytes(2, 9000));
            during.set(() -> bucket.delete("raced"));
            log(store).cleanNow();
            assertNull(during.get());
            assertThrows(ObjectRefusedException.class, () -> bucket.get("raced"));
            assertArrayEquals(bytes(2, 9000), read(bucket, "other", ""));
            bucket.delete("other");
            log(store).cleanNow();
            return log(store).cleaning().liveBytes();
        }
    }

    /// The row moves to the superseded versions, or a copy of it is made, between the walk and the latch.
    @Test
    void whatChangedDuringTheWalkIsLeftForTheNextRound() {
        var during = new AtomicReference<@Nullable Runnable>();
        try (var store = open(new Faults() {
            @Override
            public void beforeMoves() {
                var action = during.getAndSet(null);
                if (action != null)
                    action.run();
            }
        })) {
            var bucket = store.createBucket("bucket");
            bucket.setVersioning(Versioning.ENABLED);
            var first = bucket.put("overwritten", bytes(1, 9000));
            bucket.put("copied", bytes(2, 9000));
            during.set(() -> {
                bucket.put("overwritten", bytes(3, 9000));
                copy(bucket, "copied", "copy");
            });
            for (int round = 0; round < 3; round++) {
                log(store).cleanNow();
                assertArrayEquals(bytes(1, 9000), read(bucket, "overwritten", first.versionId()));
                assertArrayEquals(bytes(3, 9000), read(bucket, "overwritten", ""));
                assertArrayEquals(bytes(2, 9000), read(bucket, "copied", ""));
                assertArrayEquals(bytes(2, 9000), read(bucket, "copy", ""));
            }
        }
    }

    @Test
    void aPowerCutBehindTheMovesFindsTheCopies() {
        check(afterPowerCut(directory.resolve("in order"), false)).close();
    }

    @Test
    void pointersThatAreDurableBeforeTheCopyIsAreNoticed() {
        assertThrows(CorruptLogException.class, () -> afterPowerCut(directory.resolve("early"), true));
    }

    private static LogObjectStore afterPowerCut(Path directory, boolean early) {
        var disks = new MemoryDisks();
        var after = new AtomicReference<@Nullable MemoryDisks>();
        try (var store = open(new Faults() {
            @Override
            public boolean pointsBeforeSync() {
                return early;
            }

            @Override
            public void afterMoves() {
                after.compareAndSet(null, disks.worstPowerCut());
            }
        }, directory, disks)) {
            fill(store);
            try {
                log(store).cleanNow();
            } catch (RuntimeException e) {
                assertNotNull(after.get(), () -> "before the power was cut: " + e);
            }
            log(store).crash();
        }
        return open(Faults.NONE, directory, Objects.requireNonNull(after.get()));
    }
}
