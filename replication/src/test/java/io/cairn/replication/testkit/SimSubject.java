package io.cairn.replication.testkit;

import io.cairn.replication.CommitListener;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.internal.extent.FileNames;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The simulated log under the contract.
public final class SimSubject implements Subject {
    private final SimMachine machine;
    private @Nullable SimLog log;

    public SimSubject(Path directory, long seed, SimMachine.Fault... faults) {
        machine = new SimMachine(directory, GROUP, seed, faults);
    }

    @Override
    public ReplicatedLog open(CommitListener listener) {
        var opened = SimLog.open(machine, listener);
        log = opened;
        return opened;
    }

    private SimLog running() {
        var known = log;
        if (known == null)
            throw new IllegalStateException("not open");
        return known;
    }

    @Override
    public void stopAfter(int count) {
        machine.stopAfter(count);
    }

    @Override
    public void stop(ReplicatedLog stopping, boolean power, RandomGenerator random) {
        // It goes on a little by itself, as threads would.
        for (int i = random.nextInt(12); i > 0; i--)
            running().step();
        Crash.crash(stopping);
        machine.restart(power, random);
    }

    @Override
    public void await(CompletableFuture<?> future) {
        while (!future.isDone() && running().step()) {
            // until it is done or the machine has stopped
        }
    }

    @Override
    public List<String> extentFiles() {
        return machine.extents.keySet().stream().filter(extent -> extent.home() == Extent.Home.OWN_FILE)
                .map(extent -> FileNames.of(extent.home(), extent.file())).toList();
    }

    @Override
    public boolean changeLeader(RandomGenerator random) {
        running().changeLeader(random);
        return true;
    }
}
