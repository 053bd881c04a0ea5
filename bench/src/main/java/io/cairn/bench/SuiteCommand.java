package io.cairn.bench;

import io.cairn.bench.match.Match;
import io.cairn.bench.process.ThisMachine;
import io.cairn.bench.report.HtmlReport;
import io.cairn.bench.report.MarkdownReport;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Scoreboard;
import io.cairn.bench.score.Scoreboard.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `cairn bench SUITE`: runs the suite and writes `SUITE.html` and `SUITE.md`. What all suites are asked alike.
abstract class SuiteCommand implements Callable<Integer> {
    private static final String RUN = "run-";
    private static final long FREE_BYTES = 20L << 30;
    static final Path HOME = Path.of(System.getProperty("cairn.home", ".")).toAbsolutePath().normalize();

    @Spec
    @Nullable
    CommandSpec spec;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "of a round (default: ${DEFAULT-VALUE})")
    double seconds;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "of each contestant (default: ${DEFAULT-VALUE})")
    int rounds;
    @Option(names = "--warm-ups", paramLabel = "N", defaultValue = "3", description = "rounds of each contestant before those that count (default: ${DEFAULT-VALUE})")
    int warmUps;
    @Option(names = "--peers", paramLabel = "NAME,...", split = ",", description = "which to run beside Cairn, or none (default: all)")
    @Nullable
    List<String> peers;
    @Option(names = "--only", paramLabel = "LINE,...", split = ",", description = "lines to measure, by their ids (default: all)")
    List<String> only = List.of();
    @Option(names = "--out", paramLabel = "DIR", description = "for the report, HTML and Markdown (default: bench/target/scoreboard)")
    @Nullable
    Path out;
    @Option(names = "--work", paramLabel = "DIR", description = "for data, on the disk to measure, removed at the end (default: bench/target/work)")
    @Nullable
    Path work;
    @Option(names = "--profile", description = "run each of Cairn's lines once more, not counted, and say where its CPU time goes")
    boolean profile;
    @Option(names = "--small", description = "tiny data and no care for the disk: shows that all works, measures nothing")
    boolean small;
    @Option(names = "--cairn", paramLabel = "FILE", description = "the launcher to measure (default: bin/cairn)")
    @Nullable
    Path cairn;

    /// @param directory for data
    /// @param peers of [#knownPeers()]
    abstract Findings measure(Path directory, Path launcher, List<String> peers, Match match) throws Exception;

    /// Names of peers that the suite knows.
    abstract List<String> knownPeers();

    /// How long the rounds are, what the client is, which data.
    abstract List<Fact> settings();

    /// Refuses options of the suite's own that make no sense.
    abstract void check();

    private String suite() {
        return commandLine().getCommandName();
    }

    @Override
    public Integer call() throws Exception {
        var named = peers == null ? knownPeers() : peers.stream().filter(peer -> !peer.equals("none")).toList();
        checkCommon(named);
        check();
        var begun = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var place = work == null ? HOME.resolve("bench/target/work") : work;
        var directory = Files.createDirectories(place.toAbsolutePath()).resolve(RUN + ProcessHandle.current().pid());
        removeEnded(place);
        Files.createDirectories(directory);
        try {
            var warnings = new ArrayList<>(ThisMachine.warnings());
            var machine = ThisMachine.facts(directory);
            if (!small && Files.getFileStore(directory).getUsableSpace() < FREE_BYTES)
                throw new IOException(
                        "less than " + (FREE_BYTES >> 30) + " GiB are free at " + directory + "; name another disk with --work");
            warnings.forEach(warning -> System.err.println("warning: " + warning));
            var match = new Match(warmUps, rounds, Duration.ofMillis(Math.round(seconds * 1000)), System.err::println);
            var launcher = cairn == null ? HOME.resolve("bin/cairn") : cairn;
            var findings = measure(directory, launcher.toAbsolutePath(), named, match);
            warnings.addAll(findings.warnings());
            var facts = new ArrayList<>(List.of(new Fact("rounds",
                    rounds + " of " + seconds + " s each, after " + warmUps + " of warm-up, contestants in turn")));
            facts.addAll(settings());
            write(new Scoreboard(suite(), command(), begun, machine, facts, warnings, findings.entrants(), findings.limits(),
                    findings.figures()));
            return 0;
        } finally {
            keepProfiles(directory);
            delete(directory);
        }
    }

    private void checkCommon(List<String> named) {
        for (var peer : named)
            if (!knownPeers().contains(peer))
                throw misused("no peer '" + peer + "'; there are " + String.join(", ", knownPeers()) + ", or none");
        if (!(seconds > 0) || rounds < 1 || warmUps < 0 || warmUps > 1000 || seconds > 3600 || rounds > 1000)
            throw misused("--seconds takes up to 3600 and --rounds up to 1000, all above 0; --warm-ups 0 to 1000");
    }

    private CommandLine commandLine() {
        if (spec == null)
            throw new IllegalStateException("picocli sets it");
        return spec.commandLine();
    }

    ParameterException misused(String message) {
        return new ParameterException(commandLine(), message);
    }

    private String command() {
        var parsed = commandLine().getParseResult();
        var words = parsed == null ? List.<String>of() : parsed.originalArgs();
        return "bin/cairn bench "
                + String.join(" ",
                        Stream.concat(Stream.of(suite()), words.stream().filter(word -> !word.equals(suite()))).toList());
    }

    private Path outDirectory() throws IOException {
        return Files.createDirectories(out == null ? HOME.resolve("bench/target/scoreboard") : out.toAbsolutePath());
    }

    private void write(Scoreboard board) throws IOException {
        var directory = outDirectory();
        Files.writeString(directory.resolve(suite() + ".html"), HtmlReport.of(board));
        Files.writeString(directory.resolve(suite() + ".md"), MarkdownReport.of(board));
        System.out.println(directory.resolve(suite() + ".html"));
        System.out.println(directory.resolve(suite() + ".md"));
    }

    private void keepProfiles(Path directory) throws IOException {
        if (!profile)
            return;
        try (var files = Files.newDirectoryStream(directory, "*.jfr")) {
            for (var file : files)
                Files.move(file, outDirectory().resolve(file.getFileName()));
        }
    }

    /// A run that was killed left its data behind.
    private static void removeEnded(Path place) throws IOException {
        try (var runs = Files.newDirectoryStream(place, RUN + "*")) {
            for (var run : runs)
                if (ProcessHandle.of(Long.parseLong(run.getFileName().toString().substring(RUN.length()))).isEmpty())
                    delete(run);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList())
                Files.delete(each);
        }
    }
}
