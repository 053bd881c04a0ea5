package io.cairn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way at a tiny size: a real server, real rounds, a real report. No figure is held against anything.
class BenchTest {
    private static final Path CAIRN = Path.of("../server/target/cairn/bin/cairn").toAbsolutePath().normalize();
    @TempDir
    Path directory;

    @Test
    void measuresCairnAloneAndReportsEveryLine() throws Exception {
        assertTrue(Files.isExecutable(CAIRN), () -> CAIRN + " is missing; build with: mvn verify -pl bench -am");
        int status = Bench.commandLine().execute("objects", "--small", "--peers", "none", "--rounds", "2", "--seconds", "0.1",
                "--cairn",
                CAIRN.toString(), "--work", directory.resolve("work").toString(), "--out", directory.resolve("out").toString());
        assertEquals(0, status);
        var report = Files.readString(directory.resolve("out/objects.md"));
        for (var line : new String[]{"PUT 4 KiB", "GET 4 KiB", "GET 1 MiB", "GET 64 MiB", "PUT 64 MiB", "LIST, pages of 20 keys",
                "Bytes on disk of an object of 1 byte", "Embedded put 4 KiB", "Embedded get 4 KiB", "Embedded put 1 MiB",
                "Embedded get 1 MiB"}) {
            var goals = report.lines().filter(row -> row.startsWith("| " + line + " |")).toList();
            assertEquals(1, goals.size(), line);
            assertTrue(goals.getFirst().matches("\\| " + line + " \\| [\\d,.]+ \\|.*(reached|missed|not known).*"),
                    goals.getFirst());
            // Of each line: its method, the contestant's median, ends and both rounds.
            var section = report.substring(report.indexOf("### " + line));
            assertTrue(section.lines().limit(12).anyMatch(row -> row.startsWith("| Cairn")
                    && row.matches(".*" + (line.startsWith("Bytes") ? "[\\d,.]+ \\|" : "[\\d,.]+, [\\d,.]+ \\|"))), line);
        }
        assertTrue(report.contains("every write is on disk (fdatasync) before its answer"),
                "durability stands beside the figure");
        assertTrue(report.contains("| fdatasync, 8 writers |"), "limits stand beside the figures");
        assertTrue(report.contains("empty answers of Cairn's front door"));
        assertTrue(Files.readString(directory.resolve("out/objects.html")).contains("<svg"));
        try (var left = Files.list(directory.resolve("work"))) {
            assertEquals(0, left.count(), "the data is removed");
        }
    }

    @Test
    void measuresItemsOfCairnAlone() throws Exception {
        int status = Bench.commandLine().execute("items", "--small", "--peers", "none", "--rounds", "2", "--seconds", "0.1",
                "--warm-ups", "1", "--cairn", CAIRN.toString(), "--work", directory.resolve("work").toString(), "--out",
                directory.resolve("out").toString());
        assertEquals(0, status);
        var report = Files.readString(directory.resolve("out/items.md"));
        for (var line : new String[]{"YCSB C: GetItem", "PutItem", "YCSB A: half reads, half updates", "YCSB B: 95 % reads",
                "YCSB F: half reads, half read-modify-writes", "Query of 20 items", "TransactWriteItems of 2",
                "BatchWriteItem of 25", "Embedded get", "Embedded put"}) {
            var section = report.substring(report.indexOf("### " + line));
            assertTrue(
                    section.lines().limit(12)
                            .anyMatch(row -> row.startsWith("| Cairn") && row.matches(".*[\\d,.]+, [\\d,.]+ \\|.*")),
                    () -> line + ": " + section);
        }
        assertTrue(report.contains("synced put (its own log, group commit)"), "a peer's durability stands beside its figure");
    }

    @Test
    void anUnknownPeerIsNamedBeforeAnythingRuns() {
        var line = Bench.commandLine();
        var errors = new StringWriter();
        line.setErr(new PrintWriter(errors, true));
        assertEquals(2, line.execute("objects", "--peers", "ngnix"));
        assertTrue(errors.toString().contains("no peer 'ngnix'; there are nginx, s3proxy, ceph, or none"), errors.toString());
    }
}
