package io.cairn.bench.volumes;

import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import io.cairn.bench.volumes.Fio.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// How much longer a start takes after SIGKILL when the whole volume was written and nothing flushed.
///
/// @param seed of the next job
record RestartScenario(long bytes, List<Goal> goals, AtomicInteger seed) implements Scenario<RestartedServer> {
    private static final int BLOCK = 4096;

    @Override
    public String id() {
        return "restart";
    }

    @Override
    public String title() {
        return "Restart after SIGKILL, beyond that of an empty volume";
    }

    @Override
    public Unit unit() {
        return Unit.MILLISECONDS;
    }

    @Override
    public String method() {
        return ("%,d MiB written in random order by 4 KiB, no flush, SIGKILL as soon as fio is done; time from the start of `bin/cairn server` until NBD_OPT_GO is answered with the volume's "
                + "size, less the same of a server whose volume was never written, killed and started right before, while the other one has nothing to do; looked at every 20 ms, so it may be a little "
                + "less than 0; after it writes with crc32c are read back").formatted(bytes >> 20);
    }

    @Override
    public Work run(RestartedServer servers, Duration time) throws Exception {
        double empty = servers.restartMillis(servers.empty());
        Fio.writeOnce(Target.of(servers.written()), bytes, bytes / BLOCK, false, seed.incrementAndGet());
        double written = servers.restartMillis(servers.written());
        Fio.verify(Target.of(servers.written()), bytes, seed.get());
        return Work.untimed(1, written - empty);
    }
}
