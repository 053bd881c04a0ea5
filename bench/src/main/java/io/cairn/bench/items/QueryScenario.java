package io.cairn.bench.items;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Queries of whole partitions of twenty items.
final class QueryScenario extends ItemScenario {
    static final int PARTITION = 20;
    private static final String ITEMS = "\"Items\":[";

    QueryScenario(List<Goal> goals, Setting setting) {
        super("query-20", "Query of 20 items", goals, setting);
    }

    @Override
    public String method() {
        return "%d connections, Query of a partition of %d items, zipfian; of every answer all items, in order, and Count and ScannedCount are compared"
                .formatted(setting.connections(), PARTITION);
    }

    private static String key(int record) {
        return "\"k\":{\"S\":\"%s\"},\"s\":{\"S\":\"%02d\"}".formatted(Records.key(record / PARTITION), record % PARTITION);
    }

    @Override
    public void prepare(ItemServer server) throws Exception {
        try (var client = setting.client(server)) {
            client.createTable(table(), "k", "s");
        }
        int whole = setting.records() / PARTITION * PARTITION;
        Load.count(1, server, 1, number -> ItemClient.worker(server, setting.content(), (client, index) -> {
            client.fill(table(), 0, whole, (body, record) -> body.item(key(record), record, 0));
            return 1;
        }));
    }

    @Override
    public Work run(ItemServer server, Duration time) throws Exception {
        int partitions = setting.records() / PARTITION;
        return work(server, time, (client, draws, connection) -> query(client, draws.next() % partitions));
    }

    private void query(ItemClient client, int partition) throws Exception {
        client.body().add("{\"TableName\":\"").add(table())
                .add("\",\"KeyConditionExpression\":\"k = :k\",\"ExpressionAttributeValues\":{\":k\":{\"S\":\"")
                .add(Records.key(partition)).add("\"}}}");
        client.call("Query");
        var json = client.answer();
        int at = find(json, client.length());
        for (int i = 0; i < PARTITION; i++) {
            if (i > 0)
                at = Records.expect(json, at, client.length(), (byte) ',');
            at = setting.content().check(json, at, client.length(), (long) partition * PARTITION + i, 2, 0);
        }
        at = Records.expect(json, at, client.length(), (byte) ']');
        var rest = new String(json, 0, find(json, client.length()), StandardCharsets.ISO_8859_1)
                + new String(json, at, client.length() - at, StandardCharsets.ISO_8859_1);
        if (!rest.contains("\"Count\":" + PARTITION) || !rest.contains("\"ScannedCount\":" + PARTITION)
                || rest.contains("LastEvaluatedKey"))
            throw new WrongAnswerException("not a whole partition: " + rest);
    }

    private static int find(byte[] json, int length) {
        for (int i = 0; i + ITEMS.length() <= length; i++) {
            int same = 0;
            while (same < ITEMS.length() && json[i + same] == ITEMS.charAt(same))
                same++;
            if (same == ITEMS.length())
                return i + same;
        }
        throw new WrongAnswerException("no items: " + Records.shortened(json, length));
    }
}
