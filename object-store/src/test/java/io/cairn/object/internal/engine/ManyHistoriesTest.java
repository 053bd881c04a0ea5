package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.Versioning;
import io.cairn.object.testkit.Histories;
import io.cairn.object.testkit.LinearizabilityContract;
import io.cairn.object.testkit.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/// The store equals its model over 20,000 histories. A failure names its seed: `-Dcairn.seed=N` begins with it.
class ManyHistoriesTest {
    private static final int HISTORIES = 20_000;
    private static final int MIN_A_MINUTE = 30;
    private static final int CONCURRENT = 1000;
    private static final int THREADS = 2;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MIN_MEMORY_BYTES = 2L << 30;

    /// An empty one ends the thread that takes it.
    private record History(long seed, List<Step> steps) {}

    @Example
    @Tag("long")
    void theStoreEqualsItsModel() throws IOException, InterruptedException {
        long first = Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
        // The rest of the minutes is for kills and power cuts.
        long minutes = Long.getLong("cairn.long.minutes", 15);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes) / 3;
        System.out.println("object store histories: first seed " + first);
        var scratch = Files.createTempDirectory(place(), "cairn-objects");
        var queue = new ArrayBlockingQueue<History>(2 * THREADS);
        var done = new AtomicInteger();
        var failure = new AtomicReference<@Nullable AssertionError>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++)
            threads.add(Thread.ofPlatform().start(() -> take(queue, scratch, done, failure)));
        // Histories come from one thread: jqwik makes them on its own alone.
        for (long seed = first; seed < first + HISTORIES && failure.get() == null && System.nanoTime() < deadline; seed++)
            queue.put(new History(seed, Histories.of(seed)));
        for (var _ : threads)
            queue.put(new History(0, List.of()));
        for (var thread : threads)
            thread.join();
        if (failure.get() != null)
            throw failure.get();
        Files.delete(scratch); // empty, as each history removes what it made
        System.out.println("object store histories: " + done + " of " + HISTORIES);
        // A minute makes some hundreds on two idle cores.
        assertTrue(done.get() >= Math.min(HISTORIES, MIN_A_MINUTE * minutes / 3), () -> "histories: " + done);
    }

    /// A thousand times eight clients with 60 calls each.
    @Example
    @Tag("long")
    void whatClientsDoAtOnceIsLinearizable() throws IOException {
        long first = Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 15;
        System.out.println("concurrent clients: first seed " + first);
        var contract = new LogObjectStoreContractTest().in(place());
        int done = 0;
        try (var store = contract.open()) {
            for (; done < CONCURRENT && System.nanoTime() < deadline; done++)
                LinearizabilityContract.beLinearizable(store, Versioning.values()[done % 3], first + done);
        }
        contract.deleteFiles();
        System.out.println("concurrent clients: " + done + " of " + CONCURRENT + " histories are linearizable");
        assertTrue(done > 0);
    }

    /// A crash here keeps what was synced to the log and nothing else, wherever the files lie: in memory they are quicker.
    private static Path place() throws IOException {
        boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MIN_MEMORY_BYTES;
        return roomy ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void take(BlockingQueue<History> queue, Path scratch, AtomicInteger done,
            AtomicReference<@Nullable AssertionError> failure) {
        var contract = new LogObjectStoreContractTest().in(scratch);
        try {
            for (var history = queue.take(); !history.steps().isEmpty(); history = queue.take()) {
                if (failure.get() != null)
                    continue; // the queue must not stay full
                try {
                    contract.answerLikeTheModel(history.steps());
                    contract.deleteFiles();
                    done.incrementAndGet();
                } catch (Throwable e) {
                    failure.compareAndSet(null, new AssertionError("history of seed " + history.seed() + ": " + e, e));
                }
            }
        } catch (InterruptedException e) {
            failure.compareAndSet(null, new AssertionError("interrupted", e));
        }
    }

    @Example
    void aSeedNamesOneHistory() {
        assertEquals(Histories.of(7), Histories.of(7));
    }
}
