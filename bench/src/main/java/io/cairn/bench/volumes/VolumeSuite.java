package io.cairn.bench.volumes;

import io.cairn.bench.limits.RawLimits;
import io.cairn.bench.match.Contestant;
import io.cairn.bench.match.Match;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.process.HotSpots;
import io.cairn.bench.score.Entrant;
import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Goal.AtLeast;
import io.cairn.bench.score.Goal.AtMost;
import io.cairn.bench.score.Goal.TimesPeer;
import io.cairn.bench.score.Limit;
import io.cairn.bench.volumes.Fio.Access;
import io.cairn.bench.volumes.Fio.Target;
import io.cairn.bench.volumes.NbdPeer.Kind;
import io.cairn.bench.volumes.SnapshotTarget.Shape;
import io.cairn.bench.volumes.VolumeScenario.Setting;
import io.cairn.block.BlockStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The lines of the block store: every "Speed to reach" of its design page, Cairn first, beside the peers that are there.
public final class VolumeSuite {
    /// Names of peers that [#run] knows, in the order in which they are run.
    public static final List<String> PEERS = Arrays.stream(Kind.values()).map(Kind::peer).toList();
    private static final int BLOCK = 4096;
    private static final int MEBIBYTE = 1 << 20;

    /// How much data the lines use. What is measured stays the same; small ones are for a look whether all works.
    ///
    /// @param bytes of the volume that is read and written
    /// @param snapshots how many the volumes have of which snapshots are timed
    /// @param spreadBlocks written on each of those
    /// @param roundSnapshots timed in one round
    public record Sizes(long bytes, List<Integer> snapshots, int spreadBlocks, int roundSnapshots) {
        public static final Sizes FULL = new Sizes(1L << 30, List.of(1000, 100, 1), 4096, 20);
        public static final Sizes SMALL = new Sizes(64L << 20, List.of(10, 3, 1), 64, 3);
        private static final List<Long> SNAPSHOT_VOLUMES = List.of(1L << 40, 64L << 30, 1L << 30);

        public Sizes {
            snapshots = List.copyOf(snapshots);
        }

        public Sizes withBytes(long other) {
            return new Sizes(other, snapshots, spreadBlocks, roundSnapshots);
        }

        /// The largest with the most snapshots first.
        private List<Shape> shapes() {
            return SNAPSHOT_VOLUMES.stream().flatMap(size -> snapshots.stream().map(count -> new Shape(size, count))).toList();
        }
    }

    /// @param launcher `bin/cairn`
    /// @param work a directory for data, on the disk to measure
    /// @param peers of [#PEERS]
    /// @param only scenario ids; empty for all
    /// @param profile whether each of Cairn's lines is run once more, uncounted, under the JVM's profiler
    public record Plan(Path launcher, Path work, List<String> peers, List<String> only, Sizes sizes, boolean profile) {}

    private final Plan plan;
    private final Match match;
    private final Setting setting;
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private VolumeSuite(Plan plan, Match match, String fio) {
        this.plan = plan;
        this.match = match;
        setting = new Setting(plan.work, plan.sizes.bytes, fio, new HashSet<>());
    }

    /// An [IOException] when fio is not installed.
    public static Findings run(Plan plan, Match match) throws Exception {
        return new VolumeSuite(plan, match, Fio.version()).run();
    }

    private Findings run() throws Exception {
        var files = fioScenarios().stream().filter(this::wanted).toList();
        limits.addAll(new RawLimits(plan.work, match.rounds(), match.time()).disk());
        limits.addAll(new RawFile(plan.work, plan.sizes.bytes, match).limits(files));
        servers();
        restarts();
        snapshotsByEc2();
        snapshotsByLibrary();
        embedded();
        return new Findings(entrants, limits, figures, warnings);
    }

    private void servers() throws Exception {
        var scenarios = serverScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var servers = new ArrayList<VolumeServer>();
        try {
            var cairn = CairnServer.start(plan.launcher, plan.work.resolve("cairn"), plan.sizes.bytes);
            servers.add(cairn);
            Fio.fill(Target.of(cairn), plan.sizes.bytes);
            enter(cairn);
            for (var kind : Kind.values())
                if (plan.peers.contains(kind.peer()))
                    start(kind, servers);
            for (var scenario : scenarios) {
                var figure = match.run(scenario, servers);
                figures.add(plan.profile && scenario.timed() ? profiled(figure, scenario, cairn) : figure);
            }
        } finally {
            servers.forEach(Contestant::close);
        }
    }

    private void restarts() throws Exception {
        var scenario = new RestartScenario(plan.sizes.bytes, List.<Goal>of(new AtMost(500)), new AtomicInteger());
        if (!wanted(scenario))
            return;
        try (var servers = RestartedServer.start(plan.launcher, plan.work.resolve("restarted"), plan.sizes.bytes)) {
            enter(servers);
            figures.add(cold().run(scenario, List.of(servers)));
        }
    }

    private void snapshotsByEc2() throws Exception {
        var scenarios = snapshotScenarios("snapshot-ec2", "Snapshot by EC2",
                "by CreateSnapshot over one kept connection, written by NBD");
        if (scenarios.isEmpty())
            return;
        try (var cairn = CairnProcess.start(plan.launcher, plan.work.resolve("snapshots"))) {
            var targets = new ArrayList<SnapshotTarget>();
            for (var shape : plan.sizes.shapes())
                targets.add(new Ec2Snapshots(cairn, shape));
            snapshots(scenarios, targets);
        }
    }

    private void snapshotsByLibrary() throws Exception {
        var scenarios = snapshotScenarios("snapshot-embedded", "Embedded snapshot",
                "by the library, in the harness's own process");
        if (scenarios.isEmpty())
            return;
        try (var store = BlockStore.open(plan.work.resolve("embedded-snapshots"))) {
            snapshots(scenarios,
                    plan.sizes.shapes().stream().<SnapshotTarget>map(shape -> new EmbeddedSnapshots(store, shape)).toList());
        }
    }

    private void snapshots(List<SnapshotTimeScenario> scenarios, List<SnapshotTarget> targets) throws InterruptedException {
        targets.forEach(this::enter);
        for (var scenario : scenarios)
            figures.add(match.run(scenario, targets));
    }

    private void embedded() throws Exception {
        var scenarios = embeddedScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var volumes = new ArrayList<EmbeddedVolume>();
        try {
            volumes.add(new CairnEmbedded(plan.work.resolve("embedded"), plan.sizes.bytes));
            volumes.add(new FileVolume(plan.work.resolve("embedded-file"), plan.sizes.bytes));
            volumes.forEach(this::enter);
            for (var scenario : scenarios)
                figures.add(match.run(scenario, volumes));
        } finally {
            volumes.forEach(Contestant::close);
        }
    }

    /// The same match for what has nothing to warm up.
    private Match cold() {
        return new Match(0, match.rounds(), match.time(), match.progress());
    }

    private void enter(Contestant contestant) {
        if (entrants.stream().noneMatch(known -> known.name().equals(contestant.entrant().name())))
            entrants.add(contestant.entrant());
    }

    private void start(Kind kind, List<VolumeServer> servers) throws InterruptedException {
        try {
            match.progress().accept("starting " + kind.peer());
            var server = NbdPeer.start(kind, plan.work.resolve(kind.peer()), plan.sizes.bytes);
            try {
                Fio.fill(Target.of(server), plan.sizes.bytes);
            } catch (IOException e) {
                server.close();
                throw e;
            }
            servers.add(server);
            enter(server);
        } catch (IOException e) {
            warnings.add(kind.peer() + " did not start and has no figures: " + e.getMessage());
        }
    }

    private Figure profiled(Figure figure, VolumeScenario scenario, CairnServer cairn) throws InterruptedException {
        if (figure.measured(CairnProcess.NAME) == null)
            return figure;
        try {
            return figure.withProfile(HotSpots.of(cairn.process().pid(), plan.work, () -> scenario.run(cairn, match.time())));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // the figure stands without it
            warnings.add("no profile of " + scenario.id() + ": " + e);
            return figure;
        }
    }

    private boolean wanted(Scenario<?> scenario) {
        return plan.only.isEmpty() || plan.only.contains(scenario.id());
    }

    private List<VolumeScenario> serverScenarios() {
        var scenarios = new ArrayList<VolumeScenario>(fioScenarios());
        scenarios.add(new AfterSnapshotScenario(List.of(new AtLeast(0.9)), setting));
        scenarios.add(new SnapshotSpaceScenario(List.of(new AtMost(1.1)), setting));
        scenarios.add(new ConnectScenario(List.of(new AtLeast(1000)), setting));
        return scenarios;
    }

    private List<SnapshotTimeScenario> snapshotScenarios(String id, String title, String how) {
        var goal = List.<Goal>of(new AtMost(10));
        return Stream.of(
                new SnapshotTimeScenario(id, title, how, false, plan.sizes.spreadBlocks, plan.sizes.roundSnapshots, goal),
                new SnapshotTimeScenario(id + "-worst", title + ", the slowest", how, true, plan.sizes.spreadBlocks,
                        plan.sizes.roundSnapshots, goal))
                .filter(this::wanted).toList();
    }

    private List<EmbeddedScenario> embeddedScenarios() {
        var seeds = new AtomicLong();
        return List.of(
                new EmbeddedScenario("embedded-read", "Embedded random read 4 KiB, one thread", false, 0, 1,
                        List.of(new AtLeast(500_000)), plan.work, seeds),
                new EmbeddedScenario("embedded-read-2", "Embedded random read 4 KiB, two threads", false, 0, 2,
                        List.of(new AtLeast(1_000_000)), plan.work, seeds),
                new EmbeddedScenario("embedded-write", "Embedded random write 4 KiB", true, 0, 1, List.of(), plan.work, seeds),
                new EmbeddedScenario("embedded-write-flush32", "Embedded random write 4 KiB, a flush every 32", true, 32, 1,
                        List.of(), plan.work, seeds),
                new EmbeddedScenario("embedded-write-flush1", "Embedded random write 4 KiB, a flush each", true, 1, 1, List.of(),
                        plan.work, seeds));
    }

    private List<FioScenario> fioScenarios() {
        return List.of(
                fio("randread-4k-qd1", "Random read 4 KiB, depth 1", new Access("randread", BLOCK, 1, 0), 1.0, 1.2),
                fio("randread-4k-qd32", "Random read 4 KiB, depth 32", new Access("randread", BLOCK, 32, 0), 1.0, 1.2),
                fio("randwrite-4k-qd32", "Random write 4 KiB, depth 32", new Access("randwrite", BLOCK, 32, 0), 1.2, 1.2),
                fio("randwrite-4k-qd32-fsync32", "Random write 4 KiB, depth 32, a flush every 32",
                        new Access("randwrite", BLOCK, 32, 32), 1.3, 1.3),
                fio("randwrite-4k-qd1-fsync1", "Random write 4 KiB, depth 1, a flush each", new Access("randwrite", BLOCK, 1, 1),
                        1.0, 1.0),
                fio("read-1m-qd4", "Sequential read 1 MiB, depth 4", new Access("read", MEBIBYTE, 4, 0), 1.0, 1.0),
                fio("write-1m-qd4", "Sequential write 1 MiB, depth 4", new Access("write", MEBIBYTE, 4, 0), 1.0, 1.0));
    }

    /// @param nbdkit how many times its value is to be reached; where the better of both peers is the measure, both factors are the same
    private FioScenario fio(String id, String title, Access access, double nbdkit, double qemu) {
        return new FioScenario(id, title, access,
                List.<Goal>of(new TimesPeer(Kind.NBDKIT.peer(), nbdkit), new TimesPeer(Kind.QEMU_RAW.peer(), qemu)), setting);
    }
}
