package io.cairn.replication.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.replication.Extent;
import io.cairn.replication.testkit.LoopDisk;
import io.cairn.replication.testkit.PowerlessProcess;
import io.cairn.replication.testkit.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Power cuts of a real file system while another process writes with 8 writers; what it acknowledged before, over all rounds, must be
/// there after the file system is mounted again.
@Tag("long")
final class PowerCutTest {
    private static final int ROUNDS = 50;
    private static final int MUTANT_ROUNDS = 10;
    private static final int DISK_MEBIBYTES = 2048;

    @TempDir
    Path directory;

    private record Write(int round, int writer, int number) {}

    @Test
    void nothingAcknowledgedIsLostInFiftyPowerCuts() throws Exception {
        var random = random();
        var acknowledged = new ArrayList<Write>();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 5;
        int round = 0;
        try (var disk = LoopDisk.make(directory, DISK_MEBIBYTES)) {
            var data = disk.path().resolve("data");
            for (; round < ROUNDS && System.nanoTime() < deadline; round++) {
                acknowledged.addAll(writeUntilPowerCut(data, round, random.nextInt(100, 700), true));
                disk.powerBack();
                requireAll(data, acknowledged);
            }
        }
        System.out.println("power cuts: " + round + " rounds, " + acknowledged.size() + " acknowledged writes kept");
    }

    @Test
    void aWriterThatDoesNotSyncIsSeen() throws Exception {
        var random = random();
        try (var disk = LoopDisk.make(directory, DISK_MEBIBYTES)) {
            for (int round = 0; round < MUTANT_ROUNDS; round++) {
                var data = disk.path().resolve("data-" + round);
                var acknowledged = writeUntilPowerCut(data, round, random.nextInt(100, 700), false);
                disk.powerBack();
                try {
                    requireAll(data, acknowledged);
                } catch (AssertionError | RuntimeException e) { // a loss may show itself by anything
                    System.out.println(
                            "power cuts: a writer that does not sync was seen in round " + round + ": " + e.getMessage());
                    return;
                }
            }
        }
        fail("a writer that does not sync lost nothing in " + MUTANT_ROUNDS + " power cuts: these cuts prove nothing");
    }

    private static SplittableRandom random() {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("power cuts: seed " + seed);
        return new SplittableRandom(seed);
    }

    private List<Write> writeUntilPowerCut(Path data, int round, int millis, boolean synced) throws Exception {
        var lines = PowerlessProcess.lines(PowerCutWriter.class, directory.resolve("stderr"), List.of(data.toString(),
                String.valueOf(round), String.valueOf(millis), String.valueOf(synced)));
        assertFalse(lines.isEmpty(), "nothing was acknowledged");
        return lines.stream().map(line -> line.split(" ", -1)).map(fields -> new Write(Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]), Integer.parseInt(fields[2]))).toList();
    }

    private static void requireAll(Path data, List<Write> acknowledged) {
        try (var log = PowerCutWriter.open(data)) {
            var lost = acknowledged.stream().filter(
                    write -> log.store().get(Subject.Spaces.FIRST,
                            PowerCutWriter.key(write.round, write.writer, write.number)) == null)
                    .toList();
            assertEquals(List.of(), lost, () -> "lost, of " + acknowledged.size() + " whose last is " + acknowledged.getLast());
            for (var write : acknowledged) {
                var key = PowerCutWriter.key(write.round, write.writer, write.number);
                var address = log.store().get(Subject.Spaces.FIRST, key);
                assertNotNull(log.store().get(Subject.Spaces.SECOND, key), () -> "torn: " + write);
                var expected = PowerCutWriter.payload(write.round, write.writer, write.number);
                try (var content = log.open(Extent.decode(ByteBuffer.wrap(address)))) {
                    assertNotNull(content, () -> "the extent is gone: " + write);
                    assertEquals(ByteBuffer.wrap(expected), content.read(0, expected.length));
                }
            }
        }
    }
}
