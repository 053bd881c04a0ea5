package io.cairn.bench.objects;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Disk that an object of one byte takes: what is allocated after many were put, less what was before, by their number.
final class SpaceScenario extends ServerScenario {
    private final Content content = new Content(1, 256);
    private final int connections;
    private final int objects;

    SpaceScenario(List<Goal> goals, int connections, int objects) {
        super("space-1b", "Bytes on disk of an object of 1 byte", Unit.BYTES, goals);
        this.connections = connections;
        this.objects = objects;
    }

    @Override
    public String method() {
        return ("%,d objects with keys of 8 digits in a row and 256 different bodies; allocated blocks (du) of what grows with objects, after less before, each time"
                + " after Cairn was stopped in order, which flushes, and started again, and others had a sync; inodes are not counted; 100 objects are read back")
                .formatted(objects);
    }

    @Override
    public boolean timed() {
        return false;
    }

    @Override
    public Optional<String> excludes(ObjectServer server) {
        return server.space().bytes() < 0 ? Optional.of(server.space().what()) : Optional.empty();
    }

    @Override
    public Work run(ObjectServer server, Duration time) throws Exception {
        server.settle();
        long before = server.space().bytes();
        GetScenario.fill(server, id(), content, connections, objects);
        server.settle();
        long after = server.space().bytes();
        try (var client = new ObjectClient(server)) {
            for (long i = 0; i < objects; i += Math.max(1, objects / 100))
                client.get(GetScenario.path(id(), i), content, i);
        }
        return Work.untimed(objects, Math.max(0, (after - before) / (double) objects));
    }
}
