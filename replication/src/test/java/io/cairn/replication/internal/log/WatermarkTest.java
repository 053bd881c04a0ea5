package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.RestoreRefusedException;
import io.cairn.replication.internal.log.ArchivedHistory.Rows;
import io.cairn.replication.internal.store.AppliedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instants at which nothing had been changed for a while can be restored too, and a timeline never claims one that it does not have.
final class WatermarkTest {
    private static final byte[] KEY = {1};
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    @TempDir
    Path directory;
    private Archive archive = Archive.directory(Path.of(""));
    private final AtomicReference<Instant> clock = new AtomicReference<>(BEGIN);
    private int restores;

    @BeforeEach
    void makeArchive() {
        archive = Archive.directory(directory.resolve("archive"));
    }

    /// Its own thread looks once, at the end alone.
    private LocalLog open() {
        return LocalLog.open(directory.resolve("log"), ArchivedHistory.GROUP, LogOptions.DEFAULT.withClock(clock::get)
                .withArchive(ArchiveOptions.to(archive).withInterval(Duration.ofMinutes(10))), CommitListener.NONE);
    }

    private void pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static long put(LocalLog log, int value) {
        return log.propose(new Batch().put(Rows.LEFT, KEY, new byte[]{(byte) value})).done().join().stamp();
    }

    private long reaches() {
        return Restore.windows(archive, ArchivedHistory.GROUP).getLast().to();
    }

    private byte @Nullable [] restored(Instant instant) {
        var into = directory.resolve("restored-" + ++restores);
        Restore.engine(archive, ArchivedHistory.GROUP, 1, new Target.At(instant), OptionalLong.empty(), into);
        try (var log = LocalLog.open(into.resolve("0"), ArchivedHistory.GROUP, LogOptions.DEFAULT, CommitListener.NONE)) {
            return log.store().get(Rows.LEFT, KEY);
        }
    }

    private List<String> watermarks() throws IOException {
        return archive.list("").stream().filter(name -> name.contains("/watermarks/")).toList();
    }

    @Test
    void aQuietLogIsRestoredToAnyInstantUpToTheWatermark() throws IOException {
        try (var log = open()) {
            log.archiveNow();
            put(log, 1);
            log.archiveNow();
            var changed = clock.get();
            long last = reaches();
            pass(Duration.ofMinutes(49));
            log.archiveNow();
            assertEquals(last, reaches(), "not at each look");
            pass(Duration.ofMinutes(2));
            log.archiveNow();
            assertEquals(micros(clock.get()), reaches());
            assertArrayEquals(new byte[]{1}, restored(changed.plus(Duration.ofMinutes(30))));
            assertArrayEquals(new byte[]{1}, restored(clock.get()));
            assertThrows(RestoreRefusedException.class, () -> restored(clock.get().plusSeconds(1)));
            pass(Duration.ofMinutes(60));
            log.archiveNow();
            assertEquals(1, watermarks().size(), "only the newest stays");
            pass(Duration.ofSeconds(1));
            put(log, 2);
            log.archiveNow();
            assertArrayEquals(new byte[]{1}, restored(clock.get().minusSeconds(1)));
            assertArrayEquals(new byte[]{2}, restored(clock.get()));
        }
    }

    @Test
    void aCloseInOrderSaysUpToWhenAllIsThere() {
        try (var log = open()) {
            log.archiveNow();
            put(log, 1);
            pass(Duration.ofSeconds(3));
        }
        assertEquals(micros(clock.get()), reaches());
        assertArrayEquals(new byte[]{1}, restored(clock.get()));
        pass(Duration.ofSeconds(3));
        try (var log = open()) {
            assertTrue(put(log, 2) > micros(clock.get()) - 1);
        }
        assertArrayEquals(new byte[]{1}, restored(clock.get().minusSeconds(1)));
    }

    /// Else a change would be missing in what is restored to an instant behind it.
    @Test
    void aClockThatIsSetBackPutsNoChangeBeforeTheWatermark() {
        try (var log = open()) {
            log.archiveNow();
            put(log, 1);
            pass(Duration.ofHours(1));
            log.archiveNow();
            long mark = reaches();
            assertEquals(micros(clock.get()), mark);
            pass(Duration.ofMinutes(-30));
            assertTrue(put(log, 2) > mark);
        }
    }

    @Test
    void whatIsOrderedAndNotArchivedIsNoQuiet() {
        var ordering = new Ordering(ArchivedHistory.GROUP, clock::get, 1 << 20, 1 << 20, 1, 1 << 20, AppliedState.NOTHING, _ -> {
        });
        assertEquals(OptionalLong.of(micros(BEGIN)), ordering.quiet(0));
        var proposed = ordering.propose(new Batch().put(Rows.LEFT, KEY, new byte[1]).seal(), null, true);
        assertTrue(proposed.stamp() > micros(BEGIN), "behind what was promised");
        assertEquals(OptionalLong.empty(), ordering.quiet(0));
        assertEquals(OptionalLong.of(proposed.stamp()), ordering.quiet(1));
    }

    @Test
    void aWatermarkCountsNothingWithoutItsSegmentOrWhenDamaged() throws IOException {
        long first;
        long second;
        try (var log = open()) {
            log.archiveNow();
            first = put(log, 1);
            log.archiveNow();
            pass(Duration.ofMinutes(1));
            second = put(log, 2);
            pass(Duration.ofHours(1));
            log.archiveNow();
        }
        assertEquals(micros(clock.get()), reaches());
        var mark = directory.resolve("archive").resolve(watermarks().getFirst());
        var bytes = Files.readAllBytes(mark);
        bytes[30] ^= 1;
        Files.write(mark, bytes);
        assertEquals(second, reaches());
        bytes[30] ^= 1;
        Files.write(mark, bytes);
        assertEquals(micros(clock.get()), reaches());
        var segments = archive.list("").stream().filter(name -> name.contains("/segments/")).toList();
        archive.delete(List.of(segments.getLast()));
        assertEquals(first, reaches());
        assertArrayEquals(new byte[]{1}, restored(Instant.EPOCH.plus(first, ChronoUnit.MICROS)));
        assertThrows(RestoreRefusedException.class, () -> restored(clock.get()));
    }
}
