package io.cairn.replication;

import java.time.Duration;

/// How a log is archived.
///
/// @param archive where to
/// @param interval what was applied is archived after at most about this time; restore reaches every instant before that
/// @param segmentBytes log bytes of one segment, about: what the archiver holds in memory
/// @param checkpointBytes a base checkpoint is made when so much was logged since the last: bounds what a restore replays
/// @param checkpointEvery or when so much time has passed and anything was changed
/// @param keepBytes the log keeps at most so much for an archive that fails or lags. Beyond that it keeps nothing more for it: writing
///     goes on, the archive has a gap from there, and a new timeline begins with a new base checkpoint once the archive answers
/// @param keepFor instants that lie further back than this can no longer be restored, and what only they need is deleted; zero: never
public record ArchiveOptions(Archive archive, Duration interval, int segmentBytes, long checkpointBytes, Duration checkpointEvery,
        long keepBytes, Duration keepFor) {
    /// Within 2 seconds or 4 MiB; a checkpoint each GiB or day; 4 GiB kept for an archive that fails; nothing deleted.
    public static ArchiveOptions to(Archive archive) {
        return new ArchiveOptions(archive, Duration.ofSeconds(2), 4 << 20, 1L << 30, Duration.ofDays(1), 4L << 30, Duration.ZERO);
    }

    public ArchiveOptions {
        if (!interval.isPositive() || segmentBytes < 4096 || checkpointBytes < 1 || !checkpointEvery.isPositive() || keepBytes < 1
                || keepFor.isNegative())
            throw new IllegalArgumentException("an archive needs positive times and sizes, and segments of at least 4 KiB");
    }

    public ArchiveOptions withInterval(Duration other) {
        return new ArchiveOptions(archive, other, segmentBytes, checkpointBytes, checkpointEvery, keepBytes, keepFor);
    }

    public ArchiveOptions withSegmentBytes(int bytes) {
        return new ArchiveOptions(archive, interval, bytes, checkpointBytes, checkpointEvery, keepBytes, keepFor);
    }

    public ArchiveOptions withCheckpoints(long bytes, Duration every) {
        return new ArchiveOptions(archive, interval, segmentBytes, bytes, every, keepBytes, keepFor);
    }

    public ArchiveOptions withKeepBytes(long bytes) {
        return new ArchiveOptions(archive, interval, segmentBytes, checkpointBytes, checkpointEvery, bytes, keepFor);
    }

    public ArchiveOptions withKeepFor(Duration other) {
        return new ArchiveOptions(archive, interval, segmentBytes, checkpointBytes, checkpointEvery, keepBytes, other);
    }
}
