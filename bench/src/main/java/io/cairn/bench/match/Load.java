package io.cairn.bench.match;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Load by a few threads, each of which does one thing after the other: a closed loop, as clients with a connection each make it. Threads are
/// of the platform and block, which costs the shared cores less than an event loop does at so few connections.
public final class Load {
    /// What may pass after a round's end until the last answers are in.
    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Load() {}

    /// The work of one thread. Made, used and closed by that thread alone, except that [#close] may also come from another one to
    /// end a call that hangs.
    public interface Worker extends AutoCloseable {
        /// Does one operation and checks its answer.
        ///
        /// @param index unique in the run: worker, worker + workers, worker + 2 workers, ...
        /// @return what is counted besides operations: bytes, keys
        long work(long index) throws Exception;

        @Override
        default void close() throws IOException {}
    }

    @FunctionalInterface
    public interface WorkerFactory {
        /// Opens what worker `number`, counted from 0, needs; outside the timed part.
        Worker open(int number) throws Exception;
    }

    /// @param amount sum of what the workers returned
    /// @param seconds from the common start until the last worker had its last answer
    public record Tally(long operations, long amount, double seconds, long contestantCpuNanos, long clientCpuNanos) {
        public double operationsPerSecond() {
            return operations / seconds;
        }

        /// Megabytes of 10^6 a second, when bytes were counted.
        public double megabytesPerSecond() {
            return amount / 1e6 / seconds;
        }

        public Work work(double value) {
            return new Work(operations, value, contestantCpuNanos, clientCpuNanos);
        }
    }

    /// Works until `time` is over.
    public static Tally during(Duration time, Contestant contestant, int workers, WorkerFactory factory) throws Exception {
        return run(time, Long.MAX_VALUE, contestant, workers, factory);
    }

    /// Does the operations with the indexes below `count`.
    public static Tally count(long count, Contestant contestant, int workers, WorkerFactory factory) throws Exception {
        return run(Duration.ofHours(1), count, contestant, workers, factory);
    }

    private static Tally run(Duration time, long count, Contestant contestant, int workers, WorkerFactory factory)
            throws Exception {
        var opened = new ArrayList<Worker>();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(workers)) {
            try {
                var loops = new ArrayList<Future<Tally>>();
                for (int number = 0; number < workers; number++) {
                    var worker = factory.open(number);
                    opened.add(worker);
                    int first = number;
                    loops.add(threads.submit(() -> {
                        start.await();
                        return loop(worker, first, workers, count, time);
                    }));
                }
                long cpu = contestant.cpuNanos();
                long client = SYSTEM.getProcessCpuTime();
                long began = System.nanoTime();
                start.countDown();
                long operations = 0;
                long amount = 0;
                for (var loop : loops) {
                    var its = await(loop, time.plus(GRACE).toNanos() - (System.nanoTime() - began));
                    operations += its.operations;
                    amount += its.amount;
                }
                double seconds = (System.nanoTime() - began) / 1e9;
                if (operations == 0)
                    throw new WrongAnswerException("not one operation in " + time.toMillis() + " ms");
                return new Tally(operations, amount, seconds, contestant.cpuNanos() - cpu,
                        SYSTEM.getProcessCpuTime() - client);
            } finally {
                close(opened, threads);
            }
        }
    }

    private static Tally loop(Worker worker, int first, int step, long count, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        long operations = 0;
        long amount = 0;
        for (long index = first; index < count && System.nanoTime() < end; index += step) {
            amount += worker.work(index);
            operations++;
        }
        return new Tally(operations, amount, 0, 0, 0);
    }

    private static Tally await(Future<Tally> loop, long nanos) throws Exception {
        try {
            return loop.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new WrongAnswerException("no answer within " + GRACE.toSeconds() + " s after the round");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause)
                throw cause;
            throw e;
        }
    }

    private static void close(List<Worker> opened, ExecutorService threads) throws IOException {
        threads.shutdownNow(); // one that waits for the start after another could not be opened
        for (var worker : opened)
            worker.close();
    }
}
