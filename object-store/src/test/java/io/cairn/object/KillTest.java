package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.KillLedger.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 at a random instant, with all writers busy, over and over on one directory: nothing that was acknowledged is lost or torn, in
/// this round or any before it. Each fifth round is killed at any instant from its start on, so that recovery is interrupted too.
///
/// `-Dcairn.seed=N` repeats the plans and the instants of a run; where the kill falls within an operation stays the machine's choice.
final class KillTest {
    private static final int TOLD_WITHIN_SECONDS = 60;
    private static final int KILLED = 128 + 9;
    @TempDir
    Path temporary;

    @Test
    void twentyKillsLoseNothingThatWasAcknowledged() throws Exception {
        kill(20);
    }

    @Test
    @Tag("long")
    void aHundredKillsLoseNothingThatWasAcknowledged() throws Exception {
        kill(100);
    }

    private void kill(int rounds) throws Exception {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("kills: seed " + seed);
        var random = new SplittableRandom(seed);
        var ledger = new KillLedger();
        for (int round = 1; round <= rounds; round++) {
            boolean early = round % 5 == 0;
            ledger.read(seed, round, linesOfAKilledProcess(seed, round, early, random.nextInt(100, 701)));
            check(ledger);
        }
        System.out.println("kills: " + rounds + " rounds, " + ledger.summary());
        for (var kind : Kind.values())
            assertTrue(ledger.acknowledged(kind) >= rounds, kind + " was hardly tried: " + ledger.summary());
    }

    private Path data() {
        return temporary.resolve("data");
    }

    private void check(KillLedger ledger) throws IOException {
        try (var store = ObjectStore.open(data(), KilledWriter.OPTIONS)) {
            ledger.check(store.bucket(KilledWriter.BUCKET), data().resolve("0/extents"));
        }
    }

    /// @param early count the time from the start of the process, not from the first acknowledgement
    private List<String> linesOfAKilledProcess(long seed, int round, boolean early, int millis) throws Exception {
        var errors = temporary.resolve("stderr-" + round);
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + temporary, "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), data().toString(), Long.toString(seed),
                Integer.toString(round)).redirectError(errors.toFile()).start();
        try {
            var told = new CountDownLatch(1);
            var lines = new FutureTask<>(() -> lines(process, told));
            Thread.ofPlatform().start(lines);
            assertTrue(early || told.await(TOLD_WITHIN_SECONDS, TimeUnit.SECONDS),
                    () -> "nothing was acknowledged; stderr: " + text(errors));
            Thread.sleep(millis);
            process.toHandle().destroyForcibly(); // that of Process would close the pipe and lose what is in it
            assertEquals(KILLED, process.waitFor(), () -> "it ended by itself; stderr: " + text(errors));
            return lines.get();
        } finally {
            process.destroyForcibly();
        }
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

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
