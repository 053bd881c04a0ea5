package io.cairn.bench.volumes;

import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The load generator fio, a process of its own for each job; what it did is read from its JSON. Stateless; any thread.
final class Fio {
    private static final String PROGRAM = "fio";
    /// For a job to begin and to end, beyond the time it works.
    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final Duration WHOLE = Duration.ofMinutes(20);
    private static final int VERIFIED_BYTES = 8 << 20;
    private static final int MAX_SHOWN_LINES = 3;

    private Fio() {}

    /// What to work on: fio's options for it.
    record Target(List<String> options) {
        Target {
            options = List.copyOf(options);
        }

        static Target of(VolumeServer server) {
            return new Target(List.of("--ioengine=nbd", "--uri=" + server.uri()));
        }

        /// A file through the page cache, as the servers use theirs.
        static Target of(String engine, Path file) {
            return new Target(List.of("--ioengine=" + engine, "--filename=" + file));
        }
    }

    /// @param mode fio's `rw`: `randread`, `randwrite`, `read`, `write`
    /// @param depth requests under way at once
    /// @param fsync a flush is due after so many writes; 0 for never
    record Access(String mode, int blockBytes, int depth, int fsync) {
        boolean writes() {
            return mode.endsWith("write");
        }

        List<String> options() {
            return List.of("--rw=" + mode, "--bs=" + blockBytes, "--iodepth=" + depth, "--fsync=" + fsync);
        }
    }

    /// @param operations reads or writes that completed; flushes are not among them
    /// @param seconds that they took
    /// @param cpuNanos user and system time of the job
    record Outcome(long operations, long bytes, double seconds, long flushes, long cpuNanos) {
        double operationsPerSecond() {
            return operations / seconds;
        }

        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }
    }

    /// The installed version: `fio-3.33`.
    static String version() throws IOException, InterruptedException {
        try {
            return ChildProcess.output(List.of(PROGRAM, "--version"), GRACE);
        } catch (IOException e) {
            throw new IOException(
                    "fio, which makes the load, does not run; get it with: apt-get install fio (" + e.getMessage() + ")", e);
        }
    }

    /// Writes the whole of it with random bytes, which no server can make smaller, and flushes.
    static void fill(Target target, long bytes) throws IOException, InterruptedException {
        run(target, WHOLE,
                List.of("--size=" + bytes, "--rw=write", "--bs=1m", "--iodepth=4", "--refill_buffers=1", "--end_fsync=1"));
    }

    /// Works for `time`.
    ///
    /// @param seed of the order of blocks: the same for all contestants of a round
    static Outcome during(Duration time, Target target, long bytes, Access access, int seed)
            throws IOException, InterruptedException {
        var options = new ArrayList<>(access.options());
        options.addAll(List.of("--size=" + bytes, "--time_based=1", "--runtime=" + time.toMillis() + "ms", "--randseed=" + seed));
        return outcome(run(target, time.plus(GRACE), options), access);
    }

    /// Writes `count` blocks of 4 KiB, each another one, in random order.
    ///
    /// @param flush whether a flush follows
    static Outcome writeOnce(Target target, long bytes, long count, boolean flush, int seed)
            throws IOException, InterruptedException {
        var access = new Access("randwrite", 4096, 32, 0);
        var options = new ArrayList<>(access.options());
        options.addAll(
                List.of("--size=" + bytes, "--io_size=" + count * 4096, "--end_fsync=" + (flush ? 1 : 0), "--randseed=" + seed));
        return outcome(run(target, WHOLE, options), access);
    }

    /// Writes blocks with checksums, of many sizes and at any offset, reads them again and compares: whether the target is a disk at all. A
    /// [WrongAnswerException] says what came back otherwise.
    static void verify(Target target, long bytes, int seed) throws InterruptedException {
        var size = Math.min(bytes, VERIFIED_BYTES);
        try {
            run(target, GRACE,
                    List.of("--size=" + size, "--rw=randwrite", "--bsrange=512-64k", "--bs_unaligned=1", "--iodepth=16",
                            "--verify=crc32c", "--verify_state_save=0", "--do_verify=1", "--verify_fatal=1",
                            "--randseed=" + seed));
        } catch (IOException e) {
            throw new WrongAnswerException("fio did not read what it had written: " + complaint(String.valueOf(e.getMessage())));
        }
    }

    private static String complaint(String text) {
        var lines = text.lines()
                .filter(line -> line.startsWith("verify:") || line.startsWith("fio:") && !line.contains("connected"))
                .limit(MAX_SHOWN_LINES).collect(Collectors.joining(" "));
        return lines.isEmpty() ? text.substring(0, Math.min(text.length(), 400)) : lines;
    }

    private static String run(Target target, Duration limit, List<String> options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PROGRAM, "--name=bench", "--output-format=json"));
        command.addAll(target.options);
        command.addAll(options);
        return ChildProcess.output(command, limit);
    }

    static Outcome outcome(String json, Access access) throws IOException {
        int job = json.indexOf("\"jobs\"");
        int section = json.indexOf(access.writes() ? "\"write\" : {" : "\"read\" : {", Math.max(job, 0));
        if (job < 0 || section < 0)
            throw new IOException("fio's answer has no figures: " + json.substring(0, Math.min(json.length(), 400)));
        if (number(json, job, "error") != 0)
            throw new IOException("fio ended with error " + number(json, job, "error"));
        int sync = json.indexOf("\"sync\" : {", section);
        double seconds = number(json, section, "runtime") / 1e3;
        long operations = (long) number(json, section, "total_ios");
        if (operations == 0 || seconds <= 0)
            throw new WrongAnswerException("not one operation");
        double cpuShare = (number(json, section, "usr_cpu") + number(json, section, "sys_cpu")) / 100;
        return new Outcome(operations, (long) number(json, section, "io_bytes"), seconds,
                sync < 0 ? 0 : (long) number(json, sync, "total_ios"),
                Math.round(cpuShare * number(json, section, "job_runtime") * 1e6));
    }

    private static double number(String json, int from, String name) throws IOException {
        var matcher = Pattern.compile("\"" + name + "\" : (-?[0-9.]+)").matcher(json);
        if (!matcher.find(from))
            throw new IOException("fio's answer has no " + name);
        return Double.parseDouble(matcher.group(1));
    }
}
