package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptArchiveException;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.RestoreRefusedException;
import io.cairn.replication.internal.archive.CheckpointManifest;
import io.cairn.replication.internal.archive.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an archive and a restore refuse, how an archive that fails is borne, what retention leaves; and planted faults, each of which is
/// seen.
final class ArchiveFaultsTest {
    @TempDir
    Path directory;
    private Path blobs;
    private Archive archive;

    @BeforeEach
    void makeArchive() {
        blobs = directory.resolve("archive");
        archive = Archive.directory(blobs);
    }

    private ArchivedHistory history(Archive to) {
        return new ArchivedHistory(directory, to, 11, options(to));
    }

    private static ArchiveOptions options(Archive to) {
        return ArchiveOptions.to(to).withSegmentBytes(16 << 10).withInterval(Duration.ofMinutes(10)).withCheckpoints(400_000,
                Duration.ofDays(1));
    }

    private Restore.Restored restore(Target target, String into) {
        return Restore.engine(archive, ArchivedHistory.GROUP, 1, target, OptionalLong.empty(), directory.resolve(into));
    }

    // ---- damage ----

    @Test
    void aFlippedByteInAnyKindOfBlobIsNamedAndNothingIsRestored() throws IOException {
        try (var history = history(archive)) {
            history.log().archiveNow();
            history.steps(30);
            history.log().archiveNow();
        }
        long instant = Restore.windows(archive, ArchivedHistory.GROUP).getFirst().to();
        var read = new ReadNames(archive);
        Restore.engine(read, ArchivedHistory.GROUP, 1, new Target.At(instant), OptionalLong.empty(), directory.resolve("whole"));
        for (var kind : List.of("timeline", "segments", "checkpoints", "log", "extents", "files")) {
            var name = read.names.stream().filter(blob -> blob.split("/")[2].equals(kind)).reduce((_, last) -> last)
                    .orElseThrow(() -> new AssertionError("no " + kind + " in " + read.names));
            var file = blobs.resolve(name);
            var bytes = Files.readAllBytes(file);
            for (int at : new int[]{0, bytes.length / 2, bytes.length - 1}) {
                bytes[at] ^= 0x10;
                Files.write(file, bytes);
                requireNamed(name, instant);
                bytes[at] ^= 0x10;
            }
            Files.delete(file);
            // Without the last segment the archive ends earlier; an older checkpoint takes a later one's place.
            if (!kind.equals("checkpoints") && !kind.equals("segments"))
                requireNamed(name, instant);
            Files.write(file, bytes);
        }
        var segments = read.names.stream().filter(blob -> blob.contains("/segments/")).toList();
        var lost = segments.get(segments.size() - 2);
        var bytes = Files.readAllBytes(blobs.resolve(lost));
        Files.delete(blobs.resolve(lost));
        requireNamed(lost, instant);
        Files.write(blobs.resolve(lost), bytes);
        restore(new Target.At(instant), "again");
    }

    private void requireNamed(String name, long instant) {
        var refused = assertThrows(CorruptArchiveException.class, () -> restore(new Target.At(instant), "damaged"));
        assertTrue(String.valueOf(refused.getMessage()).contains(name), () -> refused.getMessage() + " does not name " + name);
        assertFalse(Files.exists(directory.resolve("damaged")));
        assertFalse(Files.exists(directory.resolve("damaged.restoring")), "something was left");
    }

    /// Which blobs a restore reads.
    private record ReadNames(Archive to, Set<String> names) implements Archive {
        ReadNames(Archive to) {
            this(to, new TreeSet<>());
        }

        @Override
        public void put(String name, long bytes, InputStream content) throws IOException {
            to.put(name, bytes, content);
        }

        @Override
        public InputStream get(String name) throws IOException {
            names.add(name);
            return to.get(name);
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            return to.list(prefix);
        }

        @Override
        public void delete(List<String> all) throws IOException {
            to.delete(all);
        }

        @Override
        public void discardUnfinished(String prefix) throws IOException {
            to.discardUnfinished(prefix);
        }
    }

    // ---- refusals ----

    @Test
    void instantsOutsideTheWindowAndTargetsThatExistAreRefused() throws IOException {
        long last;
        try (var history = history(archive)) {
            assertTrue(refusal(new Target.Latest(), "a").contains("no base checkpoint"));
            history.steps(5);
            last = history.archived();
        }
        var window = Restore.windows(archive, ArchivedHistory.GROUP).getFirst();
        assertTrue(refusal(new Target.At(window.from() - 1), "a").contains(Restore.instant(window.from()).toString()));
        assertTrue(refusal(new Target.At(window.to() + 1), "a").contains("latest"));
        assertFalse(Files.exists(directory.resolve("a.restoring")), "something was left");
        Files.createDirectory(directory.resolve("there"));
        assertTrue(refusal(new Target.Latest(), "there").contains("never writes over"));
        assertTrue(window.to() > last, "up to the close");
        assertEquals(last, restore(new Target.Latest(), "a").stamp());
        assertTrue(refusal(new Target.Latest(), "a").contains("never writes over"));
    }

    private String refusal(Target target, String into) {
        return String.valueOf(assertThrows(RestoreRefusedException.class, () -> restore(target, into)).getMessage());
    }

    @Test
    void whatAKilledRestoreLeftIsNoEngineAndIsBegunAnew() throws IOException {
        try (var history = history(archive)) {
            history.steps(10);
            history.log().archiveNow();
        }
        var left = Files.createDirectories(directory.resolve("back.restoring/0/log"));
        Files.writeString(left.resolve("rubbish"), "half");
        restore(new Target.Latest(), "back");
        assertFalse(Files.exists(directory.resolve("back/0/log/rubbish")));
        assertTrue(Files.exists(directory.resolve("back/FORMAT")));
    }

    // ---- an archive that fails ----

    /// Fails while told to.
    private static final class Failing implements Archive {
        private final Archive to;
        volatile boolean failing;
        final AtomicInteger putsLeft = new AtomicInteger(Integer.MAX_VALUE);

        Failing(Archive to) {
            this.to = to;
        }

        private void look() throws IOException {
            if (failing)
                throw new IOException("no archive");
        }

        @Override
        public void put(String name, long bytes, InputStream content) throws IOException {
            look();
            if (putsLeft.getAndDecrement() <= 0)
                throw new IOException("no archive any more");
            to.put(name, bytes, content);
        }

        @Override
        public InputStream get(String name) throws IOException {
            look();
            return to.get(name);
        }

        @Override
        public List<String> list(String prefix) throws IOException {
            look();
            return to.list(prefix);
        }

        @Override
        public void delete(List<String> names) throws IOException {
            look();
            to.delete(names);
        }

        @Override
        public void discardUnfinished(String prefix) throws IOException {
            to.discardUnfinished(prefix);
        }
    }

    @Test
    void anArchiveThatFailsForAWhileLosesNothing() throws Exception {
        var failing = new Failing(archive);
        try (var history = history(failing)) {
            history.log().archiveNow();
            failing.failing = true;
            history.rowsAndExtents(1);
            assertThrows(IllegalStateException.class, history.log()::archiveNow, "the next put must fail");
            for (int i = 0; i < 10; i++) {
                history.rowsAndExtents(3);
                history.crash();
                history.log().flush();
            }
            failing.failing = false;
            long last = history.archived();
            assertEquals(1, Restore.windows(archive, ArchivedHistory.GROUP).size(), "a gap");
            for (long stamp : history.states.keySet())
                if (stamp >= Restore.windows(archive, ArchivedHistory.GROUP).getFirst().from() && stamp <= last)
                    history.requireRestored(stamp);
        }
    }

    /// Wherever it stops, also just behind a file's last byte: what the archive has to go on from must not be given back.
    @Test
    void anArchiveThatFailsAtAnyPutGoesOnWithoutAGap() throws Exception {
        for (int puts = 0; puts < 24; puts++) {
            var place = Files.createDirectory(directory.resolve("puts-" + puts));
            var failing = new Failing(Archive.directory(place.resolve("archive")));
            try (var history = new ArchivedHistory(place, failing, 11, options(failing))) {
                history.log().archiveNow();
                history.rowsAndExtents(12);
                failing.putsLeft.set(puts);
                try {
                    history.log().archiveNow();
                } catch (IllegalStateException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains("no archive any more"), e::toString);
                }
                history.log().flush();
                history.crash();
                failing.putsLeft.set(Integer.MAX_VALUE);
                history.archived();
                assertEquals(1, Restore.windows(failing, ArchivedHistory.GROUP).size(), "a gap, stopped after " + puts + " puts");
                history.requireRestored(history.states.lastKey());
            }
            ArchivedHistory.delete(place);
        }
    }

    @Test
    void atTheBoundTheLogGoesOnWithAGapAndANewTimeline() throws Exception {
        var failing = new Failing(archive);
        try (var history = new ArchivedHistory(directory, failing, 3,
                options(failing).withKeepBytes(1 << 20).withInterval(Duration.ofMillis(20)))) {
            history.log().archiveNow();
            failing.failing = true;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (history.log().archiveStatus().orElseThrow().gaps() == 0) {
                assertTrue(System.nanoTime() < deadline, "the log keeps everything: " + history.log().archiveStatus());
                history.rowsAndExtents(2);
                history.log().flush();
            }
            assertTrue(history.log().archiveStatus().orElseThrow().failure().isPresent());
            failing.failing = false;
            history.rowsAndExtents(3);
            history.archived();
            assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
            history.rowsAndExtents(3);
            history.archived();
            history.requireRestored(history.states.lastKey());
            var windows = Restore.windows(archive, ArchivedHistory.GROUP);
            assertTrue(refusal(new Target.At(windows.getLast().from() - 1), "gap").contains("cannot be restored"));
        }
    }

    @Test
    void anArchiveThatNeverAnswersCostsTheLogNeitherFilesNorEntries() throws Exception {
        var failing = new Failing(archive);
        failing.failing = true;
        try (var history = history(failing)) {
            for (int i = 0; i < 5; i++)
                assertThrows(IllegalStateException.class, history.log()::archiveNow);
            assertTrue(history.log().store().appliedIndex() <= 1, "each attempt leaves an entry");
            failing.failing = false;
            history.archived();
            history.rowsAndExtents(1);
            history.archived();
            history.requireRestored(history.states.lastKey());
        }
    }

    @Test
    void aRestoredLogArchivesToATimelineOfItsOwn() throws Exception {
        long before;
        try (var history = history(archive)) {
            history.steps(10);
            assertTrue(history.archived() > 0);
        }
        before = Restore.windows(archive, ArchivedHistory.GROUP).getFirst().to();
        restore(new Target.Latest(), "second");
        try (var other = LocalLog.open(directory.resolve("second/0"), ArchivedHistory.GROUP,
                LogOptions.DEFAULT.withFileBytes(1 << 20).withArchive(options(archive)),
                CommitListener.NONE)) {
            other.archiveNow();
        }
        var windows = Restore.windows(archive, ArchivedHistory.GROUP);
        assertEquals(2, windows.size());
        assertEquals(before, windows.getFirst().to());
        assertTrue(windows.getLast().from() > before);
        assertEquals(windows.getFirst().timeline(), restore(new Target.At(before), "third").timeline());
    }

    @Test
    void aCopiedDirectoryNeverMixesItsLogIntoTheOriginalsTimeline() throws Exception {
        var options = LogOptions.DEFAULT.withFileBytes(1 << 20).withArchive(options(archive));
        var original = directory.resolve("original");
        try (var log = LocalLog.open(original, ArchivedHistory.GROUP, options, CommitListener.NONE)) {
            log.archiveNow();
        }
        var copy = directory.resolve("copy");
        try (var paths = Files.walk(original)) {
            for (var path : paths.toList())
                Files.copy(path, copy.resolve(original.relativize(path)));
        }
        for (var place : List.of(original, copy, original, copy))
            try (var log = LocalLog.open(place, ArchivedHistory.GROUP, options, CommitListener.NONE)) {
                log.propose(new Batch().put(ArchivedHistory.Rows.LEFT, new byte[]{1},
                        place.toString().getBytes(StandardCharsets.UTF_8))).done().join();
                log.archiveNow();
            }
        assertEquals(2, Restore.windows(archive, ArchivedHistory.GROUP).size());
    }

    // ---- retention ----

    @Test
    void retentionKeepsWhatTheWindowNeedsAndNothingElse() throws Exception {
        try (var history = new ArchivedHistory(directory, archive, 5,
                options(archive).withCheckpoints(300_000, Duration.ofDays(1)).withKeepFor(Duration.ofNanos(1000)))) {
            history.log().archiveNow();
            for (int i = 0; i < 12; i++) {
                history.rowsAndExtents(6);
                history.log().archiveNow();
            }
            var window = Restore.windows(archive, ArchivedHistory.GROUP).getFirst();
            assertTrue(window.from() > history.states.firstKey(), "nothing was deleted");
            for (long stamp : history.states.tailMap(window.from()).keySet())
                history.requireRestored(stamp);
            var timeline = new Timeline(archive, 0, window.timeline());
            assertTrue(timeline.sequences(Timeline.CHECKPOINTS).size() <= 2);
            assertEquals(List.of(), unneeded(timeline));
        }
    }

    /// Blobs that no manifest names.
    private static List<String> unneeded(Timeline timeline) throws IOException {
        var named = new HashSet<String>();
        for (long sequence : timeline.sequences(Timeline.CHECKPOINTS))
            timeline.checkpoint(sequence).files().forEach(file -> file.pieces().forEach(piece -> named.add(piece.name())));
        for (long sequence : timeline.sequences(Timeline.SEGMENTS)) {
            var segment = timeline.segment(sequence);
            named.add(segment.log().name());
            segment.extents().forEach(extent -> named.add(extent.name()));
        }
        var all = new ArrayList<String>();
        for (var kind : List.of(Timeline.LOG, Timeline.EXTENTS, Timeline.FILES))
            all.addAll(timeline.list(kind));
        all.removeAll(named);
        return all;
    }

    // ---- planted faults ----

    /// Holds that every manifest, from the moment it is put, names only blobs that are there.
    private static final class Ordered implements Archive {
        private final Archive to;
        private final boolean extentsLate;
        private final List<String> late = new ArrayList<>();
        final List<String> violations = new ArrayList<>();

        Ordered(Archive to, boolean extentsLate) {
            this.to = to;
            this.extentsLate = extentsLate;
        }

        @Override
        public void put(String name, long bytes, InputStream content) throws IOException {
            if (extentsLate && name.contains("/extents/")) {
                late.add(name); // planted: the process dies before these are put
                content.readAllBytes();
                return;
            }
            to.put(name, bytes, content);
            var parts = name.split("/");
            if (!parts[2].equals("segments") && !parts[2].equals("checkpoints"))
                return;
            var timeline = new Timeline(to, 0, Long.parseUnsignedLong(parts[1], 16));
            var named = new ArrayList<String>();
            long sequence = Long.parseUnsignedLong(parts[3], 16);
            if (parts[2].equals("segments")) {
                named.add(timeline.segment(sequence).log().name());
                timeline.segment(sequence).extents().forEach(extent -> named.add(extent.name()));
            } else
                timeline.checkpoint(sequence).files().forEach(file -> file.pieces().forEach(piece -> named.add(piece.name())));
            var there = to.list(parts[0] + "/" + parts[1] + "/");
            for (var blob : named)
                if (!there.contains(timeline.nameOf(blob)))
                    violations.add(name + " before " + blob);
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

    @Test
    void manifestsComeBehindWhatTheyNameAndTheOtherOrderIsSeen() throws IOException {
        for (boolean planted : new boolean[]{false, true}) {
            var place = Files.createDirectory(directory.resolve("planted-" + planted));
            var ordered = new Ordered(Archive.directory(place.resolve("archive")), planted);
            try (var history = new ArchivedHistory(place, ordered, 11, options(ordered))) {
                history.log().archiveNow();
                history.rowsAndExtents(5);
                history.log().archiveNow();
            }
            assertEquals(planted, !ordered.violations.isEmpty(), () -> "planted " + planted + ": " + ordered.violations);
            if (planted)
                assertThrows(CorruptArchiveException.class, () -> Restore.engine(ordered.to, ArchivedHistory.GROUP, 1,
                        new Target.Latest(), OptionalLong.empty(), place.resolve("back")));
        }
    }

    @Test
    void aCheckpointWithoutAHomeFileIsSeen() throws IOException {
        try (var history = history(archive)) {
            history.rowsAndExtents(20);
            history.log().archiveNow();
        }
        var window = Restore.windows(archive, ArchivedHistory.GROUP).getFirst();
        var timeline = new Timeline(archive, 0, window.timeline());
        var whole = timeline.checkpoint(timeline.sequences(Timeline.CHECKPOINTS).getLast());
        for (var kind : List.of("log/", "extents/")) {
            var files = new ArrayList<>(whole.files());
            var lacking = files.stream().filter(file -> file.path().startsWith(kind)).findFirst()
                    .orElseThrow(() -> new AssertionError("no " + kind + " in " + whole));
            files.remove(lacking);
            timeline.delete(List.of(Timeline.CHECKPOINTS + Timeline.digits(whole.sequence())));
            timeline.put(new CheckpointManifest(whole.timeline(), whole.sequence(), whole.index(), whole.stamp(), whole.file(),
                    whole.offset(), files));
            var refused = assertThrows(CorruptArchiveException.class, () -> restore(new Target.Latest(), "back"));
            assertTrue(String.valueOf(refused.getMessage()).contains(lacking.path().substring(kind.length())),
                    refused.getMessage());
        }
    }

    @Test
    void anInstantThatIsOffByOneIsSeen() throws IOException {
        try (var history = history(archive)) {
            history.log().archiveNow();
            history.rowsAndExtents(10);
            long last = history.archived();
            var states = history.states;
            long stamp = states.lowerKey(last);
            // What a change that only gives up extents did cannot be read.
            while (states.floorEntry(stamp).getValue().rows().equals(states.lowerEntry(stamp).getValue().rows()))
                stamp = states.lowerKey(stamp);
            history.requireRestored(stamp);
            var state = Objects.requireNonNull(states.remove(stamp));
            states.put(stamp + 1, state); // as if restore took everything below an instant instead of up to it
            long planted = stamp;
            assertThrows(AssertionError.class, () -> history.requireRestored(planted));
        }
    }
}
