package io.cairn.bench.objects;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Puts objects of one size over several connections. After each round objects that were put in it are read back and compared.
final class PutScenario extends ServerScenario {
    private static final int READ_BACK_EVERY = 997; // prime, so that it meets every connection
    private static final int READ_BACK_MOST = 100;
    private final Content content;
    private final int connections;
    private final long ring;
    private final AtomicInteger round = new AtomicInteger();

    /// @param ring how many different keys a round writes before it begins again: bounds the disk that large objects take
    PutScenario(String id, String title, Unit unit, List<Goal> goals, Content content, int connections, long ring) {
        super(id, title, unit, goals);
        this.content = content;
        this.connections = connections;
        this.ring = ring;
    }

    @Override
    public String method() {
        return "%d connections, %s, bodies of random bytes not signed (UNSIGNED-PAYLOAD); every ETag is compared with the MD5, where the server"
                .formatted(connections, ring == Long.MAX_VALUE ? "every key a new one" : ring + " keys in turn, overwritten")
                + " gives one, and after each round up to " + READ_BACK_MOST + " objects are read back and compared";
    }

    @Override
    public void prepare(ObjectServer server) throws Exception {
        try (var client = new ObjectClient(server)) {
            client.createBucket(id());
        }
    }

    @Override
    public Work run(ObjectServer server, Duration time) throws Exception {
        var prefix = "/" + id() + "/" + (ring == Long.MAX_VALUE ? round.incrementAndGet() : 0) + "/";
        var written = new ConcurrentLinkedQueue<Long>();
        var tally = Load.during(time, server, connections, number -> ObjectClient.worker(server, (client, index) -> {
            long bytes = client.put(prefix + index % ring, content, index % ring);
            if (index / connections == 0 || index % READ_BACK_EVERY == 0)
                written.add(index % ring);
            return bytes;
        }));
        try (var client = new ObjectClient(server)) {
            for (long index : written.stream().distinct().limit(READ_BACK_MOST).toList())
                client.get(prefix + index, content, index);
        }
        return tally.work(unit() == Unit.MEGABYTES ? tally.megabytesPerSecond() : tally.operationsPerSecond());
    }
}
