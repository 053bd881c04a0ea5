package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.block.BlockStore;
import io.cairn.replication.testkit.LoopDisk;
import io.cairn.replication.testkit.PowerlessProcess;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes while clients of the NBD port write, trim and zero with FUA, over and over on one real file system: every write that was answered is there, whole, and of
/// those that were not answered at most the one that was under way.
@Tag("long")
final class FuaPowerCutTest {
    private static final int MUTANT_ROUNDS = 10;
    private final long seed = Long.getLong("cairn.seed", System.nanoTime());
    @TempDir
    Path temporary;

    @Test
    void whatWasWrittenWithFuaIsThere() throws Exception {
        int rounds = (int) Math.max(1, 100 * Math.min(15, Long.getLong("cairn.long.minutes", 15)) / 15);
        System.out.println("power cuts, FUA: seed " + seed);
        var random = new SplittableRandom(seed);
        long acknowledged = 0;
        var blocks = new long[FuaWriter.CLIENTS][FuaWriter.BLOCKS];
        try (var disk = LoopDisk.make(temporary, 2048)) {
            var data = disk.path().resolve("data");
            for (int round = 1; round <= rounds; round++) {
                var answered = workUntilCut(data, round, random.nextInt(50, 500), true);
                disk.powerBack();
                for (int each : answered)
                    acknowledged += each;
                check(data, round, answered, blocks);
            }
        }
        System.out.println("power cuts, FUA: " + rounds + " rounds, " + acknowledged + " writes acknowledged");
        assertTrue(acknowledged > 10L * rounds, acknowledged + " writes prove little");
    }

    @Test
    void aServerThatDropsFuaIsSeen() throws Exception {
        System.out.println("power cuts, FUA: seed " + seed);
        var random = new SplittableRandom(seed);
        try (var disk = LoopDisk.make(temporary, 2048)) {
            for (int round = 1; round <= MUTANT_ROUNDS; round++) {
                var data = disk.path().resolve("data-" + round);
                var answered = workUntilCut(data, round, random.nextInt(50, 500), false);
                disk.powerBack();
                try {
                    check(data, round, answered, new long[FuaWriter.CLIENTS][FuaWriter.BLOCKS]);
                } catch (AssertionError | RuntimeException e) { // a loss may show itself by anything
                    System.out.println("power cuts, FUA: a server that drops it was seen in round " + round);
                    return;
                }
            }
        }
        fail("without FUA nothing was lost in " + MUTANT_ROUNDS + " power cuts: these cuts prove nothing");
    }

    /// How many writes of each client were answered.
    private int[] workUntilCut(Path data, int round, int millis, boolean kept) throws Exception {
        var answered = new int[FuaWriter.CLIENTS];
        for (var line : PowerlessProcess.lines(FuaWriter.class, temporary.resolve("stderr-" + round),
                List.of(data.toString(), temporary.resolve("keys").toString(), Long.toString(seed), Integer.toString(round),
                        Integer.toString(millis), Boolean.toString(kept)))) {
            var words = line.split(" ", -1);
            answered[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
        }
        return answered;
    }

    /// @param blocks what they say, round and step, before the round, and then after it
    private void check(Path data, int round, int[] answered, long[][] blocks) {
        try (var store = BlockStore.open(data)) {
            var volume = FuaWriter.volume(store);
            for (int client = 0; client < blocks.length; client++) {
                var plan = FuaWriter.plan(seed, round, client);
                for (int step = 1; step <= answered[client]; step++)
                    blocks[client][plan.nextInt(FuaWriter.BLOCKS)] = FuaWriter.value(round, step);
                int next = plan.nextInt(FuaWriter.BLOCKS);
                for (int block = 0; block < FuaWriter.BLOCKS; block++) {
                    var bytes = ByteBuffer.allocate(FuaWriter.BLOCK);
                    volume.read(FuaWriter.offset(client, block), bytes).join();
                    bytes.flip();
                    long found = bytes.getLong(0);
                    while (bytes.hasRemaining())
                        assertEquals(found, bytes.getLong(), "a torn block");
                    if (block == next && found == FuaWriter.value(round, answered[client] + 1))
                        blocks[client][block] = found;
                    assertEquals(blocks[client][block], found,
                            () -> "round " + round + ": a write that was answered is not there");
                }
            }
        }
    }
}
