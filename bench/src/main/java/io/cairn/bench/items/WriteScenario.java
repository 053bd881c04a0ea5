package io.cairn.bench.items;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import java.time.Duration;
import java.util.List;

/// Writes whole items: one, two in a transaction, or several in a batch.
final class WriteScenario extends ItemScenario {
    private final int items;
    private final boolean transaction;

    /// @param items a request: 1 is PutItem, else BatchWriteItem
    /// @param transaction two items by TransactWriteItems
    WriteScenario(String id, String title, int items, boolean transaction, List<Goal> goals, Setting setting) {
        super(id, title, goals, setting);
        if (transaction && items != 2)
            throw new IllegalArgumentException("a transaction writes two items, not " + items);
        this.items = items;
        this.transaction = transaction;
    }

    @Override
    public String method() {
        return "%d connections, %s; after each round up to 100 records are read back, each with the version written last"
                .formatted(setting.connections(), transaction
                        ? "TransactWriteItems of two puts, which share no item"
                        : items == 1
                                ? "PutItem over an item that is there"
                                : "BatchWriteItem of " + items + " different items");
    }

    @Override
    public Work run(ItemServer server, Duration time) throws Exception {
        var written = new Written(setting.records());
        int share = setting.records() / setting.connections();
        var done = work(server, time, (client, draws, connection) -> {
            long version = setting.versions().incrementAndGet();
            if (transaction) {
                // Of the connection's own share: a transaction that meets another one is refused, and that is not what is measured.
                int one = connection * share + draws.next() % share;
                int other = connection * share + (one - connection * share + 1 + draws.below(share - 1)) % share;
                written.note(connection, one, version);
                written.note(connection, other, version);
                client.putTwo(table(), one, other, version);
            } else if (items == 1) {
                int record = draws.next();
                written.note(connection, record, version);
                client.put(table(), record, version);
            } else {
                int first = draws.next(); // hot ones still: different ones beside each other
                for (int i = 0; i < items; i++)
                    written.note(connection, (first + i) % setting.records(), version);
                client.batch(table(), items, (body, number) -> {
                    int record = (first + number) % setting.records();
                    body.item(ItemClient.key(record), record, version);
                });
            }
        });
        readBack(server, written);
        return done;
    }
}
