package io.cairn.replication;

import java.util.List;

/// What cleaning has done since the log was opened, and what there is to do.
///
/// @param rounds that were begun
/// @param copiedBytes written to files of survivors
/// @param batchBytes of batches that made rows name them
/// @param loggedBytes written to log files by all, these batches included
/// @param fileBytes size of the files that small extents lie in and that a replay does not need
/// @param liveBytes alive in them
/// @param damaged extents that could not be moved, a hundred at most
public record CleaningFigures(long rounds, long copiedBytes, long batchBytes, long loggedBytes, long fileBytes, long liveBytes,
        List<Extent> damaged) {
    public static final CleaningFigures NOTHING = new CleaningFigures(0, 0, 0, 0, 0, 0, List.of());
}
