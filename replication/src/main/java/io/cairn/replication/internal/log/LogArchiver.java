package io.cairn.replication.internal.log;

import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.archive.ArchiveRetention;
import io.cairn.replication.internal.archive.Timeline;
import io.cairn.replication.internal.archive.TimelineHead;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.log.SegmentCut.Position;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import io.cairn.replication.internal.store.RocksStore.Contents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Archives one log, on a thread of its own: segments of what is applied, now and then a base checkpoint, and deletes what retention lets go.
/// It only reads what is durable, and nobody waits for it: an archive that fails is tried again after 1 to 5 seconds, and meanwhile
/// [#neededFile] and [#neededIndex] make the janitor keep what is not archived, up to [ArchiveOptions#keepBytes].
///
/// A log that lost what the archive still needs (it ran without, or gave up at that bound) begins a new timeline, with a base checkpoint of
/// its own.
final class LogArchiver implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LogArchiver.class);
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int CLOSE_SECONDS = 10;
    private static final String SCRATCH = "archiving";
    /// An answer that takes longer than so many intervals is late: a minute by default.
    private static final int PATIENCE_INTERVALS = 30;
    /// How often a quiet log says so: every 10 seconds by default.
    private static final int WATERMARK_INTERVALS = 5;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// What it asks of the log.
    interface Source {
        Group group();

        LogFiles files();

        Disk extents();

        AppliedState applied();

        /// A stamp of now that all further entries will be behind, when entry `last` is the newest; else nothing.
        OptionalLong quiet(long last);

        LogOptions options();

        /// Ends the active file, so that what follows begins another.
        void roll();

        Contents checkpoint(Path directory) throws Exception;

        boolean live(FileKey file);
    }

    private final ArchiveOptions options;
    private final WatchedArchive archive;
    private final Source source;
    private final ArchiveMark mark;
    private final Path scratch;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable ArchivedTimeline timeline;
    /// What its timeline needs next is gone.
    private boolean lost;
    /// A new timeline whose head is not known to be there.
    private @Nullable TimelineHead pending;
    private long bytesOfEarlierTimelines;
    private volatile boolean closing;
    private volatile boolean killed;
    /// Nothing is known yet of how far the archive is: everything is kept.
    private volatile long neededFile;
    private volatile long neededIndex;
    private volatile ArchiveStatus status = new ArchiveStatus(0, 0, 0, 0, 0, 0, Optional.empty(), 0);

    LogArchiver(ArchiveOptions options, Path group, Source source) {
        this.options = options;
        this.archive = new WatchedArchive(options.archive(), options.interval().multipliedBy(PATIENCE_INTERVALS));
        this.source = source;
        this.mark = new ArchiveMark(group);
        this.scratch = group.resolve(SCRATCH);
        this.thread = Thread.ofPlatform().name("cairn-archiver-" + source.group().engine()).daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    /// The oldest log file that it has yet to read. Asked by the janitor before it gives files back: an archive that does not answer must
    /// not make the log keep more than the bound either, and the archiver's own thread then waits.
    long neededFile() {
        return archive.abandon(this::keepsTooMuch) ? Long.MAX_VALUE : neededFile;
    }

    /// The oldest entry that it has yet to read.
    long neededIndex() {
        return archive.abandoned() ? Long.MAX_VALUE : neededIndex;
    }

    ArchiveStatus status() {
        var last = status;
        var applied = source.applied();
        boolean behind = applied.index() > last.index();
        var failure = last.failure().isEmpty() && archive.late() ? Optional.of("it does not answer") : last.failure();
        return new ArchiveStatus(last.timeline(), last.index(), last.stamp(), behind ? applied.index() - last.index() : 0,
                behind && last.index() > 0 ? applied.stamp() - last.stamp() : 0, last.bytes(), failure, last.gaps());
    }

    @Override
    public void run() {
        var pause = MIN_PAUSE;
        try {
            while (!closing) {
                boolean well = attempt();
                pause = well ? MIN_PAUSE : pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
                if (wake.tryAcquire((well ? options.interval() : pause).toMillis(), TimeUnit.MILLISECONDS))
                    wake.drainPermits();
            }
            if (!killed)
                attempt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /// Returns whether all is archived that was applied.
    private boolean attempt() {
        try {
            pass();
            return true;
        } catch (Throwable e) { // an Error too: were this thread to end, nobody would look at the bound any more
            if (closing)
                return false;
            if (status.failure().isEmpty())
                LOG.warn("archiving has failed and is tried again; log files are kept meanwhile", e);
            failed(e);
            return false;
        }
    }

    private synchronized void failed(Throwable e) {
        var why = reason(e);
        forget();
        tell(Optional.of(why));
        if (e instanceof GapException || archive.abandoned() || keepsTooMuch())
            giveUp(why);
    }

    /// Some exceptions of the file system have a path for a message, and say the rest by their class.
    private static String reason(Throwable e) {
        return switch (e) {
            case NoSuchFileException missing -> "missing: " + missing.getMessage();
            case AccessDeniedException denied -> "access denied: " + denied.getMessage();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private boolean keepsTooMuch() {
        try {
            return keptBytes() > options.keepBytes();
        } catch (IOException e) {
            LOG.warn("what is kept for the archive cannot be counted", e);
            return false; // looked at again at the next attempt
        }
    }

    /// The next attempt looks at the archive again: what a failed call did is not known.
    private void forget() {
        if (timeline != null)
            bytesOfEarlierTimelines += timeline.bytesPut();
        timeline = null;
    }

    /// Also while an archive stays away, each time that the bound is met: the timeline that is to begin then begins later.
    private void giveUp(String why) {
        neededFile = Long.MAX_VALUE;
        neededIndex = Long.MAX_VALUE;
        pending = null;
        archive.again();
        if (lost)
            return;
        LOG.error("this timeline of the archive ends at index {}: {}; a new one begins when the archive answers", status.index(),
                why);
        lost = true;
        var last = status;
        status = new ArchiveStatus(last.timeline(), last.index(), last.stamp(), 0, 0, last.bytes(), last.failure(),
                last.gaps() + 1);
    }

    /// What lies in log files and extent files only because it is not archived yet; a little more, since the janitor has not come by.
    private long keptBytes() throws IOException {
        long bytes = 0;
        long active = source.applied().file();
        for (long number : source.files().numbers())
            if (number < active && !source.live(new FileKey(Home.LOG, number)))
                bytes += source.options().fileBytes();
        for (var name : source.extents().list()) {
            var number = FileNames.number(Home.OWN_FILE, name);
            if (number.isPresent() && !source.live(new FileKey(Home.OWN_FILE, number.getAsLong())))
                try (var file = source.extents().open(name, false)) {
                    bytes += file.size();
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was given back meanwhile", name);
                }
        }
        return bytes;
    }

    private void tell(Optional<String> failure) {
        var last = status;
        var now = timeline;
        if (now == null) {
            status = new ArchiveStatus(last.timeline(), last.index(), last.stamp(), 0, 0, last.bytes(), failure, last.gaps());
            return;
        }
        // Before the first base checkpoint stands, nothing of this timeline can be restored.
        boolean based = now.checkpoint() != null;
        status = new ArchiveStatus(now.timeline().id(), based ? now.position().index() : last.index(),
                based ? Math.max(now.position().stamp(), now.watermark()) : last.stamp(), 0, 0,
                bytesOfEarlierTimelines + now.bytesPut(), failure,
                last.gaps());
    }

    /// One pass on the caller's thread. Throws what made it fail.
    void archiveNow() {
        try {
            pass();
        } catch (Exception e) {
            failed(e);
            throw new IllegalStateException("archiving has failed: " + e.getMessage(), e);
        }
    }

    private synchronized void pass() throws Exception {
        var current = timeline;
        if (current == null) {
            current = connect();
            timeline = current;
            lost = false;
        }
        archive(current, source.applied());
        if (checkpointDue(current)) {
            checkpoint(current);
            retain(current);
        }
        watermark(current);
        tell(Optional.empty());
    }

    /// While nothing is changed, says now and then that this is so, and once more at the end: else no instant behind the last change could be
    /// restored, since nobody could know that there was none.
    private void watermark(ArchivedTimeline of) throws IOException {
        if (of.checkpoint() == null)
            return;
        var stamp = source.quiet(of.position().index());
        if (stamp.isEmpty())
            return;
        long since = stamp.getAsLong() - Math.max(of.position().stamp(), of.watermark());
        if (closing ? since > 0 : since >= options.interval().multipliedBy(WATERMARK_INTERVALS).toNanos() / 1000)
            of.putWatermark(stamp.getAsLong());
    }

    // ---- connecting ----

    private ArchivedTimeline connect() throws Exception {
        var known = mark.read();
        if (known.isPresent() && !lost) {
            var there = new Timeline(archive, source.group().number(), known.getAsLong());
            if (there.begun()) {
                var resumed = ArchivedTimeline.resume(there, source.extents());
                if (source.files().unbroken().containsKey(resumed.position().file()) && resumed.isOf(this::localBytes)) {
                    resumed.discardUnfinished();
                    advanced(resumed.position());
                    return resumed;
                }
                giveUp("the log does not have what follows in timeline " + Timeline.digits(there.id()));
            } else
                giveUp(known.getAsLong() == ArchiveMark.UNREADABLE
                        ? "what the log says of its timeline cannot be read"
                        : "the archive does not have timeline " + Timeline.digits(there.id()) + ", which the log goes on with");
        }
        return begin();
    }

    private ArchivedTimeline begin() throws IOException {
        var head = pending;
        if (head == null) {
            head = newHead();
            pending = head;
        }
        var position = new Position(head.firstFile(), 0, head.firstIndex() - 1, 0);
        advanced(position);
        var fresh = new Timeline(archive, source.group().number(), head.timeline());
        if (!fresh.begun())
            fresh.put(head);
        // Behind the head: a mark without its timeline says that the archive lost it.
        mark.write(head.timeline());
        pending = null;
        return new ArchivedTimeline(fresh, source.extents(), position);
    }

    private TimelineHead newHead() throws IOException {
        // First, so that nothing is given back that entries of the file name with which the timeline begins.
        neededFile = 0;
        neededIndex = 0;
        source.roll();
        long first = source.files().unbroken().lastKey();
        LogFileHeader header;
        try (var file = source.files().open(first)) {
            header = header(file, first);
        }
        long id;
        do
            id = source.options().random().nextLong();
        while (id == 0);
        // As stamps do, it goes on when the clock is set back: which timeline is the later must stay told.
        long begun = Math.max(micros(source.options().clock().instant()), source.applied().stamp());
        return new TimelineHead(source.group(), id, first, header.firstIndex(), begun);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static LogFileHeader header(DiskFile file, long number) throws IOException {
        var bytes = ByteBuffer.allocate(LogFileHeader.BYTES);
        file.read(bytes, 0);
        var header = LogFileHeader.decode(bytes.flip());
        if (header == null || header.number() != number)
            throw new IOException(LogFiles.name(number) + ": the header does not match its crc32c");
        return header;
    }

    private byte @Nullable [] localBytes(long number, int from, int to) throws IOException {
        try (var file = source.files().open(number)) {
            var bytes = ByteBuffer.allocate(to - from);
            return file.read(bytes, from) == to - from ? bytes.array() : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void advanced(Position position) {
        neededFile = position.file();
        neededIndex = position.index() + 1;
    }

    // ---- segments ----

    /// Archives everything up to where the log was applied.
    private void archive(ArchivedTimeline to, AppliedState applied) throws IOException, GapException {
        long looked = System.nanoTime();
        while (!killed) {
            if (System.nanoTime() - looked > LOOK_NANOS) {
                looked = System.nanoTime();
                if (keepsTooMuch())
                    throw new GapException("the archive lags: the log keeps more than " + options.keepBytes() + " bytes for it");
            }
            var at = to.position();
            if (at.file() > applied.file() || at.file() == applied.file() && at.offset() >= applied.offset())
                return;
            Long next = source.files().after(at.file());
            if (at.file() == applied.file())
                segment(to, at, applied.offset());
            else if (next == null)
                throw new GapException("no log file follows " + LogFiles.name(at.file()));
            else
                finish(to, at, next);
            // A file that was only gone on to has left no trace in the archive: after a kill it goes on from the one before.
            if (to.position().offset() > 0)
                advanced(to.position());
        }
    }

    /// Archives a file that has a successor, which says where it ends.
    private void finish(ArchivedTimeline to, Position at, long next) throws IOException, GapException {
        LogFileHeader successor;
        try (var file = open(next)) {
            successor = header(file, next);
        }
        if (successor.previous() != at.file())
            throw new GapException(LogFiles.name(successor.previous()) + " was given back before it was archived");
        if (at.offset() < successor.previousEnd())
            segment(to, at, successor.previousEnd());
        else
            to.follow(next);
    }

    private void segment(ArchivedTimeline to, Position at, long end) throws IOException, GapException {
        try (var file = open(at.file())) {
            var header = header(file, at.file());
            if (at.offset() == 0 && header.firstIndex() != at.index() + 1)
                throw new GapException(LogFiles.name(at.file()) + " begins with entry " + header.firstIndex() + ", not with "
                        + (at.index() + 1));
            to.archive(at.file(), SegmentCut.after(at, file, header, source.extents(), end, options.segmentBytes()));
        }
    }

    private DiskFile open(long number) throws IOException, GapException {
        try {
            return source.files().open(number);
        } catch (NoSuchFileException e) {
            throw new GapException(LogFiles.name(number) + " was given back before it was archived");
        }
    }

    // ---- checkpoints ----

    private boolean checkpointDue(ArchivedTimeline of) {
        var last = of.checkpoint();
        if (closing)
            return false;
        if (last == null)
            return true;
        long age = micros(source.options().clock().instant()) - last.stamp();
        return of.position().index() > last.index()
                && (of.bytesSinceCheckpoint() >= options.checkpointBytes() || age >= options.checkpointEvery().toNanos() / 1000);
    }

    private void checkpoint(ArchivedTimeline of) throws Exception {
        delete(scratch);
        var contents = source.checkpoint(scratch);
        try {
            // Its manifest says that segments reach it.
            archive(of, contents.applied());
            of.put(new BaseCheckpoint(scratch, of, () -> closing).upload(contents.applied()));
        } finally {
            delete(scratch);
        }
    }

    private void retain(ArchivedTimeline of) throws IOException {
        if (options.keepFor().isZero())
            return;
        var oldest = source.options().clock().instant().minus(options.keepFor());
        int deleted = ArchiveRetention.run(of.timeline(), micros(oldest));
        if (deleted > 0)
            of.reloadContents();
    }

    /// Removes what a checkpoint left that was cut off: its links would keep the space of files that are given back.
    static void clear(Path group) throws IOException {
        delete(group.resolve(SCRATCH));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory))
            return;
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        }
    }

    /// Ends the thread and waits for that, at most [#CLOSE_SECONDS] for an archive that does not answer.
    ///
    /// @param last archive first what was applied last
    void close(boolean last) throws InterruptedException {
        killed |= !last;
        closing = true;
        wake.release();
        if (thread.isAlive() && !ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            thread.interrupt();
            ended.await();
        }
    }
}
