package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ObjectStore;
import io.cairn.object.testkit.Step.*;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A store that is archived can be had back as it was at any instant. The same random histories as everywhere run against the store and the
/// model, which must agree after each step; how the store then looked is remembered with its stamp, and restores to random instants, and to
/// the microseconds before and after a change, must look the same.
public abstract class ArchiveContract {
    private static final int HISTORIES = 5;
    private static final int RESTORES = 5;

    /// A store with an archive.
    public interface Archived extends AutoCloseable {
        ObjectStore store();

        ObjectStore reopen(boolean crash);

        /// Stamp of the newest change.
        long stamp();

        /// Lets the archive come up with the store.
        void archive();

        /// The first instant and the last that can be restored.
        long[] window();

        /// Opens what a restore to `stamp` gives.
        ObjectStore restored(long stamp);

        @Override
        void close();
    }

    protected abstract Archived open();

    protected long minPartBytes() {
        return 1030;
    }

    @Test
    void restoresToRandomInstants() {
        run(HISTORIES, Long.MAX_VALUE);
    }

    @Test
    @Tag("long")
    void restoresToRandomInstantsOfManyHistories() {
        run(Integer.MAX_VALUE, System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 10);
    }

    private void run(int count, long deadline) {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("restores: seed " + seed);
        var random = new SplittableRandom(seed);
        var histories = Histories.histories().sampleStream().iterator();
        int done = 0;
        int compared = 0;
        while (done++ < count && (deadline == Long.MAX_VALUE || System.nanoTime() < deadline))
            try (var archived = open()) {
                var pictures = history(archived, histories.next());
                archived.archive();
                compared += compare(archived, pictures, random);
            }
        System.out.println("restores: " + (done - 1) + " histories, " + compared + " instants compared");
        assertTrue(compared >= Math.min(count, 5) * RESTORES, "hardly anything was compared: " + compared);
    }

    /// How the store looked, by the stamp of the change that made it so.
    private NavigableMap<Long, List<String>> history(Archived archived, List<Step> history) {
        var pictures = new TreeMap<Long, List<String>>();
        var run = new HistoryRun(archived.store(), minPartBytes(), (_, crash) -> archived.reopen(crash), new Coverage());
        for (var step : history) {
            run.run(List.of(step));
            pictures.put(archived.stamp(), Picture.of(archived.store(), Sides.SETTINGS));
        }
        return pictures;
    }

    /// Returns how many instants were compared.
    static int compare(Archived archived, NavigableMap<Long, List<String>> pictures, SplittableRandom random) {
        var window = archived.window();
        assertTrue(window[1] >= pictures.lastKey(), "not everything is archived");
        var stamps = List.copyOf(pictures.tailMap(window[0], true).keySet());
        int compared = 0;
        for (int i = 0; i < RESTORES; i++) {
            long stamp = stamps.get(random.nextInt(stamps.size()));
            var after = pictures.higherKey(stamp);
            // A step may make several changes: between the last of one and the first of the next the store is as it was remembered.
            for (long instant : new long[]{stamp, Math.min(stamp + 1, window[1])})
                if (after == null || instant == stamp)
                    compared += same(archived, instant, pictures.get(stamp));
            requireDifferent(archived, stamp - 1, window[0], pictures.get(stamp), pictures.lowerEntry(stamp));
        }
        return compared;
    }

    private static int same(Archived archived, long instant, @Nullable List<String> expected) {
        try (var restored = archived.restored(instant)) {
            assertEquals(expected, Picture.of(restored, Sides.SETTINGS), () -> "restored to " + instant);
        }
        return 1;
    }

    /// Just before the change that made a picture, the store did not look so.
    private static void requireDifferent(Archived archived, long instant, long first, @Nullable List<String> picture,
            java.util.Map.@Nullable Entry<Long, List<String>> before) {
        if (instant < first || before == null || before.getValue().equals(picture))
            return;
        try (var restored = archived.restored(instant)) {
            assertNotEquals(picture, Picture.of(restored, Sides.SETTINGS),
                    () -> "the change at " + (instant + 1) + " came early");
        }
    }

    /// Beside a test's own directory.
    protected static Path fresh(Path directory, int number) {
        return directory.resolve("restored-" + number);
    }
}
