package io.cairn.bench.volumes;

import io.cairn.bench.match.Match;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Limit;
import io.cairn.bench.volumes.Fio.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What fio does with a file of the same size by itself, through the page cache: what there is without a server. No bound: a log may sync faster than a file written in place.
///
/// @param directory on the disk to measure; the file is removed
record RawFile(Path directory, long bytes, Match match) {
    /// The fastest first; some systems forbid io_uring, or have no asynchronous I/O at all.
    private static final List<String> ENGINES = List.of("io_uring", "libaio", "psync");
    private static final Duration TRIAL = Duration.ofMillis(50);

    /// A limit a scenario.
    List<Limit> limits(List<FioScenario> scenarios) throws IOException, InterruptedException {
        if (scenarios.isEmpty())
            return List.of();
        var file = directory.resolve("raw-file");
        try {
            Fio.fill(Target.of("psync", file), bytes);
            var engine = engine(file, scenarios.getFirst());
            var limits = new ArrayList<Limit>();
            for (var scenario : scenarios)
                limits.add(limit(scenario, engine, file));
            return limits;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private String engine(Path file, FioScenario scenario) throws IOException, InterruptedException {
        var refusals = new ArrayList<String>();
        for (var engine : ENGINES)
            try {
                Fio.during(TRIAL, Target.of(engine, file), bytes, scenario.access(), 1);
                return engine;
            } catch (IOException | WrongAnswerException e) {
                refusals.add(engine + ": " + e.getMessage());
            }
        throw new IOException("fio works with no engine on " + file + ": " + String.join("; ", refusals));
    }

    private Limit limit(FioScenario scenario, String engine, Path file) throws IOException, InterruptedException {
        var values = new ArrayList<Double>();
        for (int round = 0; round < match.rounds(); round++) {
            if (scenario.access().writes())
                DirtyPages.writeBack(directory);
            var did = Fio.during(match.time(), Target.of(engine, file), bytes, scenario.access(), round + 1);
            values.add(scenario.value(did));
        }
        return new Limit("raw file, " + scenario.id(), scenario.unit().symbol(),
                "fio's " + engine + " on a file, no server, through the page cache", values);
    }
}
