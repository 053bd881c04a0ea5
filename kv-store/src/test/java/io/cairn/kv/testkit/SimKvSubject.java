package io.cairn.kv.testkit;

import io.cairn.kv.KvStore;
import io.cairn.kv.internal.engine.LogKvStore;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Proposed;
import io.cairn.replication.testkit.SimLog;
import io.cairn.replication.testkit.SimMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/// The engine on a simulated log: what happens when follows from the seed alone. Stamps of that log count from 0, so it is 1970.
final class SimKvSubject implements KvSubject {
    private final Path directory = Scratch.make();
    private final Clock clock = new Clock(Instant.EPOCH.plus(Duration.ofHours(1)), Duration.ofMinutes(12));
    private final SplittableRandom random;
    private final SimMachine machine;

    SimKvSubject(long seed, SimMachine.Fault... faults) {
        random = new SplittableRandom(seed);
        machine = new SimMachine(directory, KvSpace.group(0), random.nextLong(), faults);
    }

    @Override
    public KvStore open() {
        return new LogKvStore(() -> {
        }, new Stepped(SimLog.open(machine, CommitListener.NONE)), clock, false);
    }

    @Override
    public void cutAfter(int operations) {
        machine.stopAfter(operations);
    }

    @Override
    public void crash(KvStore store) {
        if (((LogKvStore) store).log() instanceof Stepped log)
            log.crash();
        machine.restart(true, random);
        LocalKvSubject.ended(store);
    }

    @Override
    public void tend(KvStore store) {
        ((LogKvStore) store).tend();
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public void close() {
        Scratch.delete(directory);
    }

    /// Steps the log until a proposal is done, or its machine has stopped: then nobody waits for ever.
    private static final class Stepped extends ForwardingLog {
        private final SimLog simulated;
        private boolean stepping;

        Stepped(SimLog simulated) {
            super(simulated);
            this.simulated = simulated;
        }

        @Override
        public synchronized Proposed propose(Batch batch) {
            var proposed = simulated.propose(batch);
            if (stepping)
                return proposed; // from what waited for one that was just applied: the loop below comes to it
            stepping = true;
            try {
                while (simulated.step()) {
                    // all that may happen happens
                }
            } finally {
                stepping = false;
            }
            if (!proposed.done().isDone())
                simulated.crash();
            return proposed;
        }

        synchronized void crash() {
            simulated.crash();
        }
    }
}
