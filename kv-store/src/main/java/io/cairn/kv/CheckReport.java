package io.cairn.kv;

/// What a check of a store has seen.
///
/// @param itemBytes of all items, as [Item#size] counts
/// @param indexRows of all indexes
/// @param streamRecords of all streams, those that ended included
/// @param entries batches in the log
/// @param unapplied those of them that are not applied yet: what they changed is checked as bytes, and counted nowhere else here
/// @param logBytes size of the log files
/// @param extentBytes of files with batches that were too large for these
/// @param storeBytes size of the store's files
/// @param damages how many were told
public record CheckReport(long tables, long items, long itemBytes, long indexRows, long streamRecords, long entries,
        long unapplied, long logBytes, long extentBytes, long storeBytes, long damages) {
    public boolean sound() {
        return damages == 0;
    }
}
