package io.cairn.replication;

import java.time.Duration;

/// When extents are moved out of half-empty files, and how fast.
///
/// A round begins when more than `deadShare` of the bytes in files of small extents are dead and these are at least `minDeadBytes`. It takes
/// as many files as bring the share down by `slack`: the smaller that is, the better each victim, and the more often all rows are walked.
/// Copying may write `bytesPerSecond`, and a byte more for each byte that the log takes meanwhile.
///
/// @param packBytes a file of survivors is ended at about this size; also bounds what waits in memory for a round's rows
/// @param period how often it is looked whether a round is due
public record CleaningOptions(double deadShare, double slack, long minDeadBytes, long bytesPerSecond, int packBytes,
        Duration period) {
    /// Keeps about 70 % alive; walks the rows once for each 3 % of the bytes that it gives back.
    public static final CleaningOptions DEFAULT = new CleaningOptions(0.30, 0.03, 128L << 20, 32L << 20, 64 << 20,
            Duration.ofSeconds(1));
    /// Never begins a round.
    public static final CleaningOptions OFF = new CleaningOptions(1, 0, Long.MAX_VALUE, 1L << 40, 64 << 20, Duration.ofHours(1));

    public CleaningOptions {
        if (!(deadShare >= 0 && deadShare <= 1 && slack >= 0 && slack <= 1) || packBytes < 4096 || packBytes > 256 << 20
                || bytesPerSecond < 1 || !period.isPositive())
            throw new IllegalArgumentException(
                    "cleaning needs shares of 0 to 1, a positive rate and period, and packs of 4 KiB to 256 MiB: deadShare="
                            + deadShare + ", slack=" + slack + ", bytesPerSecond=" + bytesPerSecond + ", packBytes=" + packBytes
                            + ", period=" + period);
    }
}
