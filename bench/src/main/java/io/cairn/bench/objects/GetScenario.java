package io.cairn.bench.objects;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;

/// Gets objects of one size over several connections; they fit in the page cache and were put before.
final class GetScenario extends ServerScenario {
    /// Visits objects in an order that is no object's neighbour's, and all of them: odd, and no count of objects is a multiple of it.
    private static final long STRIDE = 7_919;
    private final Content content;
    private final int connections;
    private final int objects;

    GetScenario(String id, String title, Unit unit, List<Goal> goals, Content content, int connections, int objects) {
        super(id, title, unit, goals);
        this.content = content;
        this.connections = connections;
        this.objects = objects;
    }

    @Override
    public String method() {
        return "%d connections, %,d objects that fit in memory, requests signed before the round; length and CRC32C of every body are compared"
                .formatted(connections, objects);
    }

    @Override
    public void prepare(ObjectServer server) throws Exception {
        fill(server, id(), content, connections, objects);
    }

    /// Puts objects `/BUCKET/00000000` and on.
    static void fill(ObjectServer server, String bucket, Content content, int connections, int objects) throws Exception {
        try (var client = new ObjectClient(server)) {
            client.createBucket(bucket);
        }
        Load.count(objects, server, connections, number -> ObjectClient.worker(server,
                (client, index) -> client.put(path(bucket, index), content, index)));
    }

    static String path(String bucket, long index) {
        return "/" + bucket + "/" + key(index);
    }

    static String key(long index) {
        return "%08d".formatted(index);
    }

    @Override
    public Work run(ObjectServer server, Duration time) throws Exception {
        var requests = Requests.to(server);
        var heads = new byte[objects][];
        for (int i = 0; i < objects; i++)
            heads[i] = requests.get(path(id(), i));
        var tally = Load.during(time, server, connections, number -> ObjectClient.worker(server, (client, index) -> {
            int object = (int) (index * STRIDE % objects);
            return client.get(heads[object], content, object);
        }));
        return tally.work(unit() == Unit.MEGABYTES ? tally.megabytesPerSecond() : tally.operationsPerSecond());
    }
}
