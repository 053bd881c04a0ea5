package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.KillLedger.Kind;
import io.cairn.replication.testkit.LoopDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes at a random instant, with all writers busy, over and over on one real file system: nothing that was acknowledged is lost
/// or torn, in this round or any before it.
@Tag("long")
final class PowerCutTest {
    private static final int ROUNDS = 50;
    private static final int MUTANT_ROUNDS = 10;
    private static final int DISK_MEBIBYTES = 2048;
    @TempDir
    Path temporary;

    @Test
    void fiftyPowerCutsLoseNothingThatWasAcknowledged() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        var ledger = new KillLedger();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 5;
        int rounds = 0;
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            var data = disk.path().resolve("data");
            while (rounds < ROUNDS && System.nanoTime() < deadline) {
                rounds++;
                ledger.read(seed, rounds, new KilledProcess(temporary, data, seed, rounds)
                        .withoutPowerAfter(random.nextInt(100, 701), true));
                disk.powerBack();
                check(ledger, data);
            }
        }
        System.out.println("power cuts: " + rounds + " rounds, " + ledger.summary());
        for (var kind : Kind.values())
            assertTrue(ledger.acknowledged(kind) >= rounds, kind + " was hardly tried: " + ledger.summary());
    }

    @Test
    void aStoreThatDoesNotSyncIsSeen() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            for (int round = 1; round <= MUTANT_ROUNDS; round++) {
                var data = disk.path().resolve("data-" + round);
                var ledger = new KillLedger();
                ledger.read(seed, round, new KilledProcess(temporary, data, seed, round)
                        .withoutPowerAfter(random.nextInt(100, 701), false));
                disk.powerBack();
                try {
                    check(ledger, data);
                } catch (AssertionError | RuntimeException | IOException e) { // a loss may show itself by anything
                    System.out
                            .println("power cuts: a store that does not sync was seen in round " + round + ": " + e.getMessage());
                    return;
                }
            }
        }
        fail("a store that does not sync lost nothing in " + MUTANT_ROUNDS + " power cuts: these cuts prove nothing");
    }

    private static long seed() {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("power cuts: seed " + seed);
        return seed;
    }

    private static void check(KillLedger ledger, Path data) throws IOException {
        try (var store = ObjectStore.open(data, KilledWriter.OPTIONS)) {
            KilledWriter.makeBuckets(store); // a cut may have come before
            ledger.check(store, data.resolve("0/extents"));
        }
    }
}
