package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.KillLedger.Kind;
import io.cairn.replication.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 at a random instant, with all writers busy and a cleaner that
/// moves what lives all the time, over and over on one directory: nothing that was acknowledged is lost or torn, in
/// this round or any before it. Each fifth round is killed at any instant from its start on, so that recovery is interrupted too.
///
/// `-Dcairn.seed=N` repeats the plans and the instants of a run; where the kill falls within an operation stays the machine's choice.
final class KillTest {
    @TempDir
    Path temporary;

    @Test
    void twentyKillsLoseNothingThatWasAcknowledged() throws Exception {
        kill(20);
    }

    @Test
    @Tag("long")
    void aHundredKillsLoseNothingThatWasAcknowledged() throws Exception {
        kill(100);
    }

    private void kill(int rounds) throws Exception {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("kills: seed " + seed);
        var random = new SplittableRandom(seed);
        var ledger = new KillLedger();
        for (int round = 1; round <= rounds; round++) {
            boolean early = round % 5 == 0;
            ledger.read(seed, round,
                    new KilledProcess(temporary, data(), seed, round).killedAfter(random.nextInt(100, 701), early));
            check(ledger);
        }
        System.out.println("kills: " + rounds + " rounds, " + ledger.summary());
        assertTrue(ledger.packedFiles() >= rounds, "cleaning was hardly killed: " + ledger.summary());
        for (var kind : Kind.values())
            assertTrue(ledger.acknowledged(kind) >= rounds, kind + " was hardly tried: " + ledger.summary());
    }

    private Path data() {
        return temporary.resolve("data");
    }

    private void check(KillLedger ledger) throws IOException {
        var damages = new ArrayList<Damage>();
        if (Files.exists(data().resolve("FORMAT")))
            ObjectStore.check(data(), damages::add);
        assertEquals(List.of(), damages);
        try (var store = ObjectStore.open(data(), KilledWriter.OPTIONS)) {
            KilledWriter.makeBuckets(store); // a kill may have come before
            ledger.check(store, data().resolve("0/extents"));
        }
    }
}
