package io.cairn.bench.volumes;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import io.cairn.bench.volumes.Fio.Access;
import io.cairn.bench.volumes.Fio.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Random writes right after a snapshot relative to those right before: what the copying costs that a snapshot puts off.
final class AfterSnapshotScenario extends VolumeScenario {
    private static final Access ACCESS = new Access("randwrite", 4096, 32, 0);

    AfterSnapshotScenario(List<Goal> goals, Setting setting) {
        super("after-snapshot", "Random write 4 KiB, depth 32, right after a snapshot relative to before", Unit.RATIO, goals,
                setting);
    }

    @Override
    public String method() {
        return ("writes a second in the time of a round right after a snapshot, divided by those right before it; %s, its nbd engine, bs=4096, iodepth=32, %,d MiB, every block written before; "
                + "dirty pages are written back first; Cairn's snapshot by EC2's CreateSnapshot, qcow2's by qemu-img while its server is stopped; the snapshot is removed before the "
                + "next round; after every round writes with crc32c are read back; CPU is that of both parts and of the snapshot")
                .formatted(setting.fio(), setting.bytes() >> 20);
    }

    @Override
    public Optional<String> excludes(VolumeServer server) {
        return server.lacksSnapshots();
    }

    @Override
    public Work run(VolumeServer server, Duration time) throws Exception {
        server.dropSnapshots();
        settle();
        long cpu = server.cpuNanos();
        var before = Fio.during(time, Target.of(server), setting.bytes(), ACCESS, seed(server));
        server.snapshot();
        var after = Fio.during(time, Target.of(server), setting.bytes(), ACCESS, seed(server));
        cpu = server.cpuNanos() - cpu;
        verify(server);
        return new Work(before.operations() + after.operations(), after.operationsPerSecond() / before.operationsPerSecond(), cpu,
                before.cpuNanos() + after.cpuNanos());
    }
}
