package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.ValueType;
import io.cairn.kv.testkit.ItemCall.State;
import io.cairn.replication.testkit.Linearizability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final int CALLS_EACH = 60;
    private static final int THREADS = 2;

    /// An empty one ends the thread that takes it.
    private record History(long seed, List<Step> steps) {}

    private static long firstSeed() {
        return Long.getLong("cairn.seed", new SplittableRandom().nextLong(1_000_000_000) * 100_000);
    }

    @Example
    @Tag("long")
    void theStoreEqualsItsModel() throws InterruptedException {
        long first = firstSeed();
        // The rest of the minutes is for clients, kills and power cuts.
        long minutes = Long.getLong("cairn.long.minutes", 15);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes) / 2;
        System.out.println("item histories: first seed " + first);
        var queue = new ArrayBlockingQueue<History>(2 * THREADS);
        var done = new AtomicInteger();
        var failure = new AtomicReference<@Nullable AssertionError>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++)
            threads.add(Thread.ofPlatform().start(() -> take(queue, done, failure)));
        // Histories come from one thread: jqwik makes them on its own alone.
        for (long seed = first; seed < first + HISTORIES && failure.get() == null && System.nanoTime() < deadline; seed++)
            queue.put(new History(seed, Histories.of(seed)));
        for (var _ : threads)
            queue.put(new History(0, List.of()));
        for (var thread : threads)
            thread.join();
        if (failure.get() != null)
            throw failure.get();
        KvContract.report();
        System.out.println("item histories: " + done + " of " + HISTORIES);
        // A minute makes some hundreds on two idle cores.
        assertTrue(done.get() >= Math.min(HISTORIES, MIN_A_MINUTE * minutes / 2), () -> "histories: " + done);
    }

    /// Every third one on the simulated log.
    private static void take(BlockingQueue<History> queue, AtomicInteger done,
            AtomicReference<@Nullable AssertionError> failure) {
        try {
            for (var history = queue.take(); !history.steps().isEmpty(); history = queue.take()) {
                if (failure.get() != null)
                    continue; // the queue must not stay full
                try {
                    var contract = history.seed() % 3 == 0 ? new SimulatedKvStoreContractTest() : new LogKvStoreContractTest();
                    contract.run(history.steps());
                    done.incrementAndGet();
                } catch (Throwable e) {
                    failure.compareAndSet(null, new AssertionError("history of seed " + history.seed() + ": " + e, e));
                }
            }
        } catch (InterruptedException e) {
            failure.compareAndSet(null, new AssertionError("interrupted", e));
        }
    }

    /// A thousand times sixteen clients with 60 calls each.
    @Example
    @Tag("long")
    void whatClientsDoAtOnceIsLinearizable() {
        long first = firstSeed();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 10;
        System.out.println("clients of items: first seed " + first);
        var directory = Scratch.make();
        int done = 0;
        try (var store = KvStore.open(directory)) {
            for (; done < CONCURRENT && System.nanoTime() < deadline; done++) {
                var definition = TableDefinition.of("clients-" + done, KeySchema.of("p"), Map.of("p", ValueType.S));
                assertNull(Linearizability.violation(
                        ConcurrentClients.run(store.createTable(definition), CALLS_EACH, first + done), State.NONE));
                store.deleteTable(definition.name());
            }
        } finally {
            Scratch.delete(directory);
        }
        System.out.println("clients of items: " + done + " of " + CONCURRENT + " histories are linearizable");
        assertTrue(done > 0);
    }

    @Example
    void aSeedNamesOneHistory() {
        assertEquals(Histories.of(7), Histories.of(7));
    }
}
