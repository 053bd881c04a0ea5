package io.cairn.bench.volumes;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import io.cairn.bench.volumes.Fio.Access;
import io.cairn.bench.volumes.Fio.Target;
import java.time.Duration;
import java.util.List;

/// One pattern of reads or writes by fio.
final class FioScenario extends VolumeScenario {
    private final Access access;

    FioScenario(String id, String title, Access access, List<Goal> goals, Setting setting) {
        super(id, title, access.blockBytes() >= 1 << 20 ? Unit.MEGABYTES : Unit.OPERATIONS, goals, setting);
        this.access = access;
    }

    Access access() {
        return access;
    }

    @Override
    public String method() {
        return ("%s, its nbd engine, one connection, rw=%s, bs=%d, iodepth=%d, %,d MiB; %swhether the server is a disk is checked before its first line%s by writes with crc32c that "
                + "are read back").formatted(setting.fio(), access.mode(), access.blockBytes(), access.depth(),
                        setting.bytes() >> 20, flushes(),
                        access.writes() ? " and after every round" : "");
    }

    private String flushes() {
        var settled = access.writes() ? "before each round dirty pages are written back (sync); " : "";
        return switch (access.fsync()) {
            case 0 -> settled;
            case 1 -> settled + "a flush follows every write; ";
            default -> settled + "a flush is due after every " + access.fsync()
                    + " writes (where others are under way, fio 3.33 goes on sending flushes until one is answered: a burst each time; rates count writes alone); ";
        };
    }

    @Override
    public Work run(VolumeServer server, Duration time) throws Exception {
        if (access.writes())
            settle();
        long cpu = server.cpuNanos();
        var did = Fio.during(time, Target.of(server), setting.bytes(), access, seed(server));
        cpu = server.cpuNanos() - cpu;
        if (access.writes())
            verify(server);
        return new Work(did.operations(), value(did), cpu, did.cpuNanos());
    }

    /// In the scenario's unit.
    double value(Fio.Outcome did) {
        return unit() == Unit.MEGABYTES ? did.megabytesPerSecond() : did.operationsPerSecond();
    }
}
