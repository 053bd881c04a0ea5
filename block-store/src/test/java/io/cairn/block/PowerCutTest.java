package io.cairn.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.replication.Damage;
import io.cairn.replication.testkit.LoopDisk;
import io.cairn.replication.testkit.PowerlessProcess;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes at a random instant, with clients at work on one volume, over and over on one real file system: all that a flush was answered for is
/// there, no block is torn or old, and each client's blocks are what they were after one of its steps. The files are sound before they are opened, and after.
@Tag("long")
final class PowerCutTest {
    private static final int ROUNDS = 100;
    private static final int MUTANT_ROUNDS = 10;
    private static final int DISK_MEBIBYTES = 3072;
    private static final int MAX_STEPS = 200_000;
    @TempDir
    Path temporary;

    @Test
    void aHundredPowerCutsLoseNothingThatWasFlushed() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        long minutes = Long.getLong("cairn.long.minutes", 15);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes) / 3;
        var blocks = new long[PowerCutWriter.CLIENTS][DiskPlan.BLOCKS];
        int rounds = 0;
        long flushed = 0;
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            var data = disk.path().resolve("data");
            while (rounds < ROUNDS && System.nanoTime() < deadline) {
                rounds++;
                var durable = workUntilCut(data, seed, rounds, random.nextInt(100, 701), true);
                disk.powerBack();
                check(data, seed, rounds, durable, blocks);
                flushed += Arrays.stream(durable).sum();
            }
        }
        System.out.println("power cuts, volumes: " + rounds + " rounds, " + flushed + " steps flushed");
        long enough = Math.min(ROUNDS, ROUNDS * minutes / 15);
        int made = rounds;
        assertTrue(rounds >= enough && flushed >= 100L * rounds, () -> "only " + made + " rounds");
    }

    @Test
    void flushesThatAreNotMadeAreSeen() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            for (int round = 1; round <= MUTANT_ROUNDS; round++) {
                var data = disk.path().resolve("data-" + round);
                var durable = workUntilCut(data, seed, round, random.nextInt(100, 701), false);
                disk.powerBack();
                try {
                    check(data, seed, round, durable, new long[PowerCutWriter.CLIENTS][DiskPlan.BLOCKS]);
                } catch (AssertionError | RuntimeException e) { // a loss may show itself by anything
                    System.out.println("power cuts, volumes: a flush that was not made was seen in round " + round);
                    return;
                }
            }
        }
        fail("without flushes nothing was lost in " + MUTANT_ROUNDS + " power cuts: these cuts prove nothing");
    }

    private static long seed() {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("power cuts, volumes: seed " + seed);
        return seed;
    }

    /// How many steps of each client were flushed.
    private int[] workUntilCut(Path data, long seed, int round, int millis, boolean flushes) throws Exception {
        var lines = PowerlessProcess.lines(PowerCutWriter.class, temporary.resolve("stderr-" + round), List.of(data.toString(),
                Long.toString(seed), Integer.toString(round), Integer.toString(millis), Boolean.toString(flushes)));
        var durable = new int[PowerCutWriter.CLIENTS];
        for (var line : lines) {
            var words = line.split(" ", -1);
            durable[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
        }
        return durable;
    }

    /// @param blocks as they were before the round, and then as they are
    private static void check(Path data, long seed, int round, int[] durable, long[][] blocks) {
        assertSound(data);
        try (var store = BlockStore.open(data, PowerCutWriter.OPTIONS)) {
            var volume = PowerCutWriter.volume(store);
            for (int client = 0; client < blocks.length; client++) {
                var plan = new DiskPlan(client, seed, round);
                var found = read(volume, plan);
                while (plan.steps() < durable[client])
                    plan.next().apply(blocks[client]);
                while (!Arrays.equals(found, blocks[client])) {
                    assertTrue(plan.steps() < durable[client] + MAX_STEPS,
                            "round " + round + ", client " + client + ": nothing that it was after " + durable[client]
                                    + " steps or more");
                    plan.next().apply(blocks[client]);
                }
            }
        }
        assertSound(data);
    }

    private static long[] read(Volume volume, DiskPlan plan) {
        var bytes = ByteBuffer.allocate(DiskPlan.BLOCKS * BlockDevice.BLOCK_BYTES);
        volume.read(plan.offset(0), bytes).join();
        var found = new long[DiskPlan.BLOCKS];
        for (int block = 0; block < found.length; block++) {
            found[block] = bytes.getLong(block * BlockDevice.BLOCK_BYTES);
            for (int i = 0; i < BlockDevice.BLOCK_BYTES; i += 8)
                assertEquals(found[block], bytes.getLong(block * BlockDevice.BLOCK_BYTES + i), "torn");
        }
        return found;
    }

    private static void assertSound(Path data) {
        var found = new ArrayList<Damage>();
        BlockStore.check(data, found::add);
        assertEquals(List.of(), found);
    }
}
