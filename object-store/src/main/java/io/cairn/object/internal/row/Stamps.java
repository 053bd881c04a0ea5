package io.cairn.object.internal.row;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Stamps of the log as times.
public final class Stamps {
    private Stamps() {}

    /// Whole milliseconds, as S3 shows them.
    public static Instant time(long stamp) {
        return Instant.EPOCH.plus(stamp, ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    }
}
