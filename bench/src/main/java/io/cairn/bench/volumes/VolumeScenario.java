package io.cairn.bench.volumes;

import io.cairn.bench.match.Scenario;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the lines about servers have in common.
abstract class VolumeScenario implements Scenario<VolumeServer> {
    private static final int SEED = 20_260_101;
    private final String id;
    private final String title;
    private final Unit unit;
    private final List<Goal> goals;
    final Setting setting;
    private final Map<VolumeServer, Integer> jobs = new HashMap<>();

    /// What all lines of a run share.
    ///
    /// @param directory on the file system that all contestants have their data on
    /// @param bytes of the volume, all of them written
    /// @param fio its version
    /// @param disks servers that have once given back what was written to them
    record Setting(Path directory, long bytes, String fio, Set<VolumeServer> disks) {}

    VolumeScenario(String id, String title, Unit unit, List<Goal> goals, Setting setting) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.goals = goals;
        this.setting = setting;
    }

    /// Another one for each job, and the same ones in the same order for every contestant.
    final int seed(VolumeServer server) {
        return SEED + jobs.merge(server, 1, Integer::sum);
    }

    final void settle() throws IOException, InterruptedException {
        DirtyPages.writeBack(setting.directory);
    }

    /// Whether the server is a disk at all, asked before its first line: a
    /// [WrongAnswerException][io.cairn.bench.match.WrongAnswerException] when it is not.
    @Override
    public void prepare(VolumeServer server) throws Exception {
        if (!setting.disks.contains(server))
            verify(server);
    }

    /// Writes and reads again; a [WrongAnswerException][io.cairn.bench.match.WrongAnswerException] when something else comes back.
    final void verify(VolumeServer server) throws InterruptedException {
        Fio.verify(Fio.Target.of(server), setting.bytes, seed(server));
        setting.disks.add(server);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<Goal> goals() {
        return goals;
    }
}
