package io.cairn.server.cli;

import io.cairn.kv.KvStore;
import io.cairn.object.ObjectStore;
import io.cairn.replication.Damage;
import io.cairn.server.metrics.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Scrubs a store now and then, on a thread of its own: what is damaged is logged, counted and told by health, while all else is served.
final class Scrubbing implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubbing.class);
    /// A hundredth of what a usual disk reads.
    private static final long BYTES_PER_SECOND = 16L << 20;
    private static final Duration AFTER_START = Duration.ofMinutes(10);
    private final Scrubbed store;
    private final Duration every;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private final InstantSource clock;
    private volatile @Nullable Ended last;

    /// What one scrub has read.
    ///
    /// @param what it read, for people
    /// @param whole whether it went over all there was
    record Report(String what, long bytes, long damages, boolean whole) {}

    /// A store that can be scrubbed.
    interface Scrubbed extends AutoCloseable {
        /// At most so many bytes a second, until `ended` says so.
        Report scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended);

        static Scrubbed of(ObjectStore store) {
            return of((rate, found, ended) -> {
                var report = store.scrub(rate, found, ended);
                return new Report(report.objects() + " objects", report.bytes(), report.damages(), report.whole());
            }, store);
        }

        static Scrubbed of(KvStore store) {
            return of((rate, found, ended) -> {
                var report = store.scrub(rate, found, ended);
                return new Report(report.rows() + " rows", report.bytes(), report.damages(), report.whole());
            }, store);
        }

        private static Scrubbed of(Scrub scrub, AutoCloseable store) {
            return new Scrubbed() {
                @Override
                public Report scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
                    return scrub.run(bytesPerSecond, found, ended);
                }

                @Override
                public void close() throws Exception {
                    store.close();
                }
            };
        }
    }

    private interface Scrub { Report run(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended); }

    private record Ended(Instant at, Report report) {}

    /// @param every the time from one scrub's end to the next; zero for none. The first begins 10 minutes after the start, or so soon
    Scrubbing(Scrubbed store, Duration every, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.every = every;
        this.thread = Thread.ofPlatform().name("cairn-scrub").daemon().unstarted(this);
    }

    Scrubbing start() {
        if (every.isPositive())
            thread.start();
        return this;
    }

    void register(Registry metrics, String engine) {
        metrics.gauge("cairn_scrub_ended_seconds", "When the last scrub ended, seconds since 1970; 0 before the first",
                () -> last == null ? 0 : last.at().toEpochMilli() / 1e3, "engine", engine);
        metrics.gauge("cairn_scrub_bytes", "Bytes that the last scrub read", () -> last == null ? 0 : last.report().bytes(),
                "engine", engine);
        metrics.gauge("cairn_scrub_damages", "Damages that the last scrub found",
                () -> last == null ? 0 : last.report().damages(), "engine", engine);
    }

    @Override
    public void run() {
        var pause = every.compareTo(AFTER_START) < 0 ? every : AFTER_START;
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                var report = store.scrub(BYTES_PER_SECOND, Scrubbing::tell, () -> closed.getCount() == 0);
                if (report.whole()) {
                    last = new Ended(clock.instant(), report);
                    LOG.info("scrub: {}, {} bytes, {} damages", report.what(), report.bytes(), report.damages());
                }
                pause = every;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the scrub has ended until the next start", e);
        }
    }

    private static void tell(Damage damage) {
        LOG.error("damaged on the disk: {}", damage.text());
    }

    Optional<String> trouble() {
        var ended = last;
        return ended == null || ended.report().damages() == 0
                ? Optional.empty()
                : Optional.of("the scrub of %s found %d damages; the log names them, and so does bin/cairn check"
                        .formatted(ended.at(), ended.report().damages()));
    }

    /// Ends a scrub that is under way, then closes the store.
    @Override
    public void close() throws Exception {
        closed.countDown();
        if (thread.isAlive())
            thread.join();
        store.close();
    }
}
