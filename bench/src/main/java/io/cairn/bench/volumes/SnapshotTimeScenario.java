package io.cairn.bench.volumes;

import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How long a snapshot takes, of small volumes and large ones, of those with few snapshots and with many. The subject, to which the goal applies, is the
/// largest one with the most.
///
/// @param worst whether a round's value is its slowest snapshot rather than its median one
/// @param blocks written on every volume, spread over it
/// @param count snapshots of a round
record SnapshotTimeScenario(String id, String title, String how, boolean worst, int blocks, int count, List<Goal> goals)
        implements
            Scenario<SnapshotTarget> {
    private static final int CHANGED = 16;

    @Override
    public Unit unit() {
        return Unit.MILLISECONDS;
    }

    @Override
    public String method() {
        return ("the %s of %d snapshots of a round, %s, after each %d blocks of 4 KiB were changed and not flushed; every volume has %,d blocks written, spread over it, and the "
                + "snapshots that its name says beside those of the round, which are removed after it; every snapshot must show the block that was written before it")
                .formatted(worst ? "slowest" : "median", count, how, CHANGED, blocks);
    }

    @Override
    public void prepare(SnapshotTarget target) throws Exception {
        target.grow(blocks);
    }

    @Override
    public Work run(SnapshotTarget target, Duration time) throws Exception {
        var millis = new double[count];
        var snapshots = new ArrayList<String>();
        try (var session = target.open()) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < CHANGED; j++)
                    session.write(target.shape().offset((long) j * blocks / CHANGED, blocks), SnapshotTarget.block(i));
                long began = System.nanoTime();
                snapshots.add(session.snapshot());
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
            for (int i = 0; i < count; i++)
                if (!Arrays.equals(session.read(snapshots.get(i), 0), SnapshotTarget.block(i)))
                    throw new WrongAnswerException("snapshot " + i + " of the round does not show what was written before it");
            for (var snapshot : snapshots)
                session.delete(snapshot);
        }
        Arrays.sort(millis);
        return Work.untimed(count, worst ? millis[count - 1] : (millis[(count - 1) / 2] + millis[count / 2]) / 2);
    }
}
