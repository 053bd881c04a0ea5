package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.Restore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An archived log can be restored to every instant since its first base checkpoint, whatever was given back, and whenever its process or
/// its power ended.
final class ArchiveTest {
    @TempDir
    Path directory;

    @Test
    void restoresToAnyInstant() throws Exception {
        for (long seed = 1; seed <= 6; seed++)
            history(seed, 60, 12);
    }

    @Test
    @Tag("long")
    void restoresToAnyInstantOfManyHistories() throws Exception {
        long first = Long.getLong("cairn.seed", System.nanoTime() & 0xFFFFFFFL);
        long deadline = System.nanoTime() + Long.getLong("cairn.long.minutes", 15) * 60_000_000_000L / 10;
        int histories = 0;
        for (long seed = first; System.nanoTime() < deadline; seed++, histories++)
            history(seed, 250, 15);
        System.out.println("archived histories: " + histories + " from seed " + first);
        assertTrue(histories > 0);
    }

    private void history(long seed, int steps, int restores) throws Exception {
        var place = Files.createDirectory(directory.resolve("history-" + seed));
        var archive = Archive.directory(place.resolve("archive"));
        try (var history = new ArchivedHistory(place, archive, seed)) {
            history.log().archiveNow();
            history.steps(steps);
            long last = history.archived();
            var windows = Restore.windows(archive, ArchivedHistory.GROUP);
            assertEquals(1, windows.size(), () -> "seed " + seed + ": a gap: " + windows);
            assertTrue(last >= history.states.lastKey(), "not all is archived");
            var stamps = new ArrayList<>(history.states.tailMap(windows.getFirst().from()).keySet());
            assertTrue(stamps.size() > steps / 3, () -> "seed " + seed + ": hardly anything to restore to");
            for (int i = 0; i < restores; i++) {
                long stamp = stamps.get(history.nextInt(stamps.size()));
                history.requireRestored(stamp);
                if (stamp - 1 >= windows.getFirst().from())
                    history.requireRestored(stamp - 1);
                if (stamp + 1 <= last)
                    history.requireRestored(stamp + 1);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("history of seed " + seed + ": " + e, e);
        }
        ArchivedHistory.delete(place);
    }
}
