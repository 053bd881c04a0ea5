package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.replication.testkit.PowerlessProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// One round of [KilledWriter] in a process of its own: its beginning, its end, and what it told until then.
///
/// @param temporary for what it says on standard error
/// @param data the store's directory
record KilledProcess(Path temporary, Path data, long seed, int round) {
    private static final int TOLD_WITHIN_SECONDS = 60;
    private static final int KILLED = 128 + 9;

    /// The lines of a process that got SIGKILL so many milliseconds after its first acknowledgement.
    ///
    /// @param early count the time from the start of the process instead
    List<String> killedAfter(int millis, boolean early) throws Exception {
        var process = start();
        try {
            var told = new CountDownLatch(1);
            var lines = new FutureTask<>(() -> lines(process, told));
            Thread.ofPlatform().start(lines);
            assertTrue(early || told.await(TOLD_WITHIN_SECONDS, TimeUnit.SECONDS),
                    () -> "nothing was acknowledged; stderr: " + errors());
            Thread.sleep(millis);
            process.toHandle().destroyForcibly(); // that of Process would close the pipe and lose what is in it
            assertEquals(KILLED, process.waitFor(), () -> "it ended by itself; stderr: " + errors());
            return lines.get();
        } finally {
            process.destroyForcibly();
        }
    }

    /// The lines of a process that cut the power of its disk so many milliseconds after its first line. It is ended then.
    List<String> withoutPowerAfter(int millis, boolean synced) throws Exception {
        return PowerlessProcess.lines(KilledWriter.class, errorFile(), List.of(data.toString(), Long.toString(seed),
                Integer.toString(round), Integer.toString(millis), Boolean.toString(synced)));
    }

    private Process start() throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + temporary, "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), data.toString(), Long.toString(seed),
                Integer.toString(round)).redirectError(errorFile().toFile()).start();
    }

    private static List<String> lines(Process process, CountDownLatch told) throws IOException {
        var lines = new ArrayList<String>();
        try (var output = process.inputReader(StandardCharsets.US_ASCII)) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (!line.contains("BEGUN"))
                    told.countDown();
            }
        }
        return lines;
    }

    private Path errorFile() {
        return temporary.resolve("stderr-" + round);
    }

    private String errors() {
        try {
            return Files.readString(errorFile());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
