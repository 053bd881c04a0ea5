package io.cairn.kv.testkit;

import io.cairn.kv.KvStore;
import io.cairn.kv.internal.engine.LogKvStore;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.testkit.Crash;
import io.cairn.replication.testkit.MemoryDisks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The engine on a real log, whose disk is in memory and loses what was not synced.
final class LocalKvSubject implements KvSubject {
    private static final int FILE_BYTES = 1 << 20;
    private final Path directory = Scratch.make();
    private final Clock clock = new Clock(Instant.parse("2026-01-02T03:04:05Z"), Duration.ofDays(2));
    private final SplittableRandom random;
    private final LogOptions options;
    private final UnaryOperator<ReplicatedLog> plant;
    private final Consumer<MemoryDisks> plantOnDisks;
    private MemoryDisks disks = new MemoryDisks();

    LocalKvSubject(long seed) {
        this(seed, log -> log, _ -> {
        });
    }

    /// @param plant plants a fault between the store and its log
    /// @param plantOnDisks plants one on the machine
    LocalKvSubject(long seed, UnaryOperator<ReplicatedLog> plant, Consumer<MemoryDisks> plantOnDisks) {
        this.random = new SplittableRandom(seed);
        this.options = LogOptions.DEFAULT.withFileBytes(FILE_BYTES).withRandom(random.split()).withClock(clock);
        this.plant = plant;
        this.plantOnDisks = plantOnDisks;
        plantOnDisks.accept(disks);
    }

    @Override
    public KvStore open() {
        var log = ReplicatedLog.open(directory, KvSpace.group(0), options.withDisks(disks), CommitListener.NONE);
        return new LogKvStore(() -> {
        }, new Planted(log, plant.apply(log)), clock, false);
    }

    /// A log with a fault, and the one that can be crashed.
    private static final class Planted extends ForwardingLog {
        private final ReplicatedLog inner;

        Planted(ReplicatedLog inner, ReplicatedLog planted) {
            super(planted);
            this.inner = inner;
        }
    }

    @Override
    public void cutAfter(int operations) {
        disks.power().cutAfter(operations);
    }

    @Override
    public void crash(KvStore store) {
        disks.power().cut();
        var log = ((LogKvStore) store).log();
        Crash.crash(log instanceof Planted planted ? planted.inner : log);
        disks = disks.powerCut(random);
        plantOnDisks.accept(disks);
        ended(store);
    }

    /// Threads of a store whose log is gone.
    static void ended(KvStore store) {
        try {
            store.close();
        } catch (RuntimeException e) {
            // it has nothing left to write to
        }
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
}
