package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.internal.engine.LogObjectStore;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.testkit.Picture;
import io.cairn.replication.Archive;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.internal.log.LocalLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 while an archive is written, and while one is restored. Each start goes on with the archive where the killed process left it:
/// one timeline without a gap, nothing in it twice; and every state that was seen between the kills comes back, also after a restore
/// that was killed.
///
/// `-Dcairn.seed=N` repeats the plans and the instants of a run.
final class ArchiveKillTest {
    private static final int MAX_RESTORES = 30;
    @TempDir
    Path temporary;

    @Test
    void resumesAfterKills() throws Exception {
        kill(5, 4);
    }

    @Test
    @Tag("long")
    void resumesAfterManyKills() throws Exception {
        kill(60, 60);
    }

    private void kill(int rounds, int restores) throws Exception {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("archive kills: seed " + seed);
        var random = new SplittableRandom(seed);
        var place = temporary.resolve("archive");
        var data = temporary.resolve("data");
        var pictures = new TreeMap<Long, List<String>>();
        for (int round = 1; round <= rounds; round++) {
            assertTrue(ArchivedProcess.killed(temporary, random.nextInt(100, 600), "write", data.toString(), place.toString(),
                    Long.toString(seed), Integer.toString(round)), "it ended by itself");
            try (var store = ObjectStore.open(data, ArchivedProcess.options(place))) {
                log(store).archiveNow();
                var windows = Restore.windows(Archive.directory(place), ObjectSpace.group(0));
                assertEquals(1, windows.size(), () -> "a gap: " + windows);
                long stamp = log(store).readPoint(new ReadLevel.Linearizable()).join().stamp();
                pictures.put(stamp, Picture.of(store, List.of()));
            }
        }
        requireNothingDouble(place);
        int interrupted = 0;
        for (int i = 0; i < restores || interrupted == 0 && i < MAX_RESTORES; i++) {
            long stamp = List.copyOf(pictures.keySet()).get(random.nextInt(pictures.size()));
            var into = temporary.resolve("back-" + i);
            // A longer archive has more manifests to be read before anything is built.
            interrupted += interrupted(place, stamp, into, random.nextInt(5, 120 + 25 * rounds));
            if (!Files.exists(into))
                ObjectStore.restore(Archive.directory(place), new Target.At(stamp), OptionalLong.empty(), into);
            try (var restored = ObjectStore.open(into, KilledWriter.OPTIONS)) {
                assertEquals(pictures.get(stamp), Picture.of(restored, List.of()), () -> "restored to " + stamp);
            }
            delete(into);
        }
        System.out.println("archive kills: " + rounds + " of a writer, " + interrupted + " restores inside");
        assertTrue(interrupted > 0, "no restore was interrupted");
    }

    private static LocalLog log(ObjectStore store) {
        if (store instanceof LogObjectStore running && running.log() instanceof LocalLog log)
            return log;
        throw new AssertionError("another kind of store");
    }

    /// Kills a restore; what stands under its name is whole or nothing. Returns 1 when it was killed before it was done.
    private int interrupted(Path place, long stamp, Path into, int millis) throws IOException, InterruptedException {
        ArchivedProcess.killed(temporary, millis, "restore", place.toString(), Long.toString(stamp), into.toString());
        var begun = into.resolveSibling(into.getFileName() + ".restoring");
        assertFalse(Files.exists(begun) && Files.exists(into), "both are there");
        if (!Files.exists(begun) || Files.exists(begun.resolve("FORMAT")))
            return 0;
        if (!Files.exists(begun.resolve("0")))
            return 1; // hardly begun: nothing in it could be taken for a store
        assertThrows(RuntimeException.class, () -> ObjectStore.open(begun).close(), "half of a store was opened");
        return 1;
    }

    /// Every archived byte of the log is there once, and nothing that no manifest names is left behind.
    private static void requireNothingDouble(Path place) throws IOException {
        try (var blobs = Files.walk(place)) {
            var files = blobs.filter(Files::isRegularFile).map(file -> place.relativize(file).toString()).toList();
            var segments = new HashSet<String>();
            var logs = new HashSet<String>();
            for (var file : files) {
                var parts = file.split("/");
                if (parts.length > 3 && parts[2].equals("segments"))
                    segments.add(parts[3]);
                if (parts.length > 3 && parts[2].equals("log"))
                    logs.add(parts[3]);
            }
            assertEquals(segments, logs, "bytes of the log that no segment names");
            assertTrue(segments.size() > 10, "hardly anything was archived");
        }
    }

    private static void delete(Path place) throws IOException {
        try (var paths = Files.walk(place)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        }
    }
}
