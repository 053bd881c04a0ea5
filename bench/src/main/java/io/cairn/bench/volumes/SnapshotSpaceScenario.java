package io.cairn.bench.volumes;

import io.cairn.bench.match.Work;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import io.cairn.bench.volumes.Fio.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Disk that a changed block of 4 KiB takes while a snapshot has the old one.
final class SnapshotSpaceScenario extends VolumeScenario {
    private static final int BLOCK = 4096;
    /// Of so many blocks one is changed: about as few that qcow2 copies a cluster of 64 KiB for nearly each, and so many that the steps in which files grow
    /// (4 MiB of Cairn's log) do not show.
    private static final int SPARSENESS = 16;
    /// So long nothing may have changed on disk before the snapshot: cleaning of what earlier lines overwrote would count as space of this one.
    private static final Duration REST = Duration.ofSeconds(5);
    /// Then it begins all the same, and says more than there is.
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final long count;

    SnapshotSpaceScenario(List<Goal> goals, Setting setting) {
        super("snapshot-space", "Disk for each 4 KiB changed after a snapshot", Unit.AMPLIFICATION, goals, setting);
        count = setting.bytes() / BLOCK / SPARSENESS;
    }

    @Override
    public String method() {
        return ("what is allocated (du) after a snapshot, %,d writes of 4 KiB to different blocks in random order, a flush and a sync, less what was allocated right after the snapshot, divided by the bytes written; "
                + "Cairn's whole directory of volumes counts: extents and rows as they are then, without waiting for cleaning, and of the log, whose files are written again, what was written to it; begun when cleaning after the lines before has come to rest")
                .formatted(count);
    }

    @Override
    public boolean timed() {
        return false;
    }

    @Override
    public Optional<String> excludes(VolumeServer server) {
        return server.lacksSnapshots();
    }

    @Override
    public Work run(VolumeServer server, Duration time) throws Exception {
        server.dropSnapshots();
        settle();
        rest(server);
        server.snapshot();
        settle();
        long before = server.allocatedBytes();
        var did = Fio.writeOnce(Target.of(server), setting.bytes(), count, true, seed(server));
        settle();
        long after = server.allocatedBytes();
        verify(server);
        server.dropSnapshots();
        return Work.untimed(did.operations(), (after - before) / (double) did.bytes());
    }

    private static void rest(VolumeServer server) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long still = begun;
        long last = server.allocatedBytes();
        while (System.nanoTime() - still < REST.toNanos() && System.nanoTime() - begun < PATIENCE.toNanos()) {
            Thread.sleep(250);
            long now = server.allocatedBytes();
            if (now != last) {
                last = now;
                still = System.nanoTime();
            }
        }
    }
}
