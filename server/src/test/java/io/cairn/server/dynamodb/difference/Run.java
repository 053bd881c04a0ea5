package io.cairn.server.dynamodb.difference;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.sessions.JqwikSession;
import org.jspecify.annotations.Nullable;

/// Many histories, in lanes beside each other: most of the time of a history that alters tables is spent waiting for an index.
final class Run {
    private static final int MAX_SHOWN = 3;
    private static final int MAX_FOUND = 100;
    private final List<Histories> histories = new ArrayList<>();
    private final List<Differ> differs = new ArrayList<>();
    private final Tally tally = new Tally();
    private final Map<String, Found> found = new LinkedHashMap<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Duration took = Duration.ZERO;

    private record Found(int lane, History history, Differ.Difference first, int times) {}

    Run(List<Lane> lanes) throws IOException {
        for (var lane : lanes) {
            var own = new Histories(Integer.toString(histories.size()));
            var differ = new Differ(lane.cairn(), lane.local(), own, tally);
            differ.makeTables();
            histories.add(own);
            differs.add(differ);
        }
    }

    void compare(long seed, int count, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        var queues = new ArrayList<BlockingQueue<History>>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < differs.size(); i++) {
            int lane = i;
            queues.add(new ArrayBlockingQueue<>(1));
            threads.add(Thread.ofPlatform().start(() -> work(lane, queues.get(lane))));
        }
        // Histories come from one thread: jqwik makes them on its own alone.
        JqwikSession.run(() -> {
            for (int i = 0; i < count && failure.get() == null && System.nanoTime() - begin < limit.toNanos()
                    && !isHopeless(); i++)
                put(queues, seed + i);
        });
        for (var queue : queues)
            queue.put(END);
        for (var thread : threads)
            thread.join();
        took = Duration.ofNanos(System.nanoTime() - begin);
        if (failure.get() != null)
            throw new AssertionError("a history could not be asked", failure.get());
    }

    private static final History END = new History("end", List.of(), false, List.of(), List.of());

    /// Into the first lane that has room.
    private void put(List<BlockingQueue<History>> queues, long seed) throws InterruptedException {
        while (true) {
            for (int lane = 0; lane < queues.size(); lane++)
                if (queues.get(lane).remainingCapacity() > 0) {
                    queues.get(lane).put(histories.get(lane).of(seed));
                    return;
                }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void work(int lane, BlockingQueue<History> queue) {
        try {
            for (var history = queue.take(); !history.questions().isEmpty(); history = queue.take())
                if (failure.get() == null) {
                    try {
                        for (var difference : differs.get(lane).run(history))
                            note(lane, history, difference);
                        done.incrementAndGet();
                    } catch (IOException | RuntimeException | Error e) {
                        failure.compareAndSet(null, new AssertionError(history.name(), e));
                    }
                }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(int lane, History history, Differ.Difference difference) {
        var plain = difference.what().replaceAll("-[0-9]\\b", "-N");
        var before = found.get(plain);
        if (before == null)
            System.out.println("difference: " + plain + "\n    " + history.name() + ": " + difference);
        found.put(plain, before == null
                ? new Found(lane, history, difference, 1)
                : new Found(before.lane, before.history, before.first, before.times + 1));
    }

    private synchronized boolean isHopeless() { return found.size() > MAX_FOUND; }

    synchronized List<String> found() {
        return List.copyOf(found.keySet());
    }

    /// All kinds, and the shortest history for each, up to a number of them: shrinking takes its time.
    synchronized String report() {
        var lines = new ArrayList<String>();
        lines.add(found.size() + " kinds of differences");
        found.forEach((what, one) -> lines.add("  " + one.times + " times: " + what));
        for (var one : found.values().stream().limit(MAX_SHOWN).toList())
            try {
                var differ = differs.get(one.lane);
                var history = differ.shrink(one.history, one.first.what());
                lines.add("\n" + one.history.name() + ", " + one.first.what());
                history.questions().forEach(question -> lines.add("  " + question.request()));
                differ.run(history).forEach(difference -> lines.add("  " + difference));
            } catch (IOException e) {
                lines.add(one + ": " + e);
            }
        return String.join("\n", lines);
    }

    Tally tally() {
        return tally;
    }

    int done() {
        return done.get();
    }

    Duration took() {
        return took;
    }
}
