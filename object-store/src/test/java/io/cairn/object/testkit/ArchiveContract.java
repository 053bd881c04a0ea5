package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ObjectStore;
import io.cairn.replication.ReadPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A store that is archived can be had back as it was at any instant. The same random histories as everywhere run against the store and the
/// model, which must agree after each step; how the store then looked is remembered with its stamp, and restores to random instants, and to
/// the microsecond before a change, must look the same.
public abstract class ArchiveContract {
    private static final int HISTORIES = 5;
    private static final int RESTORES = 5;

    /// A store with an archive.
    public interface Archived extends AutoCloseable {
        ObjectStore store();

        ObjectStore reopen(boolean crash);

        /// The newest change.
        ReadPoint newest();

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

    /// How the store looked.
    ///
    /// @param index of the newest entry of its log then
    record Seen(long index, List<String> picture) {}

    /// How the store looked, by the stamp of the change that made it so.
    private NavigableMap<Long, Seen> history(Archived archived, List<Step> history) {
        var pictures = new TreeMap<Long, Seen>();
        var run = new HistoryRun(archived.store(), minPartBytes(), (_, crash) -> archived.reopen(crash), new Coverage());
        for (var step : history) {
            run.run(List.of(step));
            var picture = Picture.of(archived.store(), Sides.SETTINGS);
            var newest = archived.newest();
            // The archiver's own entries change nothing.
            pictures.put(newest.stamp(), new Seen(newest.index(), picture));
        }
        return pictures;
    }

    /// Returns how many instants were compared.
    static int compare(Archived archived, NavigableMap<Long, Seen> pictures, SplittableRandom random) {
        var window = archived.window();
        assertTrue(window[1] >= pictures.lastKey(), "not everything is archived");
        var stamps = List.copyOf(pictures.tailMap(window[0], true).keySet());
        int compared = 0;
        for (int i = 0; i < RESTORES; i++) {
            long stamp = stamps.get(random.nextInt(stamps.size()));
            var seen = Objects.requireNonNull(pictures.get(stamp));
            same(archived, stamp, seen.picture);
            compared++;
            var before = pictures.lowerEntry(stamp);
            // With one entry between the two, the instant before it is that of the picture before.
            if (before != null && before.getKey() >= window[0] && before.getValue().index + 1 == seen.index) {
                same(archived, stamp - 1, before.getValue().picture);
                compared++;
            }
        }
        return compared;
    }

    private static void same(Archived archived, long instant, List<String> expected) {
        try (var restored = archived.restored(instant)) {
            assertEquals(expected, Picture.of(restored, Sides.SETTINGS), () -> "restored to " + instant);
        }
    }

    /// Beside a test's own directory.
    protected static Path fresh(Path directory, int number) {
        return directory.resolve("restored-" + number);
    }
}
