package io.cairn.replication.testkit;

import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The embedded log on disks in memory, its store on a real one.
public final class LocalSubject implements Subject {
    private final Path directory;
    private final LogOptions options;
    private final Consumer<MemoryDisks> plant;
    private MemoryDisks disks = new MemoryDisks();

    /// @param plant plants faults on the machine at each of its starts
    public LocalSubject(Path directory, long seed, Consumer<MemoryDisks> plant) {
        this.directory = directory;
        this.plant = plant;
        var random = new SplittableRandom(seed);
        // A clock that stands still, jumps, and now and then goes back.
        this.options = LogOptions.DEFAULT.withFileBytes(64 << 10 << random.nextInt(5))
                .withFlushBytes(100_000 << random.nextInt(6))
                .withRandom(random.split()).withClock(new Ticks(random.split()));
        plant.accept(disks);
    }

    @Override
    public ReplicatedLog open(CommitListener listener) {
        return ReplicatedLog.open(directory, GROUP, options.withDisks(disks), listener);
    }

    @Override
    public void stopAfter(int count) {
        disks.power().cutAfter(count);
    }

    @Override
    public void stop(ReplicatedLog log, boolean power, RandomGenerator random) {
        disks.power().cut();
        Crash.crash(log);
        disks = power ? disks.powerCut(random) : disks.processCrash();
        plant.accept(disks);
    }

    @Override
    public void await(CompletableFuture<?> future) {
        future.handle((_, _) -> true).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public List<String> extentFiles() {
        try {
            return disks.disk(directory.resolve("extents")).list();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ReplicatedLog openCheckpoint(Path copy) {
        return ReplicatedLog.open(copy, GROUP, LogOptions.DEFAULT.withFileBytes(64 << 10), CommitListener.NONE);
    }

    private static final class Ticks implements InstantSource {
        private final SplittableRandom random;
        private long micros = 1_700_000_000_000_000L;

        Ticks(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public synchronized Instant instant() {
            micros += switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> -random.nextInt(1000);
                default -> random.nextInt(2000);
            };
            return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
        }
    }
}
