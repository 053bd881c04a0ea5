package io.cairn.bench.process;

import io.cairn.bench.score.Scoreboard.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The machine as it stands: what it is, and whether it is idle. Linux.
public final class ThisMachine {
    private static final double BUSY_SHARE = 0.05;

    private ThisMachine() {}

    /// @param work a directory on the disk that is measured
    public static List<Fact> facts(Path work) throws IOException {
        var store = Files.getFileStore(work);
        return List.of(new Fact("cores", Integer.toString(Runtime.getRuntime().availableProcessors())),
                new Fact("processor", line(Path.of("/proc/cpuinfo"), "model name")),
                new Fact("memory", gigabytes(Long.parseLong(line(Path.of("/proc/meminfo"), "MemTotal").split(" ")[0]) * 1024)),
                new Fact("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version")),
                new Fact("disk", store.name() + ", " + store.type() + ", " + gigabytes(store.getTotalSpace()) + ", "
                        + gigabytes(store.getUsableSpace()) + " free"),
                new Fact("java", Runtime.version().toString()), new Fact("load average", loadAverage()));
    }

    private static String gigabytes(long bytes) {
        return "%.1f GB".formatted(bytes / 1e9);
    }

    private static String loadAverage() throws IOException {
        return String.join(" ", Arrays.copyOf(Files.readString(Path.of("/proc/loadavg")).split(" "), 3));
    }

    private static String line(Path file, String name) throws IOException {
        for (var line : Files.readAllLines(file))
            if (line.startsWith(name))
                return line.substring(line.indexOf(':') + 1).strip();
        return "unknown";
    }

    /// What speaks against measuring now: others that use the processor. Looks for a second.
    public static List<String> warnings() throws IOException, InterruptedException {
        var before = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        Thread.sleep(1000);
        double busy = busyShare(before, Files.readAllLines(Path.of("/proc/stat")).getFirst());
        var warnings = new ArrayList<String>();
        if (busy > BUSY_SHARE)
            warnings.add("the machine is not idle: %.0f %% of its processor time went elsewhere in the second before the run"
                    .formatted(busy * 100));
        double load = Double.parseDouble(loadAverage().split(" ")[0]);
        if (load > Runtime.getRuntime().availableProcessors() / 4.0)
            warnings.add("the load average at the start was %.2f: something else has been running".formatted(load));
        return warnings;
    }

    /// The share of processor time between two first lines of `/proc/stat` (proc(5): `cpu user nice system idle iowait ...`) that was not
    /// idle; a processor that waits for a disk is idle.
    static double busyShare(String before, String after) {
        var first = before.strip().split(" +");
        var second = after.strip().split(" +");
        double all = 0;
        double idle = 0;
        for (int i = 1; i <= 8; i++) { // guest time, behind these, is part of user time
            double ticks = Double.parseDouble(second[i]) - Double.parseDouble(first[i]);
            all += ticks;
            if (i == 4 || i == 5)
                idle += ticks;
        }
        return all == 0 ? 0 : 1 - idle / all;
    }
}
