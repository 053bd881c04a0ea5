package io.cairn.replication.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.replication.Extent;
import io.cairn.replication.testkit.Subject;
import java.io.BufferedReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Power cuts of a real file system: an ext4 on a loop device is shut down by ioctl without flushing its journal while another process
/// writes with 8 writers; what it acknowledged before, over all rounds, must be there after the file system is mounted again.
@Tag("long")
final class PowerCutTest {
    private static final int ROUNDS = 50;
    /// `_IOR('X', 125, __u32)` of `fs/ext4/ext4.h`.
    private static final long EXT4_IOC_SHUTDOWN = 0x8004587DL;
    private static final int NO_LOG_FLUSH = 2;

    @TempDir
    Path directory;

    private record Write(int round, int writer, int number) {}

    @Test
    void nothingAcknowledgedIsLostInFiftyPowerCuts() throws Throwable {
        assumeTrue("root".equals(System.getProperty("user.name")), "not run: needs root to mount a loop device");
        var image = directory.resolve("disk.ext4");
        var mount = Files.createDirectory(directory.resolve("mount"));
        assumeTrue(succeeds("truncate", "-s", "2G", image.toString()) && succeeds("mkfs.ext4", "-q", "-F", image.toString())
                && succeeds("mount", "-o", "loop", image.toString(), mount.toString()),
                "not run: needs mkfs.ext4 and a loop device");
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("power cuts: seed " + seed);
        var random = new SplittableRandom(seed);
        var acknowledged = new ArrayList<Write>();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 5;
        int round = 0;
        boolean mounted = true;
        try {
            for (; round < ROUNDS && System.nanoTime() < deadline; round++) {
                int before = acknowledged.size();
                writeUntilPowerCut(mount, round, 100 + random.nextInt(600), acknowledged);
                assertTrue(acknowledged.size() > before, "nothing was acknowledged in round " + round);
                mounted = false;
                assertTrue(succeeds("umount", mount.toString()));
                assertTrue(succeeds("mount", "-o", "loop", image.toString(), mount.toString()));
                mounted = true;
                requireAll(mount, acknowledged);
            }
        } finally {
            if (mounted)
                succeeds("umount", mount.toString());
        }
        System.out.println("power cuts: " + round + " rounds, " + acknowledged.size() + " acknowledged writes kept");
    }

    private static void writeUntilPowerCut(Path mount, int round, int millis, List<Write> acknowledged) throws Throwable {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                PowerCutWriter.class.getName(), mount.resolve("data").toString(), String.valueOf(round))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            var first = lines.readLine();
            assertNotNull(first, "the writer wrote nothing");
            acknowledged.add(parse(first));
            var cutter = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(millis);
                    cutPower(mount);
                } catch (Throwable e) {
                    process.destroyForcibly();
                    throw new AssertionError(e);
                }
            });
            // Its writers end when the disk is gone. What it said before is all there is.
            for (var line = lines.readLine(); line != null && !line.equals(PowerCutWriter.END); line = lines.readLine())
                acknowledged.add(parse(line));
            cutter.join();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Write parse(String line) {
        var fields = line.split(" ", -1);
        return new Write(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
    }

    @SuppressWarnings("restricted") // the ioctl has no other way in
    private static void cutPower(Path mount) throws Throwable {
        var linker = Linker.nativeLinker();
        var open = linker.downcallHandle(linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var ioctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        var close = linker.downcallHandle(linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(mount.toString()), 0);
            int result = (int) ioctl.invokeExact(file, EXT4_IOC_SHUTDOWN, arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH));
            int closed = (int) close.invokeExact(file);
            assertEquals(List.of(0, 0), List.of(result, closed), "the file system was not shut down");
        }
    }

    private static void requireAll(Path mount, List<Write> acknowledged) {
        try (var log = PowerCutWriter.open(mount.resolve("data"))) {
            for (var write : acknowledged) {
                var key = PowerCutWriter.key(write.round, write.writer, write.number);
                var address = log.store().get(Subject.Spaces.FIRST, key);
                assertNotNull(address, () -> "lost: " + write);
                assertNotNull(log.store().get(Subject.Spaces.SECOND, key), () -> "torn: " + write);
                var expected = PowerCutWriter.payload(write.round, write.writer, write.number);
                try (var content = log.open(Extent.decode(ByteBuffer.wrap(address)))) {
                    assertNotNull(content, () -> "the extent is gone: " + write);
                    assertEquals(ByteBuffer.wrap(expected), content.read(0, expected.length));
                }
            }
        }
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (java.io.IOException e) {
            return false; // no such program
        }
    }
}
