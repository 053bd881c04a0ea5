package io.cairn.replication.internal.log;

import io.cairn.replication.CleaningFigures;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.ExtentOwner;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.log.Victims.Candidate;
import io.cairn.replication.internal.store.LiveBytes;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves live extents out of half-empty files, so that [Janitor] can give those back. Looks now and then whether a round is due; one
/// thread of its own. Candidates are log files before the flushed position and files of survivors; an extent that has a file of its own is
/// alive or its file is gone.
///
/// A round walks all rows, so rounds are made rare: each gives back a stated share of all such bytes. It ends with a flush of the store, since
/// a file is given back only when the rows that named it are durably gone.
final class Cleaner implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);
    private static final int PERIODS_AFTER_FAILURE = 60;
    private final LiveBytes live;
    private final Disk log;
    private final Disk extents;
    private final Ordering ordering;
    private final Janitor janitor;
    private final Round.Files files;
    private final ExtentOwner owner;
    private final CleaningOptions options;
    private final Pace pace;
    private final CleaningCounts counts = new CleaningCounts();
    /// Files are not written any more once they are candidates.
    private final Map<FileKey, Long> sizes = new ConcurrentHashMap<>();
    /// What lived in a victim after its last round: while that stays, another round would find no more.
    private final Map<FileKey, Long> left = new ConcurrentHashMap<>();

    Cleaner(LiveBytes live, Disk log, Disk extents, Ordering ordering, Janitor janitor, Round.Files files, ExtentOwner owner,
            CleaningOptions options) {
        this.live = live;
        this.log = log;
        this.extents = extents;
        this.ordering = ordering;
        this.janitor = janitor;
        this.files = files;
        this.owner = owner;
        this.options = options;
        this.pace = new Pace(options.bytesPerSecond(), ordering::loggedBytes);
    }

    @Override
    public void run() {
        var pause = options.period();
        while (pace.rest(pause.toNanos()) && ordering.failure() == null)
            pause = rounds() ? options.period() : options.period().multipliedBy(PERIODS_AFTER_FAILURE);
    }

    /// Rounds until enough was given back, or nothing more can be; `false` when one failed. Nothing is lost by that, and it may well
    /// do better later: a disk that is full now is when space matters most.
    private boolean rounds() {
        try {
            while (round()) {
                // on with the next
            }
        } catch (RuntimeException | Error e) { // an engine's mistake must not end cleaning without a word
            if (!pace.ended() && ordering.failure() == null)
                LOG.error("cleaning has failed and is tried again later", e);
            return false;
        }
        return true;
    }

    /// One round if it is due; whether it gave anything back.
    synchronized boolean round() {
        if (pace.ended())
            return false;
        var candidates = candidates();
        if (!Victims.due(candidates, options))
            return false;
        candidates.removeIf(candidate -> Long.valueOf(candidate.live()).equals(left.get(candidate.file())));
        var victims = Victims.choose(candidates, options);
        if (victims.isEmpty())
            return false;
        counts.begun();
        long started = System.nanoTime();
        long before = counts.figures(0, 0, 0).copiedBytes();
        try (var round = new Round(victims, files, pace, options.packBytes(), counts)) {
            owner.moveExtents(round);
        }
        if (pace.ended())
            return false;
        janitor.flush();
        var remaining = live.snapshot();
        int emptied = 0;
        for (var victim : victims) {
            var rest = remaining.get(victim);
            if (rest == null)
                emptied++;
            else
                left.put(victim, rest);
        }
        LOG.debug("cleaning: {} of {} files emptied, {} bytes copied, {} ms", emptied, victims.size(),
                counts.figures(0, 0, 0).copiedBytes() - before, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        return emptied > 0;
    }

    /// The same after `first`; the log is not closed under either.
    synchronized boolean round(Runnable first) {
        if (pace.ended())
            return false;
        first.run();
        return round();
    }

    private List<Candidate> candidates() {
        long flushed = janitor.flushedFile();
        long active = ordering.activeFile();
        var alive = live.snapshot();
        sizes.keySet().retainAll(alive.keySet());
        left.keySet().retainAll(alive.keySet());
        var candidates = new ArrayList<Candidate>();
        alive.forEach((file, living) -> {
            boolean small = file.home() == Home.LOG ? file.number() < flushed : Ordering.isPacked(file.number());
            if (!small || living < 0)
                return;
            long size = sizes.computeIfAbsent(file, this::size);
            if (size > 0)
                candidates.add(new Candidate(file, size, living, (active - file.number()) / Ordering.NUMBER_STEP));
        });
        return candidates;
    }

    private long size(FileKey file) {
        try (var opened = (file.home() == Home.LOG ? log : extents).open(FileNames.of(file), false)) {
            return opened.size();
        } catch (NoSuchFileException e) {
            return 0; // given back just now
        } catch (IOException e) {
            throw new StoreFailedException("cannot look at " + FileNames.of(file) + ": " + e.getMessage(), e);
        }
    }

    CleaningFigures figures() {
        var candidates = candidates();
        return counts.figures(ordering.loggedBytes(), candidates.stream().mapToLong(Candidate::bytes).sum(),
                candidates.stream().mapToLong(Candidate::live).sum());
    }

    /// Returns when no round is under way; after [#end] none begins.
    synchronized void awaitEnd() {
        LOG.trace("no round is under way");
    }

    /// Lets a round that is under way end early. Whoever closes the log waits for the thread.
    void end() {
        pace.end();
    }
}
