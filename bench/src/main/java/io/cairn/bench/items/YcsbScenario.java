package io.cairn.bench.items;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import java.time.Duration;
import java.util.List;

/// A workload of YCSB (Cooper et al., "Benchmarking Cloud Serving Systems with YCSB", SoCC 2010): reads are GetItem of the whole item, updates
/// UpdateItem of one field; a read-modify-write is both, one after the other, and counts once.
final class YcsbScenario extends ItemScenario {
    private final int reads;
    private final boolean readFirst;

    /// @param reads of a hundred operations
    /// @param readFirst whether the others are read-modify-writes rather than updates
    YcsbScenario(String id, String title, int reads, boolean readFirst, List<Goal> goals, Setting setting) {
        super(id, title, goals, setting);
        this.reads = reads;
        this.readFirst = readFirst;
    }

    @Override
    public String method() {
        return ("%d connections, %d %% GetItem, %d %% %s; every item read must have ten fields that were written to that very place, and after each "
                + "round up to 100 records are read back").formatted(setting.connections(), reads, 100 - reads,
                        readFirst ? "GetItem and then UpdateItem of a field" : "UpdateItem of one field");
    }

    @Override
    public Work run(ItemServer server, Duration time) throws Exception {
        var written = new Written(setting.records());
        var done = work(server, time, (client, draws, connection) -> {
            int record = draws.next();
            boolean read = draws.percent(reads);
            if (read || readFirst)
                client.get(table(), record, setting.versions()::get);
            if (read)
                return;
            long version = setting.versions().incrementAndGet();
            written.note(connection, record, version);
            client.update(table(), record, draws.below(Records.FIELDS), version);
        });
        readBack(server, written);
        return done;
    }
}
