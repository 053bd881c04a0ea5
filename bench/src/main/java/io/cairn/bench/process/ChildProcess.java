package io.cairn.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program started here, with all that it starts. It ends with this process too. One thread at a time.
public final class ChildProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 30;
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux: proc(5)

    /// Asked again and again until the program is ready.
    @FunctionalInterface
    public interface Probe { boolean ready() throws IOException; }

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread atExit = new Thread(this::end);

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// Starts it; what it prints goes to `log`.
    public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ChildProcess(name, builder.start(), log);
    }

    public long pid() {
        return process.pid();
    }

    /// Returns when the program is ready; when that takes too long, or it ends, an [IOException] shows the end of its log.
    public void awaitReady(Probe probe, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!process.isAlive())
                throw new IOException(name + " ended with status " + process.exitValue() + " before it was ready: " + tail());
            try {
                if (probe.ready())
                    return;
            } catch (IOException e) {
                if (System.nanoTime() > end)
                    throw new IOException(name + " was not ready within " + limit.toSeconds() + " s: " + tail(), e);
            }
            if (System.nanoTime() > end)
                throw new IOException(name + " was not ready within " + limit.toSeconds() + " s: " + tail());
            Thread.sleep(20);
        }
    }

    /// CPU time, user and system, of the program and all it started, also of children that ended and were waited for. Steps of 10 ms.
    public long cpuNanos() {
        long ticks = ticks(process.pid());
        for (var descendant : process.descendants().toList())
            ticks += ticks(descendant.pid());
        return ticks * (TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND);
    }

    private static long ticks(long pid) {
        try {
            return ProcStat.cpuTicks(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return 0; // it ended between the listing and now; its parent has its time
        }
    }

    private String tail() {
        try {
            var text = Files.readString(log).strip();
            return text.substring(Math.max(0, text.length() - 600)).replace('\n', ' ');
        } catch (IOException e) {
            return "its log " + log + " cannot be read";
        }
    }

    /// SIGTERM, and SIGKILL for whatever of it still runs after half a minute.
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // this process ends already, and the hook does nothing twice
        }
    }

    /// SIGKILL: it gets no time to put anything in order. [#close] it afterwards all the same.
    public void kill() {
        process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                throw new IllegalStateException(name + " outlived SIGKILL by " + STOP_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        var all = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /// What a command prints, on both streams; an [IOException] when it fails or takes longer than `limit`.
    public static String output(List<String> command, Duration limit) throws IOException, InterruptedException {
        var file = Files.createTempFile("output", ".txt");
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended)
                process.destroyForcibly().waitFor();
            var text = Files.readString(file).strip();
            if (!ended || process.exitValue() != 0)
                throw new IOException(String.join(" ", command) + (ended ? " failed: " : " took too long: ") + text);
            return text;
        } finally {
            Files.delete(file);
        }
    }

    /// Bytes that the file system has allocated for a directory and all below it, inodes not counted (`du`).
    public static long allocatedBytes(Path directory) {
        try {
            var text = output(List.of("du", "-s", "-B1", directory.toString()), Duration.ofMinutes(5));
            return Long.parseLong(text.substring(0, text.indexOf('\t')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while du ran", e);
        }
    }
}
