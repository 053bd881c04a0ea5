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
import io.cairn.bench.score.Goal.TimesPeer;
import io.cairn.bench.score.Limit;
import io.cairn.bench.volumes.Fio.Access;
import io.cairn.bench.volumes.Fio.Target;
import io.cairn.bench.volumes.NbdPeer.Kind;
import io.cairn.bench.volumes.VolumeScenario.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The lines of the block store: every "Speed to reach" of its design page, Cairn first, beside the peers that are there.
public final class VolumeSuite {
    /// Names of peers that [#run] knows, in the order in which they are run.
    public static final List<String> PEERS = Arrays.stream(Kind.values()).map(Kind::peer).toList();
    private static final int BLOCK = 4096;
    private static final int MEBIBYTE = 1 << 20;

    /// @param launcher `bin/cairn`
    /// @param work a directory for data, on the disk to measure
    /// @param peers of [#PEERS]
    /// @param only scenario ids; empty for all
    /// @param bytes of the volume
    /// @param profile whether each of Cairn's lines is run once more, uncounted, under the JVM's profiler
    public record Plan(Path launcher, Path work, List<String> peers, List<String> only, long bytes, boolean profile) {}

    private final Plan plan;
    private final Match match;
    private final Setting setting;
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    public VolumeSuite(Plan plan, Match match) {
        this.plan = plan;
        this.match = match;
        setting = new Setting(plan.work, plan.bytes);
    }

    public Findings run() throws Exception {
        limits.addAll(new RawLimits(plan.work, match.rounds(), match.time()).disk());
        servers();
        return new Findings(entrants, limits, figures, warnings);
    }

    private void servers() throws Exception {
        var scenarios = serverScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var servers = new ArrayList<VolumeServer>();
        try {
            var cairn = CairnServer.start(plan.launcher, plan.work.resolve("cairn"), plan.bytes);
            servers.add(cairn);
            for (var kind : Kind.values())
                if (plan.peers.contains(kind.peer()))
                    start(kind, servers);
            for (var server : servers) {
                entrants.add(server.entrant());
                Fio.fill(Target.of(server), plan.bytes);
            }
            for (var scenario : scenarios) {
                var figure = match.run(scenario, servers);
                figures.add(plan.profile && scenario.timed() ? profiled(figure, scenario, cairn) : figure);
            }
        } finally {
            servers.forEach(Contestant::close);
        }
    }

    private void start(Kind kind, List<VolumeServer> servers) throws InterruptedException {
        try {
            match.progress().accept("starting " + kind.peer());
            servers.add(NbdPeer.start(kind, plan.work.resolve(kind.peer()), plan.bytes));
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
        return scenarios;
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
