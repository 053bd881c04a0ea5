package io.cairn.replication.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every log promises, as random histories of at least 30 steps, a third of them a crash or a power cut inside an operation:
///
/// - an acknowledged batch is there whole after every start, an unacknowledged one whole or not at all, in order and with no gap;
/// - the extents that surviving batches name are there with their bytes, and files of others are not;
/// - stamps and epochs ascend; a tail gives the same entries; a checkpoint opens with the same state.
///
/// A failure names its seed: `-Dcairn.seed=N` begins with it.
public abstract class LogContract {
    private static final int TIER_ONE_HISTORIES = 60;
    private static final int LONG_HISTORIES = 20_000;
    private static final int MAX_THREADS = 4;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MIN_MEMORY_BYTES = 1L << 30;
    private static final Map<String, Integer> FLOORS = Map.ofEntries(Map.entry("power cut", 150), Map.entry("crash", 70),
            Map.entry("reopen", 20), Map.entry("flush", 20), Map.entry("tail", 50), Map.entry("entries of tails", 200),
            Map.entry("checkpoint", 5), Map.entry("extents abandoned", 20), Map.entry("proposed", 2000),
            Map.entry("range delete", 300), Map.entry("delete", 300), Map.entry("stamp in key", 300),
            Map.entry("stamp in value", 300), Map.entry("extent in log", 300), Map.entry("extent in own file", 80),
            Map.entry("extent dropped", 80), Map.entry("batch above 1 MiB", 15), Map.entry("kept without an answer", 20),
            Map.entry("lost without an answer", 20), Map.entry("acknowledged before a stop", 50));

    @TempDir
    Path directory;

    protected abstract Subject subject(Path directory, long seed);

    @Test
    void holdsOverHistories() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        run(TIER_ONE_HISTORIES, Long.getLong("cairn.seed", 1), deadline).requireFloors(floors());
    }

    /// How often tier 1 does what, at least.
    protected Map<String, Integer> floors() {
        return FLOORS;
    }

    @Test
    @Tag("long")
    void holdsOverManyHistories() throws IOException {
        long seed = Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
        // Two contracts and the power cuts share the minutes.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 5;
        assertTrue(run(LONG_HISTORIES, seed, deadline).of("proposed") > 0);
    }

    private Coverage run(int histories, long firstSeed, long deadline) throws IOException {
        var coverage = new Coverage();
        System.out.println(getClass().getSimpleName() + ": first seed " + firstSeed);
        var scratch = scratch();
        var next = new AtomicInteger();
        var done = new AtomicInteger();
        var failure = new AtomicReference<@Nullable AssertionError>();
        var threads = new ArrayList<Thread>();
        for (int i = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()); i > 0; i--)
            threads.add(Thread.ofPlatform().start(() -> {
                while (failure.get() == null && System.nanoTime() < deadline && next.get() < histories) {
                    int number = next.getAndIncrement();
                    if (number >= histories)
                        return;
                    try {
                        run(firstSeed + number, scratch, coverage);
                        done.incrementAndGet();
                    } catch (Throwable e) {
                        failure.compareAndSet(null, new AssertionError("history of seed " + (firstSeed + number) + ": " + e, e));
                    }
                }
            }));
        for (var thread : threads)
            join(thread);
        delete(scratch);
        if (failure.get() != null)
            throw failure.get();
        System.out.println(getClass().getSimpleName() + ": " + done + " histories, " + coverage);
        return coverage;
    }

    private void run(long seed, Path scratch, Coverage coverage) throws IOException {
        var place = scratch.resolve("history-" + seed);
        History.run(subject(place.resolve("log"), seed), Files.createDirectories(place), seed, coverage);
        delete(place);
    }

    /// Where the stores lie: in memory where the system has such a place. What a crash keeps is decided by disks of the test kit for the
    /// log, and for the store by what it wrote itself, so syncs prove nothing here and take half of the time.
    private Path scratch() throws IOException {
        boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MIN_MEMORY_BYTES;
        return roomy
                ? Files.createTempDirectory(MEMORY, "cairn-histories")
                : Files.createDirectory(directory.resolve("histories"));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    static void delete(Path place) throws IOException {
        try (var paths = Files.walk(place)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        }
    }
}
