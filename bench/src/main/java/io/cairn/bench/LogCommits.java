package io.cairn.bench;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// Durable commits of 1 KiB a second: the replicated log against one synced RocksDB put an operation, at 1, 16 and 128 writers.
/// Both answer only after an fdatasync; rounds alternate; every value is read back and compared before its round counts.
///
///     mvn -q -pl bench -am package -DskipTests && bench/run LogCommits [seconds a round] [rounds] [directory]
public final class LogCommits {
    private static final int VALUE_BYTES = 1024;
    private static final int KEYS = 20_000;
    private static final long SEED = 20_260_101;

    enum Rows implements Space {
        ROWS
    }

    /// One way to store a row durably.
    interface Subject extends AutoCloseable {
        void put(byte[] key, byte[] value);

        byte @Nullable [] get(byte[] key);

        @Override
        void close();
    }

    private record Round(double perSecond, double cpuMicros) {}

    private LogCommits() {}

    public static void main(String[] args) throws Exception {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 3;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        var base = args.length > 2 ? Path.of(args[2]) : Files.createTempDirectory("log-commits");
        System.out.printf(
                "durable commits of %d B, seed %d, %d keys, %d rounds of %.1f s after one of warm-up, %s, JDK %s, %d cores%n",
                VALUE_BYTES,
                SEED, KEYS, rounds, seconds, System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        System.out.printf("limit: %.0f fdatasync/s of 1 KiB appended to a preallocated file by one thread%n",
                rawSyncs(base, seconds));
        try (var log = new LogSubject(base.resolve("log")); var rocks = new RocksSubject(base.resolve("rocksdb"))) {
            for (int writers : new int[]{1, 16, 128})
                compare(log, rocks, writers, rounds, seconds);
        }
    }

    private static void compare(Subject log, Subject rocks, int writers, int rounds, double seconds) throws Exception {
        run(rocks, writers, seconds, 0);
        run(log, writers, seconds, 1);
        var ours = new ArrayList<Round>();
        var theirs = new ArrayList<Round>();
        for (int i = 0; i < rounds; i++) {
            theirs.add(run(rocks, writers, seconds, 2 * i + 2));
            ours.add(run(log, writers, seconds, 2 * i + 3));
        }
        System.out.printf("%n%d writers%n", writers);
        print("RocksDB, synced put each", theirs);
        print("replicated log", ours);
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < rounds; i++)
            ratios.add(ours.get(i).perSecond / theirs.get(i).perSecond);
        System.out.printf("  ratio a pair of rounds: %s  median %.2f%n", spelled(ratios), median(ratios));
    }

    private static void print(String name, List<Round> rounds) {
        var perSecond = rounds.stream().map(Round::perSecond).toList();
        var cpu = rounds.stream().map(Round::cpuMicros).toList();
        System.out.printf("  %-26s commits/s %s  median %.0f   process CPU us/commit median %.1f%n", name,
                perSecond.stream().map(rate -> "%.0f".formatted(rate)).toList(), median(perSecond), median(cpu));
    }

    private static String spelled(List<Double> values) {
        return values.stream().map(value -> "%.2f".formatted(value)).toList().toString();
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// Runs writers for a while, then reads back the last value that each wrote.
    private static Round run(Subject subject, int writers, double seconds, int round) throws Exception {
        var start = new CountDownLatch(1);
        var failure = new AtomicReference<@Nullable Throwable>();
        var counts = new long[writers];
        var lastKeys = new byte[writers][];
        var lastValues = new byte[writers][];
        var threads = new ArrayList<Thread>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            threads.add(Thread.ofPlatform().start(() -> {
                var random = new Random(SEED + 1000L * round + writer);
                try {
                    start.await();
                    long end = System.nanoTime() + (long) (seconds * 1e9);
                    while (System.nanoTime() < end) {
                        // A writer's keys are its own, so that the last value it wrote is the one to find.
                        var key = ByteBuffer.allocate(16).putLong(writer).putLong(random.nextInt(KEYS / writers)).array();
                        var value = new byte[VALUE_BYTES];
                        random.nextBytes(value);
                        subject.put(key, value);
                        counts[writer]++;
                        lastKeys[writer] = key;
                        lastValues[writer] = value;
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        long cpu = processCpuNanos();
        long began = System.nanoTime();
        start.countDown();
        for (var thread : threads)
            thread.join();
        double elapsed = (System.nanoTime() - began) / 1e9;
        cpu = processCpuNanos() - cpu;
        if (failure.get() != null)
            throw new IllegalStateException("a writer failed", failure.get());
        for (int w = 0; w < writers; w++)
            if (lastKeys[w] != null && !Arrays.equals(lastValues[w], subject.get(lastKeys[w])))
                throw new IllegalStateException("writer " + w + " does not find what it wrote last");
        long total = Arrays.stream(counts).sum();
        return new Round(total / elapsed, cpu / 1e3 / total);
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double rawSyncs(Path base, double seconds) throws IOException {
        Files.createDirectories(base);
        var path = base.resolve("raw");
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(32 << 20));
            file.force(true);
            var block = ByteBuffer.allocateDirect(VALUE_BYTES);
            long count = 0;
            long began = System.nanoTime();
            for (long end = began + (long) (seconds * 1e9); System.nanoTime() < end; count++) {
                file.write(block.clear(), count * VALUE_BYTES % (32 << 20));
                file.force(false);
            }
            return count / ((System.nanoTime() - began) / 1e9);
        } finally {
            Files.delete(path);
        }
    }

    private static final class LogSubject implements Subject {
        private final ReplicatedLog log;

        LogSubject(Path directory) {
            log = ReplicatedLog.open(directory, new Group(Engine.TEST, 0, List.of(Rows.values())), LogOptions.DEFAULT,
                    CommitListener.NONE);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            log.propose(new Batch(VALUE_BYTES + 64).put(Rows.ROWS, key, value)).done().join();
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return log.store().get(Rows.ROWS, key);
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /// RocksDB as an application would use it for durable puts: its own write-ahead log, synced for each put; it groups
    /// concurrent writers by itself.
    private static final class RocksSubject implements Subject {
        private final Options options = new Options().setCreateIfMissing(true);
        private final WriteOptions synced = new WriteOptions().setSync(true);
        private final RocksDB database;

        RocksSubject(Path directory) throws RocksDBException, IOException {
            Files.createDirectories(directory);
            database = RocksDB.open(options, directory.toString());
        }

        @Override
        public void put(byte[] key, byte[] value) {
            try {
                database.put(synced, key, value);
            } catch (RocksDBException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            try {
                return database.get(key);
            } catch (RocksDBException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }

        @Override
        public void close() {
            database.close();
            synced.close();
            options.close();
        }
    }
}
