package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.CleaningOptions;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.internal.log.Victims.Candidate;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// When a round is due, and which files it empties.
final class VictimsTest {
    /// Due above 30 % dead and from 100 bytes on, down to 20 %.
    private static final CleaningOptions OPTIONS = options(0.30, 0.10, 100);

    private static CleaningOptions options(double deadShare, double slack, long minDeadBytes) {
        return new CleaningOptions(deadShare, slack, minDeadBytes, 1, 4096, Duration.ofSeconds(1));
    }

    private static Candidate file(long number, long bytes, long live, long age) {
        return new Candidate(new FileKey(Home.LOG, number), bytes, live, age);
    }

    private static Set<Long> chosen(List<Candidate> candidates) {
        return Victims.choose(candidates, OPTIONS).stream().map(FileKey::number).collect(Collectors.toSet());
    }

    @Test
    void aRoundIsDueAboveTheShareNotAtIt() {
        assertFalse(Victims.due(List.of(file(1, 1000, 700, 0)), OPTIONS));
        assertTrue(Victims.due(List.of(file(1, 1000, 699, 0)), OPTIONS));
        assertFalse(Victims.due(List.of(file(1, 1000, 699, 0), file(2, 10, 10, 0)), OPTIONS), "the share is that of all files");
    }

    @Test
    void aRoundIsNotDueForLessThanTheLeastBytesNorForNothing() {
        assertFalse(Victims.due(List.of(file(1, 120, 21, 0)), OPTIONS));
        assertTrue(Victims.due(List.of(file(1, 120, 20, 0)), OPTIONS));
        assertFalse(Victims.due(List.of(), options(0, 0, 0)));
        assertFalse(Victims.due(List.of(file(1, 100, 100, 0)), options(0, 0, 0)));
        assertFalse(Victims.due(List.of(file(1, 1L << 40, 1, 0)), CleaningOptions.OFF));
    }

    @Test
    void countsAboveTheFilesSizeAreNothingDead() {
        // An extent counts a byte more than its length.
        var full = file(1, 1000, 1010, 5);
        assertEquals(0, full.dead());
        assertFalse(Victims.due(List.of(full), options(0, 0, 0)));
        assertEquals(Set.of(), chosen(List.of(full)));
    }

    @Test
    void theOlderOfTwoEquallyEmptyFilesGoesFirst() {
        // 800 of 2000 are dead; without either file 400 of 1600 would be.
        var candidates = List.of(file(1, 1000, 600, 3), file(2, 1000, 600, 4));
        assertEquals(Set.of(1L, 2L), chosen(candidates), "one is not enough");
        var more = new ArrayList<>(candidates);
        more.add(file(3, 500, 500, 9));
        assertEquals(Set.of(2L), chosen(more));
    }

    @Test
    void aYoungFileThatIsNearlyEmptyGoesBeforeAnOldOneThatIsNearlyFull() {
        var full = file(1, 1000, 900, 20); // score 2.3
        var empty = file(2, 1000, 100, 0); // score 9
        assertEquals(Set.of(2L), chosen(List.of(full, empty)));
        var ancient = file(1, 1000, 900, 90); // score 10.1
        assertTrue(chosen(List.of(ancient, empty)).contains(1L));
    }

    @Test
    void asManyAreTakenAsBringTheShareDownAndNoMore() {
        var candidates = new ArrayList<Candidate>();
        for (int i = 0; i < 100; i++)
            candidates.add(file(i, 1000, 650, i));
        var victims = chosen(candidates);
        long bytes = 100_000 - victims.size() * 350L;
        assertTrue(65_000 >= 0.80 * bytes, "after " + victims.size());
        assertTrue(65_000 < 0.80 * (bytes + 350), "one less than " + victims.size() + " would do");
        for (long i = 100 - victims.size(); i < 100; i++)
            assertTrue(victims.contains(i), victims::toString);
    }

    @Test
    void aFileWithLittleToGiveBackIsNeverTaken() {
        var victims = Victims.choose(List.of(file(1, 1000, 950, 9), file(2, 1000, 951, 1000)), options(0, 0, 0));
        assertEquals(Set.of(new FileKey(Home.LOG, 1)), victims);
    }

    @Test
    void aSlackAboveTheShareTakesAllThatHaveAnything() {
        var all = List.of(file(1, 1000, 900, 0), file(2, 1000, 100, 0), file(3, 1000, 1000, 0));
        assertEquals(2, Victims.choose(all, options(0.10, 0.50, 0)).size());
    }
}
