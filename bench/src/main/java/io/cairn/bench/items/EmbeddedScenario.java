package io.cairn.bench.items;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import io.cairn.kv.Item;
import io.cairn.kv.Value;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Puts or gets by a library in this process, from several threads. Items are made before; only the store's work is timed.
final class EmbeddedScenario implements Scenario<EmbeddedItems> {
    private static final int VERSIONS = 4;
    private final String id;
    private final String title;
    private final boolean puts;
    private final int threads;
    private final int records;
    private final List<Goal> goals;
    private final Item[][] items;
    private final Item[] keys;
    private final AtomicLong seeds = new AtomicLong();

    EmbeddedScenario(String id, String title, boolean puts, Records content, int records, int threads, List<Goal> goals) {
        this.id = id;
        this.title = title;
        this.puts = puts;
        this.threads = threads;
        this.records = records;
        this.goals = goals;
        items = new Item[puts ? VERSIONS : 1][records];
        keys = new Item[records];
        for (int record = 0; record < records; record++) {
            keys[record] = Item.of("k", Value.s(Records.key(record)));
            for (int version = 0; version < items.length; version++)
                items[version][record] = item(content, record, version);
        }
    }

    private static Item item(Records content, int record, int version) {
        var values = new HashMap<String, Value>();
        values.put("k", Value.s(Records.key(record)));
        for (int field = 0; field < Records.FIELDS; field++)
            values.put("field" + field, Value.s(content.field(record, field, version)));
        return Item.of(values);
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

    @Override
    public String method() {
        return "%d threads in the harness's own process, CPU of all of it, zipfian; ".formatted(threads)
                + (puts
                        ? "every put durable when it returns, over an item that is there; after each round 100 items are read back, each the last that was put there"
                        : "%,d items that fit in memory; all bytes of every item are compared".formatted(records));
    }

    @Override
    public void prepare(EmbeddedItems store) throws Exception {
        Load.count(records, store, threads, number -> index -> {
            store.put(items[0][(int) index]);
            return 1;
        });
    }

    @Override
    public Work run(EmbeddedItems store, Duration time) throws Exception {
        var written = new Written(records);
        var tally = Load.during(time, store, threads, number -> {
            var draws = new Zipfian(records, seeds.incrementAndGet());
            return index -> {
                int record = draws.next();
                if (puts) {
                    int version = (int) (index / threads % VERSIONS);
                    written.note(number, record, version);
                    store.put(items[version][record]);
                } else
                    check(store, record, 0);
                return 1;
            };
        });
        for (var each : written.some(100))
            check(store, each.record(), (int) each.version());
        return tally.work(tally.operationsPerSecond());
    }

    private void check(EmbeddedItems store, int record, int version) throws Exception {
        if (!Arrays.equals(store.get(keys[record]), items[version][record].encoded()))
            throw new WrongAnswerException("not version " + version + " of record " + record);
    }
}
