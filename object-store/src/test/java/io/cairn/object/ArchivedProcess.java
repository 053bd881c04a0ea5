package io.cairn.object;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.testkit.Acknowledgements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// A process that writes to an archived store, or restores one, until it is killed.
final class ArchivedProcess {
    private static final int KILLED = 128 + 9;

    private ArchivedProcess() {}

    /// Small segments in quick succession and a checkpoint each MiB, so that a kill meets all of them.
    static ObjectStoreOptions options(Path archive) {
        return KilledWriter.OPTIONS.withArchive(ArchiveOptions.to(Archive.directory(archive)).withInterval(Duration.ofMillis(10))
                .withSegmentBytes(64 << 10).withCheckpoints(1 << 20, Duration.ofDays(1)));
    }

    /// @param arguments `write`, data directory, archive, seed, round; or `restore`, archive, stamp, target
    static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("restore")) {
            System.out.println("begun");
            System.out.flush();
            ObjectStore.restore(Archive.directory(Path.of(arguments[1])), new Target.At(Long.parseLong(arguments[2])),
                    OptionalLong.empty(), Path.of(arguments[3]));
            return;
        }
        var store = ObjectStore.open(Path.of(arguments[1]), options(Path.of(arguments[2])));
        KilledWriter.makeBuckets(store);
        var told = Acknowledgements.toStandardOutput();
        for (int i = 0; i < KillPlan.WRITERS; i++) {
            var writer = new KilledWriter(store,
                    new KillPlan(Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]), i), i, told);
            Thread.ofPlatform().start(() -> {
                try {
                    while (true)
                        writer.step();
                } catch (Throwable e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(3); // the killer expects to be the end of this process
                }
            });
        }
    }

    /// Starts one and kills it so many milliseconds after it has said something. Returns whether the kill was its end.
    static boolean killed(Path temporary, int millis, String... arguments) throws IOException, InterruptedException {
        var errors = temporary.resolve("stderr");
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + temporary, "-cp",
                System.getProperty("java.class.path"), ArchivedProcess.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (var output = process.inputReader(StandardCharsets.US_ASCII)) {
            if (output.readLine() == null)
                throw new AssertionError("it said nothing; stderr: " + Files.readString(errors));
            var drained = Thread.ofPlatform().start(() -> output.lines().forEach(_ -> {
            }));
            var _ = process.waitFor(millis, TimeUnit.MILLISECONDS);
            process.toHandle().destroyForcibly();
            int status = process.waitFor();
            drained.join();
            if (status != KILLED && status != 0) // it may be done at any instant before the kill
                throw new AssertionError("it ended with " + status + "; stderr: " + Files.readString(errors));
            return status == KILLED;
        } finally {
            process.destroyForcibly();
        }
    }
}
