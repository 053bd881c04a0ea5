package io.cairn.bench.items;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What the lines about servers have in common: a table of records, connections that work on it, and a look afterwards at what was written.
abstract class ItemScenario implements Scenario<ItemServer> {
    private static final int READ_BACK_MOST = 100;
    private final String id;
    private final String title;
    private final List<Goal> goals;
    final Setting setting;

    /// What all scenarios of a run share.
    ///
    /// @param records how many the table has
    /// @param versions the last version given out; each write has one of its own
    record Setting(Records content, int records, int connections, AtomicLong versions) {
        Zipfian zipfian(int connection) {
            return new Zipfian(records, versions.get() * 31 + connection);
        }

        ItemClient client(ItemServer server) throws java.io.IOException {
            return new ItemClient(server, content);
        }
    }

    /// One operation of one connection.
    @FunctionalInterface
    interface Step { void run(ItemClient client, Zipfian draws, int connection) throws Exception; }

    ItemScenario(String id, String title, List<Goal> goals, Setting setting) {
        this.id = id;
        this.title = title;
        this.goals = goals;
        this.setting = setting;
    }

    /// Its own, so that no line finds what another one left.
    final String table() {
        return "bench-" + id;
    }

    @Override
    public void prepare(ItemServer server) throws Exception {
        try (var client = setting.client(server)) {
            client.createTable(table(), "k", "");
        }
        Load.count(setting.connections, server, setting.connections, number -> {
            int share = (setting.records + setting.connections - 1) / setting.connections;
            return ItemClient.worker(server, setting.content, (client, index) -> {
                client.fill(table(), Math.min(setting.records, number * share),
                        Math.min(setting.records, (number + 1) * share),
                        (body, record) -> body.item(ItemClient.key(record), record, 0));
                return 1;
            });
        });
    }

    final Work work(ItemServer server, Duration time, Step step) throws Exception {
        var tally = Load.during(time, server, setting.connections, number -> {
            var draws = setting.zipfian(number);
            return ItemClient.worker(server, setting.content, (client, index) -> {
                step.run(client, draws, number);
                return 1;
            });
        });
        return tally.work(tally.operationsPerSecond());
    }

    /// Reads back some of what the round wrote: the newest of a record's fields must have the version that was written last.
    final void readBack(ItemServer server, Written written) throws Exception {
        try (var client = setting.client(server)) {
            for (var each : written.some(READ_BACK_MOST)) {
                client.get(table(), each.record(), each::version);
                long newest = 0;
                for (int field = 0; field < Records.FIELDS; field++)
                    newest = Math.max(newest, client.version(field));
                if (newest != each.version())
                    throw new WrongAnswerException("record %d was written with version %d and has %d".formatted(each.record(),
                            each.version(), newest));
            }
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Unit unit() {
        return Unit.OPERATIONS;
    }

    @Override
    public List<Goal> goals() {
        return goals;
    }
}
