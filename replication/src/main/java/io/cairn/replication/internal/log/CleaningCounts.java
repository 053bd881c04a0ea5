package io.cairn.replication.internal.log;

import io.cairn.replication.CleaningFigures;
import io.cairn.replication.Extent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What cleaning has done. Thread-safe.
final class CleaningCounts {
    private static final int MAX_NAMED = 100;
    private long rounds;
    private long copiedBytes;
    private long batchBytes;
    private final Set<Extent> damaged = new LinkedHashSet<>();

    synchronized void begun() {
        rounds++;
    }

    synchronized void copied(long bytes) {
        copiedBytes += bytes;
    }

    synchronized void batches(long bytes) {
        batchBytes += bytes;
    }

    /// Whether it was not known.
    synchronized boolean damaged(Extent extent) {
        return damaged.size() < MAX_NAMED && damaged.add(extent);
    }

    synchronized CleaningFigures figures(long loggedBytes, long fileBytes, long liveBytes) {
        return new CleaningFigures(rounds, copiedBytes, batchBytes, loggedBytes, fileBytes, liveBytes, List.copyOf(damaged));
    }
}
