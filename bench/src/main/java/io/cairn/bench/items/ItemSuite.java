package io.cairn.bench.items;

import io.cairn.bench.items.ItemScenario.Setting;
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
import io.cairn.bench.score.Goal.CpuAtMost;
import io.cairn.bench.score.Goal.TimesPeer;
import io.cairn.bench.score.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The lines of the key-value store: every "Speed to reach" of its design page, Cairn first, beside the peers that are there.
public final class ItemSuite {
    /// Names of peers that [#run] knows, in the order in which they are run.
    public static final List<String> PEERS = List.of(DynamoDbLocal.MEMORY, DynamoDbLocal.DISK);
    private static final int CONNECTIONS = 16;

    /// @param launcher `bin/cairn`
    /// @param scripts `bench/peers`
    /// @param work a directory for data, on the disk to measure
    /// @param peers of [#PEERS]
    /// @param only scenario ids; empty for all
    /// @param records items of a table
    /// @param profile whether each of Cairn's lines is run once more, uncounted, under the JVM's profiler
    public record Plan(Path launcher, Path scripts, Path work, List<String> peers, List<String> only, int records,
            boolean profile) {}

    private final Plan plan;
    private final Match match;
    private final Setting setting;
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    public ItemSuite(Plan plan, Match match) {
        this.plan = plan;
        this.match = match;
        setting = new Setting(new Records(), plan.records, CONNECTIONS, new AtomicLong());
    }

    public Findings run() throws Exception {
        var raw = new RawLimits(plan.work, match.rounds(), match.time());
        limits.addAll(raw.disk());
        servers(raw);
        embedded();
        return new Findings(entrants, limits, figures, warnings);
    }

    private void servers(RawLimits raw) throws Exception {
        var scenarios = serverScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var servers = new ArrayList<ItemServer>();
        try {
            var cairn = CairnProcess.start(plan.launcher, plan.work.resolve("cairn"));
            servers.add(new CairnServer(cairn));
            limits.add(raw.answers("empty answers of Cairn's front door", cairn.consolePort(), "/health/live"));
            for (var peer : PEERS)
                if (plan.peers.contains(peer))
                    start(peer, servers);
            servers.forEach(server -> entrants.add(server.entrant()));
            for (var scenario : scenarios) {
                var figure = match.run(scenario, servers);
                figures.add(plan.profile ? profiled(figure, scenario, servers.getFirst(), cairn.pid()) : figure);
            }
        } finally {
            servers.forEach(Contestant::close);
        }
    }

    private Figure profiled(Figure figure, ItemScenario scenario, ItemServer cairn, long pid) throws InterruptedException {
        if (figure.measured(CairnProcess.NAME) == null)
            return figure;
        try {
            return figure.withProfile(HotSpots.of(pid, plan.work, () -> scenario.run(cairn, match.time())));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // the figure stands without it
            warnings.add("no profile of " + scenario.id() + ": " + e);
            return figure;
        }
    }

    private void start(String peer, List<ItemServer> servers) throws InterruptedException {
        try {
            match.progress().accept("starting " + peer);
            servers.add(DynamoDbLocal.start(peer, plan.scripts, plan.work.resolve(peer)));
        } catch (IOException e) {
            warnings.add(peer + " did not start and has no figures: " + e.getMessage());
        }
    }

    private void embedded() throws Exception {
        var scenarios = embeddedScenarios().stream().filter(this::wanted).toList();
        if (scenarios.isEmpty())
            return;
        var stores = new ArrayList<EmbeddedItems>();
        try {
            stores.add(new CairnEmbedded(plan.work.resolve("embedded")));
            stores.add(new RocksItems(plan.work.resolve("rocksdb")));
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

    private List<ItemScenario> serverScenarios() {
        return List.of(
                new YcsbScenario("ycsb-c", "YCSB C: GetItem", 100, false,
                        List.of(new CpuAtMost(20), new TimesPeer(DynamoDbLocal.MEMORY, 10)), setting),
                new WriteScenario("put", "PutItem", 1, false,
                        List.of(new CpuAtMost(35), new TimesPeer(DynamoDbLocal.DISK, 100)), setting),
                new YcsbScenario("ycsb-a", "YCSB A: half reads, half updates", 50, false, List.of(), setting),
                new YcsbScenario("ycsb-b", "YCSB B: 95 % reads", 95, false, List.of(), setting),
                new YcsbScenario("ycsb-f", "YCSB F: half reads, half read-modify-writes", 50, true, List.of(), setting),
                new QueryScenario(List.of(), setting),
                new WriteScenario("transact-2", "TransactWriteItems of 2", 2, true, List.of(), setting),
                new WriteScenario("batch-25", "BatchWriteItem of 25", 25, false, List.of(), setting));
    }

    private List<EmbeddedScenario> embeddedScenarios() {
        var content = setting.content();
        return List.of(
                new EmbeddedScenario("embedded-get", "Embedded get", false, content, plan.records, CONNECTIONS,
                        List.<Goal>of(new TimesPeer(RocksItems.NAME, 0.7))),
                new EmbeddedScenario("embedded-put", "Embedded put", true, content, plan.records, CONNECTIONS,
                        List.<Goal>of(new TimesPeer(RocksItems.NAME, 0.6))));
    }
}
