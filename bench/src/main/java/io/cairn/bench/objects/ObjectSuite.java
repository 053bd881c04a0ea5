package io.cairn.bench.objects;

import io.cairn.bench.limits.RawLimits;
import io.cairn.bench.match.Contestant;
import io.cairn.bench.match.Match;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.objects.PeerServer.Kind;
import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.process.HotSpots;
import io.cairn.bench.score.Entrant;
import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Goal.AtLeast;
import io.cairn.bench.score.Goal.AtMost;
import io.cairn.bench.score.Goal.CpuAtMost;
import io.cairn.bench.score.Goal.TimesPeer;
import io.cairn.bench.score.Limit;
import io.cairn.bench.score.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The lines of the object store: every "Speed to reach" of its design page, Cairn first, beside the peers that are there.
public final class ObjectSuite {
    /// Names of peers that [#run] knows, in the order in which they are run.
    public static final List<String> PEERS = List.of(Kind.NGINX.script(), Kind.S3PROXY.script(), Kind.CEPH.script());
    private static final int CONNECTIONS = 8;
    private static final int LARGE_CONNECTIONS = 4;

    /// How much data the scenarios use. What is measured stays the same; small ones are for a look whether all works.
    ///
    /// @param keys objects of the 4 KiB GET and of the listing
    /// @param largeBytes the size that stands for 64 MiB
    /// @param spaceObjects how many objects of one byte are put
    public record Sizes(int keys, int middleBytes, int largeBytes, int largeObjects, int pageKeys, int spaceObjects) {
        public static final Sizes FULL = new Sizes(20_000, 1 << 20, 64 << 20, 4, 1000, 20_000);
    }

    /// @param launcher `bin/cairn`
    /// @param scripts `bench/peers`
    /// @param work a directory for data, on the disk to measure
    /// @param peers of [#PEERS]
    /// @param only scenario ids; empty for all
    /// @param profile whether each of Cairn's lines is run once more, uncounted, under the JVM's profiler
    public record Plan(Path launcher, Path scripts, Path work, List<String> peers, List<String> only, Sizes sizes,
            boolean profile) {}

    private final Plan plan;
    private final Match match;
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    public ObjectSuite(Plan plan, Match match) {
        this.plan = plan;
        this.match = match;
    }

    public Findings run() throws Exception {
        var raw = new RawLimits(plan.work, match.rounds(), match.time());
        limits.addAll(raw.all());
        servers(raw);
        embedded();
        return new Findings(entrants, limits, figures, warnings);
    }

    private void servers(RawLimits raw) throws Exception {
        var servers = new ArrayList<ObjectServer>();
        try {
            var cairn = CairnServer.start(plan.launcher, plan.work.resolve("cairn"));
            servers.add(cairn);
            limits.add(raw.answers("empty answers of Cairn's front door", cairn.process().consolePort(), "/health/live"));
            for (var kind : Kind.values())
                if (plan.peers.contains(kind.script()))
                    start(kind, servers);
            servers.forEach(server -> entrants.add(server.entrant()));
            for (var scenario : serverScenarios())
                if (wanted(scenario)) {
                    var figure = match.run(scenario, servers);
                    figures.add(plan.profile && scenario.timed() ? profiled(figure, scenario, cairn) : figure);
                }
        } finally {
            servers.forEach(Contestant::close);
        }
    }

    private Figure profiled(Figure figure, ServerScenario scenario, CairnServer cairn) throws InterruptedException {
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

    private void start(Kind kind, List<ObjectServer> servers) throws InterruptedException {
        try {
            match.progress().accept("starting " + kind.script());
            servers.add(PeerServer.start(kind, plan.scripts, plan.work.resolve(kind.script())));
        } catch (IOException e) {
            warnings.add(kind.script() + " did not start and has no figures: " + e.getMessage());
        }
    }

    private void embedded() throws Exception {
        var scenarios = embeddedScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var stores = new ArrayList<EmbeddedStore>();
        try {
            stores.add(new CairnEmbedded(plan.work.resolve("embedded")));
            stores.add(new RocksStore(plan.work.resolve("rocksdb-files"), false));
            stores.add(new RocksStore(plan.work.resolve("rocksdb-values"), true));
            stores.forEach(store -> entrants.add(store.entrant()));
            for (var scenario : scenarios)
                figures.add(match.run(scenario, stores));
        } finally {
            stores.forEach(Contestant::close);
        }
    }

    private boolean wanted(Scenario<?> scenario) {
        return plan.only.isEmpty() || plan.only.contains(scenario.id());
    }

    private List<ServerScenario> serverScenarios() {
        var sizes = plan.sizes;
        var small = new Content(4096, 64);
        var middle = new Content(sizes.middleBytes, 8);
        var large = new Content(sizes.largeBytes, 2);
        var nginx = Kind.NGINX.script();
        return List.of(
                // First, on empty stores: compaction of what others leave would move the difference.
                new SpaceScenario(List.of(new AtMost(400)), CONNECTIONS, sizes.spaceObjects),
                new PutScenario("put-4k", "PUT 4 KiB", Unit.OPERATIONS, List.of(new AtLeast(12_000), new CpuAtMost(120)), small,
                        CONNECTIONS, Long.MAX_VALUE),
                new GetScenario("get-4k", "GET 4 KiB", Unit.OPERATIONS, List.of(new AtLeast(35_000), new CpuAtMost(50)), small,
                        CONNECTIONS, sizes.keys),
                new GetScenario("get-1m", "GET 1 MiB", Unit.MEGABYTES, List.of(new TimesPeer(nginx, 0.8)), middle, CONNECTIONS,
                        64),
                new GetScenario("get-64m", "GET 64 MiB", Unit.MEGABYTES, List.of(new TimesPeer(nginx, 0.9)), large,
                        LARGE_CONNECTIONS, sizes.largeObjects),
                new PutScenario("put-64m", "PUT 64 MiB", Unit.MEGABYTES, List.of(new AtLeast(600)), large, LARGE_CONNECTIONS,
                        2L * LARGE_CONNECTIONS),
                new ListScenario(List.of(new AtLeast(300_000)), small, CONNECTIONS, sizes.keys, sizes.pageKeys));
    }

    private List<EmbeddedScenario> embeddedScenarios() {
        var goal = List.<Goal>of(new TimesPeer(RocksStore.FILES, 0.9));
        var small = new Content(4096, 64);
        var middle = new Content(plan.sizes.middleBytes, 4);
        return List.of(embedded("embedded-put-4k", "Embedded put 4 KiB", true, new Content(4096, 4), 20_000, goal),
                embedded("embedded-get-4k", "Embedded get 4 KiB", false, small, plan.sizes.keys, goal),
                embedded("embedded-put-1m", "Embedded put 1 MiB", true, middle, 32, goal),
                embedded("embedded-get-1m", "Embedded get 1 MiB", false, middle, 64, goal));
    }

    private static EmbeddedScenario embedded(String id, String title, boolean puts, Content content, int objects,
            List<Goal> goals) {
        return new EmbeddedScenario(id, title, puts, content, CONNECTIONS, objects, goals, new AtomicInteger());
    }
}
