package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptArchiveException;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a log keeps for an archive that stays away, that every gap is told, and what is restored from timelines on both sides of one.
final class ArchiveGapsTest {
    private static final int FILE_BYTES = 64 << 10;
    private static final long KEEP_BYTES = 1 << 20;
    @TempDir
    Path directory;
    private Path blobs;
    private Away archive;

    /// Puts fail in the way that is set.
    private static final class Away implements Archive {
        private final Archive to;
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final AtomicReference<@Nullable CountDownLatch> silence = new AtomicReference<>();
        final AtomicInteger waiting = new AtomicInteger();

        Away(Archive to) {
            this.to = to;
        }

        @Override
        public void put(String name, long bytes, InputStream content) throws IOException {
            var until = silence.get();
            if (until != null)
                hold(until);
            switch (failure.get()) {
                case null -> to.put(name, bytes, content);
                case Error error -> throw error;
                case IOException refused -> throw refused;
                case Throwable other -> throw new IOException(other);
            }
        }

        private void hold(CountDownLatch until) {
            waiting.incrementAndGet();
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public InputStream get(String name) throws IOException {
            return to.get(name);
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            return to.list(prefix);
        }

        @Override
        public void delete(List<String> names) throws IOException {
            to.delete(names);
        }

        @Override
        public void discardUnfinished(String prefix) throws IOException {
            to.discardUnfinished(prefix);
        }
    }

    @BeforeEach
    void makeArchive() {
        blobs = directory.resolve("archive");
        archive = new Away(Archive.directory(blobs));
    }

    private LogOptions options() {
        return LogOptions.DEFAULT.withFileBytes(FILE_BYTES).withFlushBytes(100_000).withArchive(ArchiveOptions.to(archive)
                .withSegmentBytes(16 << 10).withKeepBytes(KEEP_BYTES).withInterval(Duration.ofMinutes(10)));
    }

    private LocalLog open(LogOptions options) {
        return LocalLog.open(directory.resolve("log"), ArchivedHistory.GROUP, options, CommitListener.NONE);
    }

    private static void put(LocalLog log, int bytes) {
        log.propose(new Batch().put(ArchivedHistory.Rows.LEFT, new byte[]{1}, new byte[bytes])).done().join();
    }

    private static ArchiveStatus status(LocalLog log) {
        return log.archiveStatus().orElseThrow();
    }

    private long logFiles() {
        try (var files = Files.list(directory.resolve("log/log"))) {
            return files.filter(file -> file.toString().endsWith(".log")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.sleep(20);
        }
    }

    /// The bound holds again and again, not only the first time that it is met.
    @Test
    void anArchiveThatStaysAwayNeverCostsMoreThanTheBound() throws Exception {
        try (var log = open(options())) {
            log.archiveNow();
            archive.failure.set(new IOException("no archive"));
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 30; i++)
                    put(log, 50_000);
                assertThrows(IllegalStateException.class, log::archiveNow);
                log.flush();
                long kept = logFiles() * FILE_BYTES;
                assertTrue(kept < 3 * KEEP_BYTES, "round " + round + ": " + kept + " bytes are kept");
            }
            assertEquals(1, status(log).gaps());
            archive.failure.set(null);
            put(log, 1);
            log.archiveNow();
        }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
    }

    /// As a file system of a network does whose server is gone. The archiver's thread waits in the call; the bound holds all the same.
    @Test
    void anArchiveThatDoesNotAnswerNeverCostsMoreThanTheBound() throws Exception {
        var often = LogOptions.DEFAULT.withFileBytes(FILE_BYTES).withFlushBytes(100_000).withArchive(
                ArchiveOptions.to(archive).withKeepBytes(KEEP_BYTES).withInterval(Duration.ofMillis(10)));
        try (var log = open(often)) {
            log.archiveNow();
            var silence = new CountDownLatch(1);
            archive.silence.set(silence);
            try {
                put(log, 1);
                await(() -> archive.waiting.get() > 0, "nothing was put");
                for (int i = 0; i < 100; i++)
                    put(log, 50_000);
                await(() -> {
                    log.flush();
                    return logFiles() * FILE_BYTES < 2 * KEEP_BYTES;
                }, "all is kept for an archive that does not answer");
                assertTrue(status(log).failure().isPresent(), "it is not told");
                assertEquals(1, archive.waiting.get());
            } finally {
                archive.silence.set(null);
                silence.countDown();
            }
            await(() -> status(log).gaps() == 1 && status(log).behindIndex() == 0, "it does not go on: " + status(log));
        }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
        restore(OptionalLong.empty(), "back");
    }

    @Test
    void anErrorOfTheArchivesIsToldAndArchivingGoesOn() throws Exception {
        var often = LogOptions.DEFAULT.withArchive(ArchiveOptions.to(archive).withInterval(Duration.ofMillis(10)));
        try (var log = open(often)) {
            log.archiveNow();
            archive.failure.set(new StackOverflowError("planted"));
            put(log, 1);
            await(() -> status(log).failure().isPresent(), "it is not told");
            archive.failure.set(null);
            await(() -> status(log).behindIndex() == 0, "nothing is archived any more: " + status(log));
        }
    }

    @Test
    void aRefusalThatHasOnlyAPathForAMessageIsExplained() {
        try (var log = open(options())) {
            log.archiveNow();
            archive.failure.set(new AccessDeniedException("/archive/0"));
            put(log, 1);
            assertThrows(IllegalStateException.class, log::archiveNow);
            assertEquals(Optional.of("access denied: /archive/0"), status(log).failure());
            archive.failure.set(null);
        }
    }

    @Test
    void anArchiveThatLostTheTimelineIsAGap() throws IOException {
        try (var log = open(options())) {
            log.archiveNow();
        }
        ArchivedHistory.delete(blobs);
        try (var log = open(options())) {
            log.archiveNow();
            assertEquals(1, status(log).gaps());
        }
        try (var log = open(options())) {
            log.archiveNow();
            assertEquals(0, status(log).gaps());
        }
    }

    @Test
    void aMarkThatCannotBeReadIsAGap() throws IOException {
        try (var log = open(options())) {
            log.archiveNow();
            assertEquals(0, status(log).gaps(), "none is due to a log that was never archived");
        }
        Files.writeString(directory.resolve("log/ARCHIVED"), "cairn-timeline 1 rubbish\n");
        try (var log = open(options())) {
            log.archiveNow();
            assertEquals(1, status(log).gaps());
        }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
    }

    /// The clock was set back between two timelines: stamps go on, so the later one is still the later.
    @Test
    void theLatestIsThatOfTheLaterTimelineWhateverTheClockSaid() throws IOException {
        var now = new AtomicReference<>(Instant.parse("2026-05-01T12:00:00Z"));
        var options = options().withClock(now::get);
        try (var log = open(options)) {
            put(log, 10);
            log.archiveNow();
        }
        Files.delete(directory.resolve("log/ARCHIVED"));
        now.set(Instant.parse("2026-05-01T11:00:00Z"));
        long stamp;
        try (var log = open(options)) {
            stamp = log.propose(new Batch().put(ArchivedHistory.Rows.LEFT, new byte[]{2}, new byte[1])).done().join().stamp();
            log.archiveNow();
        }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
        var restored = Restore.engine(archive, ArchivedHistory.GROUP, 1, new Target.Latest(), OptionalLong.empty(),
                directory.resolve("back"));
        assertTrue(restored.stamp() >= stamp, "restored to " + restored.stamp() + ", before " + stamp);
    }

    @Test
    void aDamagedTimelineDoesNotKeepAnotherThatIsNamedFromBeingRestored() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (var log = open(options())) {
                log.archiveNow();
            }
            Files.delete(directory.resolve("log/ARCHIVED"));
        }
        var windows = Restore.windows(archive, ArchivedHistory.GROUP);
        var damaged = blobs.resolve("0/%016x/timeline".formatted(windows.getFirst().timeline()));
        Files.write(damaged, "rubbish".getBytes(StandardCharsets.US_ASCII));
        assertThrows(CorruptArchiveException.class, () -> restore(OptionalLong.empty(), "unnamed"));
        assertEquals(windows.getLast().timeline(),
                restore(OptionalLong.of(windows.getLast().timeline()), "named").timeline());
        assertThrows(CorruptArchiveException.class,
                () -> restore(OptionalLong.of(windows.getFirst().timeline()), "damaged"));
    }

    private Restore.Restored restore(OptionalLong timeline, String into) {
        return Restore.engine(archive, ArchivedHistory.GROUP, 1, new Target.Latest(), timeline, directory.resolve(into));
    }

    /// The links of a checkpoint under way keep the space of what is given back.
    @Test
    void whatAKilledCheckpointLeftIsGoneWhenTheLogIsOpen() throws IOException {
        try (var log = open(options())) {
            log.archiveNow();
        }
        Files.writeString(Files.createDirectories(directory.resolve("log/archiving/log")).resolve("left"), "bytes");
        try (var log = open(options().withArchive(null))) {
            put(log, 1);
            assertTrue(Files.notExists(directory.resolve("log/archiving")));
        }
    }

    /// What is not finished in the archive is discarded by the log that goes on with the timeline, and by no copy of it: what a copy takes for
    /// a rest may be what the original is just putting.
    @Test
    void onlyTheLogOfATimelineDiscardsWhatIsUnfinishedInIt() throws IOException {
        try (var log = open(options())) {
            put(log, 10);
            log.archiveNow();
        }
        var copy = directory.resolve("copy");
        try (var paths = Files.walk(directory.resolve("log"))) {
            for (var path : paths.toList())
                Files.copy(path, copy.resolve(directory.resolve("log").relativize(path)));
        }
        try (var log = open(options())) {
            put(log, 20);
            log.archiveNow();
        }
        long timeline = Restore.windows(archive, ArchivedHistory.GROUP).getFirst().timeline();
        var place = blobs.resolve("0/%016x".formatted(timeline));
        var half = List.of(place.resolve("log/.00000000000000ff.new"), place.resolve("segments/.0000000000000001.new"),
                place.resolve("log/00000000000000ff"));
        for (var file : half)
            Files.writeString(file, "half");
        try (var log = LocalLog.open(copy, ArchivedHistory.GROUP, options(), CommitListener.NONE)) {
            put(log, 30);
            log.archiveNow();
        }
        for (var file : half)
            assertTrue(Files.exists(file), () -> "the copy removed " + file);
        try (var log = open(options())) {
            put(log, 40);
            log.archiveNow();
        }
        for (var file : half)
            assertTrue(Files.notExists(file), () -> "left: " + file);
    }
}
