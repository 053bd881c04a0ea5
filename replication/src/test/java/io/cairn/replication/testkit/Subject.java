package io.cairn.replication.testkit;

import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Space;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// A log under test with the machine that it runs on.
public interface Subject {
    /// Opens the log, the first time or after [#stop] or a close.
    ReplicatedLog open(CommitListener listener);

    /// The machine stops at its `count`-th operation from now.
    void stopAfter(int count);

    /// Ends the process or the power at this instant, with whatever is in flight. The next [#open] is that of the next start.
    void stop(ReplicatedLog log, boolean power, RandomGenerator random);

    /// Waits, or steps, until it is done, well or not.
    void await(CompletableFuture<?> future);

    /// Names of the extent files that there are.
    List<String> extentFiles();

    /// Takes leadership away in the middle and brings a later epoch; `false` when this log has no such thing.
    default boolean changeLeader(RandomGenerator random) {
        return false;
    }

    /// Opens a checkpoint as a log of its own; null when checkpoints of this log cannot be opened.
    @org.jspecify.annotations.Nullable
    default ReplicatedLog openCheckpoint(Path directory) {
        return null;
    }

    /// The group that all subjects serve.
    Group GROUP = new Group(Engine.TEST, 3, List.of(Spaces.values()));

    /// Its spaces.
    enum Spaces implements Space {
        FIRST, SECOND, THIRD
    }
}
