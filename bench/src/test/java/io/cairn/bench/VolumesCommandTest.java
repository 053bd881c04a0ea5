package io.cairn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.volumes.Installed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of `bench volumes` at a tiny size, with the peers that are installed. No figure is held against anything.
@Tag("clients")
class VolumesCommandTest {
    private static final Path CAIRN = Path.of("../server/target/cairn/bin/cairn").toAbsolutePath().normalize();
    private static final List<String> FIO_LINES = List.of("Random read 4 KiB, depth 1", "Random read 4 KiB, depth 32",
            "Random write 4 KiB, depth 32",
            "Random write 4 KiB, depth 32, a flush every 32", "Random write 4 KiB, depth 1, a flush each",
            "Sequential read 1 MiB, depth 4",
            "Sequential write 1 MiB, depth 4", "Connects");
    private static final List<String> SNAPSHOT_LINES = List.of(
            "Random write 4 KiB, depth 32, right after a snapshot relative to before",
            "Disk for each 4 KiB changed after a snapshot");

    private static final List<String> EMBEDDED = List.of("Embedded random read 4 KiB, one thread",
            "Embedded random read 4 KiB, two threads",
            "Embedded random write 4 KiB", "Embedded random write 4 KiB, a flush every 32",
            "Embedded random write 4 KiB, a flush each");
    @TempDir
    Path directory;

    @Test
    void measuresEveryLineBesideThePeersThatAreInstalled() throws Exception {
        assertTrue(Files.isExecutable(CAIRN), () -> CAIRN + " is missing; build with: mvn verify -pl bench -am");
        Installed.need("fio");
        var peers = new ArrayList<String>();
        if (Installed.has("nbdkit"))
            peers.add("nbdkit");
        if (Installed.has("qemu-nbd") && Installed.has("qemu-img"))
            peers.addAll(List.of("qemu-nbd-raw", "qemu-nbd-qcow2"));
        assertEquals(0,
                Bench.commandLine().execute("volumes", "--small", "--rounds", "1", "--warm-ups", "0", "--seconds", "0.1",
                        "--peers",
                        peers.isEmpty() ? "none" : String.join(",", peers), "--cairn", CAIRN.toString(), "--work",
                        directory.resolve("work").toString(),
                        "--out", directory.resolve("out").toString()));
        var report = Files.readString(directory.resolve("out/volumes.md"));
        FIO_LINES.forEach(line -> {
            measured(report, line, "Cairn");
            peers.forEach(peer -> measured(report, line, peer));
        });
        SNAPSHOT_LINES.forEach(line -> {
            measured(report, line, "Cairn");
            if (peers.contains("qemu-nbd-qcow2"))
                measured(report, line, "qemu-nbd-qcow2");
        });
        measured(report, "Restart after SIGKILL, beyond that of an empty volume", "Cairn"); // a difference, which noise may make less than 0
        for (var line : List.of("Snapshot by EC2", "Snapshot by EC2, the slowest", "Embedded snapshot",
                "Embedded snapshot, the slowest")) {
            measured(report, line, "1 TiB with 10 snapshots");
            measured(report, line, "1 GiB with 1 snapshot");
        }
        EMBEDDED.forEach(line -> {
            measured(report, line, "Cairn embedded");
            measured(report, line, "FileChannel");
        });
        assertTrue(report.contains("| raw file, randwrite-4k-qd32-fsync32 |"), "a plain file's figures stand among the limits");
        assertTrue(report.contains("a flush is on disk (fdatasync) before its answer"), "durability stands beside the figure");
        try (var left = Files.list(directory.resolve("work"))) {
            assertEquals(0, left.count(), "the data is removed");
        }
    }

    private static void measured(String report, String line, String contestant) {
        int start = report.indexOf("### " + line + "\n");
        assertTrue(start >= 0, () -> "no line " + line);
        int end = report.indexOf("\n### ", start);
        var section = report.substring(start, end < 0 ? report.length() : end);
        assertTrue(section.lines().anyMatch(row -> row.matches("\\| " + contestant + " \\| -?[\\d,.]+ \\|.*")),
                () -> contestant + ": " + section);
    }

    @Test
    void aSizeThatIsNoVolumeIsRefused() {
        var line = Bench.commandLine();
        var errors = new StringWriter();
        line.setErr(new PrintWriter(errors, true));
        assertEquals(2, line.execute("volumes", "--mebibytes", "1"));
        assertTrue(errors.toString().contains("--mebibytes takes 64 to 1048576"), errors::toString);
    }
}
