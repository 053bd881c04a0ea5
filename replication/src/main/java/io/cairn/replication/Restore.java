package io.cairn.replication;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.archive.Timeline;
import io.cairn.replication.internal.log.LogRestore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Restores an engine's directory from an archive, to an instant: everything with a stamp up to it is there, nothing later.
///
/// What is built stands beside the target (`TARGET.restoring`) and gets its name when it is whole and durable. A run that was killed
/// leaves only that, which no engine opens, and the next run begins it anew; one that is refused or fails leaves nothing. The restored directory is an ordinary one: opening it begins a
/// new epoch, and if it is archived, a new timeline.
public final class Restore {
    private Restore() {}

    /// To where.
    public sealed interface Target {
        /// The last microsecond, since 1970, whose changes are wanted.
        record At(long stamp) implements Target {
            public At(Instant instant) {
                this(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
            }
        }

        /// All that is archived.
        record Latest() implements Target {}
    }

    /// What a timeline reaches: every instant from `from` to `to`, microseconds since 1970.
    ///
    /// @param begun when the timeline was begun
    public record Window(long timeline, long begun, long from, long to) {
        @Override
        public String toString() {
            return "%s to %s (timeline %s)".formatted(instant(from), instant(to), Timeline.digits(timeline));
        }
    }

    /// What was restored.
    ///
    /// @param index of the last entry
    /// @param stamp of that entry
    /// @param baseStamp of the checkpoint that it was built on
    /// @param bytes read from the archive
    public record Restored(long timeline, long index, long stamp, long baseStamp, long bytes) {}

    public static Instant instant(long stamp) {
        return Instant.EPOCH.plus(stamp, ChronoUnit.MICROS);
    }

    /// What can be restored, in the order in which the timelines were begun.
    public static List<Window> windows(Archive archive, Group group) {
        return windows(archive, group, OptionalLong.empty());
    }

    /// @param only the one that is looked at, whatever is the matter with others
    private static List<Window> windows(Archive archive, Group group, OptionalLong only) {
        try {
            var windows = new ArrayList<Window>();
            for (var timeline : Timeline.all(archive, group.number())) {
                if (only.isPresent() && timeline.id() != only.getAsLong())
                    continue;
                var checkpoints = timeline.sequences(Timeline.CHECKPOINTS);
                if (checkpoints.isEmpty())
                    continue;
                var head = timeline.head();
                if (head.engine() != group.engine().id())
                    throw new RestoreRefusedException("%s is an archive of engine %d, not of %s".formatted(archive, head.engine(),
                            group.engine()));
                var segments = timeline.sequences(Timeline.SEGMENTS);
                if (segments.isEmpty())
                    throw new CorruptArchiveException(timeline.nameOf(Timeline.SEGMENTS),
                            "there is none, but there is a checkpoint");
                windows.add(new Window(timeline.id(), head.begun(), timeline.checkpoint(checkpoints.getFirst()).stamp(),
                        timeline.reaches(segments)));
            }
            windows.sort(Comparator.comparingLong(Window::begun));
            return windows;
        } catch (IOException e) {
            throw new StoreFailedException("cannot read the archive " + archive + ": " + e, e);
        }
    }

    /// Restores a group and makes it the directory of an engine.
    ///
    /// @param version of the engine's own formats
    /// @param timeline which one; empty for the one begun last of those that reach the instant
    /// @param into must not exist
    /// [RestoreRefusedException] when the archive does not reach the instant or `into` exists; [CorruptArchiveException] names a damaged
    /// or missing blob
    public static Restored engine(Archive archive, Group group, int version, Target target, OptionalLong timeline, Path into) {
        requireAbsent(into);
        var chosen = choose(archive, windows(archive, group, timeline), target, timeline);
        var work = into.toAbsolutePath().resolveSibling(into.getFileName() + ".restoring");
        var stamp = switch (target) {
            case Target.At(long at) -> at;
            case Target.Latest() -> Long.MAX_VALUE;
        };
        try {
            var place = work.resolve(Integer.toString(group.number()));
            // It refuses what it can refuse before anything is made.
            var restore = LogRestore.of(archive, chosen.timeline, group, stamp, place);
            Files.createDirectories(work);
            try (var lock = FileChannel.open(work.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                requireLock(lock, work);
                clear(work);
                return build(restore, group, version, place, into);
            }
        } catch (IOException e) {
            throw new StoreFailedException("cannot restore into " + into + ": " + e, e);
        }
    }

    private static Restored build(LogRestore restore, Group group, int version, Path place, Path into) throws IOException {
        var work = place.resolveSibling("");
        Restored restored;
        try {
            Files.createDirectory(place);
            restored = restore.run();
            EngineDirectory.writeFormat(work, group.engine(), version);
            requireAbsent(into);
            Files.move(work, into, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            remove(work, e);
            throw e;
        }
        var parent = into.toAbsolutePath().getParent();
        if (parent != null)
            Disk.of(parent).sync();
        return restored;
    }

    /// The reason of the failure is what the caller hears, whatever becomes of this.
    private static void remove(Path work, Exception failure) {
        try {
            clear(work);
            Files.deleteIfExists(work.resolve("LOCK"));
            Files.deleteIfExists(work);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void requireAbsent(Path into) {
        if (Files.exists(into))
            throw new RestoreRefusedException(into + " exists; a restore never writes over anything: name another directory");
    }

    private static Window choose(Archive archive, List<Window> candidates, Target target, OptionalLong timeline) {
        if (candidates.isEmpty())
            throw new RestoreRefusedException(timeline.isEmpty()
                    ? "nothing can be restored from " + archive + ": there is no base checkpoint in it"
                    : archive + " has no timeline " + Timeline.digits(timeline.getAsLong()));
        return switch (target) {
            case Target.Latest() -> candidates.getLast();
            case Target.At(long stamp) -> candidates.stream().filter(window -> window.from <= stamp && stamp <= window.to)
                    .reduce((_, later) -> later).orElseThrow(() -> outside(stamp, candidates));
        };
    }

    private static RestoreRefusedException outside(long stamp, List<Window> windows) {
        var reached = windows.stream().map(Window::toString).collect(Collectors.joining(", "));
        boolean behind = windows.stream().allMatch(window -> window.to < stamp);
        return new RestoreRefusedException("%s cannot be restored; the archive reaches %s%s".formatted(instant(stamp), reached,
                behind ? ": what was changed after that is not in it. Use `latest` for all that is" : ""));
    }

    private static void requireLock(FileChannel lock, Path work) throws IOException {
        try {
            if (lock.tryLock() != null)
                return;
        } catch (OverlappingFileLockException e) {
            // by this process: the same answer
        }
        throw new RestoreRefusedException(work + " is being restored by another process");
    }

    /// What a run left that was killed.
    private static void clear(Path work) throws IOException {
        try (var paths = Files.walk(work)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                if (!path.equals(work) && !path.equals(work.resolve("LOCK")))
                    Files.delete(path);
        }
    }
}
