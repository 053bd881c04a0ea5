package io.cairn.bench;

import io.cairn.bench.match.Match;
import io.cairn.bench.objects.ObjectSuite;
import io.cairn.bench.objects.ObjectSuite.Plan;
import io.cairn.bench.objects.ObjectSuite.Sizes;
import io.cairn.bench.process.ThisMachine;
import io.cairn.bench.report.HtmlReport;
import io.cairn.bench.report.MarkdownReport;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `cairn bench objects`: writes `objects.html` and `objects.md`.
@Command(name = "objects", mixinStandardHelpOptions = true, description = "The object store beside nginx, s3proxy and Ceph RGW.")
final class ObjectsCommand implements Callable<Integer> {
    private static final String RUN = "run-";
    private static final long FREE_BYTES = 20L << 30;
    private static final Path HOME = Path.of(System.getProperty("cairn.home", ".")).toAbsolutePath().normalize();

    @Spec
    @Nullable
    CommandSpec spec;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "of a round (default: ${DEFAULT-VALUE})")
    double seconds;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "of each contestant (default: ${DEFAULT-VALUE})")
    int rounds;
    @Option(names = "--warm-ups", paramLabel = "N", defaultValue = "3", description = "rounds of each contestant before those that count (default: ${DEFAULT-VALUE})")
    int warmUps;
    @Option(names = "--peers", paramLabel = "NAME,...", split = ",", defaultValue = "nginx,s3proxy,ceph", description = "which to run beside Cairn, or none (default: ${DEFAULT-VALUE})")
    List<String> peers = List.of();
    @Option(names = "--only", paramLabel = "LINE,...", split = ",", description = "lines to measure, put-4k say (default: all)")
    List<String> only = List.of();
    @Option(names = "--keys", paramLabel = "N", defaultValue = "20000", description = "objects of the 4 KiB and listing lines (default: ${DEFAULT-VALUE})")
    int keys;
    @Option(names = "--out", paramLabel = "DIR", description = "for objects.html and objects.md (default: bench/target/scoreboard)")
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

    @Override
    public Integer call() throws Exception {
        var named = peers.stream().filter(peer -> !peer.equals("none")).toList();
        check(named);
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
            var sizes = small
                    ? new Sizes(50, 64 << 10, 1 << 20, 2, 20, 50)
                    : new Sizes(keys, Sizes.FULL.middleBytes(), Sizes.FULL.largeBytes(), Sizes.FULL.largeObjects(),
                            Sizes.FULL.pageKeys(),
                            keys);
            var match = new Match(warmUps, rounds, Duration.ofMillis(Math.round(seconds * 1000)), System.err::println);
            var launcher = cairn == null ? HOME.resolve("bin/cairn") : cairn;
            var findings = new ObjectSuite(
                    new Plan(launcher.toAbsolutePath(), HOME.resolve("bench/peers"), directory, named, only, sizes,
                            profile),
                    match).run();
            warnings.addAll(findings.warnings());
            write(new Scoreboard("objects", command(), begun, machine, settings(sizes), warnings, findings.entrants(),
                    findings.limits(),
                    findings.figures()));
            return 0;
        } finally {
            keepProfiles(directory);
            delete(directory);
        }
    }

    private void check(List<String> named) {
        for (var peer : named)
            if (!ObjectSuite.PEERS.contains(peer))
                throw misused("no peer '" + peer + "'; there are " + String.join(", ", ObjectSuite.PEERS) + ", or none");
        if (!(seconds > 0) || rounds < 1 || warmUps < 0 || warmUps > 1000 || keys < 1 || seconds > 3600 || rounds > 1000
                || keys > 1_000_000)
            throw misused(
                    "--seconds takes up to 3600, --rounds up to 1000 and --keys up to 1000000, all above 0; --warm-ups 0 to 1000");
    }

    private ParameterException misused(String message) {
        if (spec == null)
            throw new IllegalStateException("picocli sets it");
        return new ParameterException(spec.commandLine(), message);
    }

    private String command() {
        return spec == null
                ? ""
                : "bin/cairn bench " + String.join(" ", spec.commandLine().getParseResult() == null
                        ? List.of("objects")
                        : Stream.concat(Stream.of("objects"), spec.commandLine().getParseResult().originalArgs().stream()
                                .filter(word -> !word.equals("objects"))).toList());
    }

    private List<Fact> settings(Sizes sizes) {
        return List.of(
                new Fact("rounds", rounds + " of " + seconds + " s each, after " + warmUps + " of warm-up, contestants in turn"),
                new Fact("client",
                        "one process, blocking sockets, a thread a connection; S3 requests signed with SigV4 in the header"),
                new Fact("seed", "20260101, random bodies"),
                new Fact("sizes",
                        sizes.keys() + " keys; large objects of " + sizes.largeBytes() + " bytes; " + sizes.spaceObjects()
                                + " objects of 1 byte"));
    }

    private Path outDirectory() throws IOException {
        return Files.createDirectories(out == null ? HOME.resolve("bench/target/scoreboard") : out.toAbsolutePath());
    }

    private void write(Scoreboard board) throws IOException {
        var directory = outDirectory();
        Files.writeString(directory.resolve("objects.html"), HtmlReport.of(board));
        Files.writeString(directory.resolve("objects.md"), MarkdownReport.of(board));
        System.out.println(directory.resolve("objects.html"));
        System.out.println(directory.resolve("objects.md"));
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
