package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tree as a machine really has it (its documentation, the JDK's sources) goes up by rclone, survives a SIGKILL, and comes back
/// byte for byte. A seeded generator tops it up to the promised count and size, and stands in for what a machine has not.
@Tag("long")
@Tag("clients")
class RealTreeTest {
    private static final long FULL_FILES = 50_000;
    private static final long FULL_BYTES = 2L << 30;
    /// Sent in parts: rclone is told to begin that at 20 MiB.
    private static final int LARGE_BYTES = 40_000_001;
    private static final String[] RCLONE = {"/usr/bin/rclone", "--transfers", "16", "--checkers", "16", "--s3-upload-cutoff",
            "20Mi", "--use-json-log", "--stats-log-level", "NOTICE",
            "--stats", "1h"};
    @TempDir
    Path directory;
    private long files;
    private long bytes;

    @Test
    void aRealTreeGoesUpSurvivesAKillAndComesBack() throws Exception {
        StockClient.need("/usr/bin/rclone (apt-get install rclone)", "/usr/bin/rclone", "version");
        long wantedFiles = LongRun.scaled(FULL_FILES);
        long wantedBytes = LongRun.scaled(FULL_BYTES);
        LongRun.needFree(directory, 4 * wantedBytes + (1L << 30)); // here, stored, brought back, and room to work
        var tree = Files.createDirectory(directory.resolve("tree"));
        real(tree, wantedFiles / 5 * 4, wantedBytes / 2);
        long realFiles = files;
        generated(tree, wantedFiles, wantedBytes);
        System.out.println("real tree: %d files, %d of them the machine's own, %d MiB".formatted(files, realFiles, bytes >> 20));
        var launch = new RunningServer.Launch(directory);
        try (var server = launch.start()) {
            var rclone = new StockClient(server, directory, RCLONE).patient();
            rclone.run("mkdir", "cairn:real");
            long begun = System.nanoTime();
            assertEquals(files, transfers(rclone.run("sync", tree.toString(), "cairn:real/tree")));
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf("real tree: up in %.0f s, %.0f files/s, %.0f MB/s%n", seconds, files / seconds,
                    bytes / 1e6 / seconds);
            var again = rclone.run("sync", tree.toString(), "cairn:real/tree");
            assertEquals(0, transfers(again), again);
            assertEquals(0, stat(again, "bytes"), again);
            assertEquals(files, stat(again, "checks"), again);
            assertEquals("", server.errors());
            server.kill();
        }
        try (var server = launch.start()) {
            var rclone = new StockClient(server, directory, RCLONE).patient();
            var checked = rclone.run("check", tree.toString(), "cairn:real/tree");
            assertTrue(checked.contains("\"0 differences found\"") && checked.contains("\"" + files + " matching files\""),
                    checked);
            var back = directory.resolve("back");
            rclone.run("sync", "cairn:real/tree", back.toString());
            FileTree.assertSame(tree, back);
            assertEquals("", server.errors());
        }
    }

    /// The number of files that a run of rclone says it moved.
    private static long transfers(String jsonLog) {
        return stat(jsonLog, "transfers");
    }

    /// A number of the last statistics in rclone's log.
    private static long stat(String jsonLog, String name) {
        var lines = jsonLog.lines().filter(line -> line.contains("\"stats\":")).toList();
        assertTrue(!lines.isEmpty(), "rclone gives no statistics: " + jsonLog);
        return Long.parseLong(lines.getLast().replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
    }

    private void real(Path tree, long maxFiles, long maxBytes) throws IOException {
        var sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        if (Files.isReadable(sources))
            unpack(sources, tree.resolve("jdk"), maxFiles / 2, maxBytes / 2);
        for (var root : List.of(Path.of("/usr/share/doc"), Path.of("/usr/share/man")))
            if (Files.isDirectory(root))
                copy(root, tree.resolve(root.getFileName().toString()), maxFiles, maxBytes);
    }

    private void unpack(Path archive, Path into, long maxFiles, long maxBytes) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            for (var entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
                if (files >= maxFiles || bytes + entry.getSize() > maxBytes)
                    return;
                try (var in = zip.getInputStream(entry)) {
                    add(into.resolve(entry.getName()), in.readAllBytes());
                }
            }
        }
    }

    private void copy(Path from, Path into, long maxFiles, long maxBytes) throws IOException {
        try (Stream<Path> found = Files.walk(from)) {
            for (var file : found.filter(Files::isRegularFile).filter(Files::isReadable).sorted().toList()) {
                if (files >= maxFiles || bytes + Files.size(file) > maxBytes)
                    return;
                add(into.resolve(from.relativize(file).toString()), Files.readAllBytes(file));
            }
        }
    }

    private void add(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, content);
        files++;
        bytes += content.length;
    }

    /// Fills up to exactly the wanted number of files, and to about the wanted size.
    private void generated(Path tree, long wantedFiles, long wantedBytes) throws IOException {
        var random = new Random(50_000);
        var into = tree.resolve("generated");
        for (int i = 0; i < 5 && bytes + LARGE_BYTES < wantedBytes; i++)
            add(into.resolve("large-" + i), content(random, LARGE_BYTES));
        long average = Math.max(1, (wantedBytes - bytes) / Math.max(1, wantedFiles - files));
        while (files < wantedFiles)
            add(into.resolve("d" + files % 97).resolve("f " + files), content(random, random.nextInt((int) (2 * average))));
    }

    private static byte[] content(Random random, int length) {
        var content = new byte[length];
        random.nextBytes(content);
        return content;
    }
}
