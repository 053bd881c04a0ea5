package io.cairn.block;

/// What a check of a store's files found.
///
/// @param volumes how many
/// @param snapshots how many
/// @param storedBytes in blocks that some volume or snapshot has
/// @param unopenedBlocks encrypted blocks whose keys were not given: they were held against the checksums of the log alone
/// @param entries batches in the log
/// @param unapplied those of them that the rows do not have yet: what they say was checked as bytes, not counted
/// @param logBytes size of log files
/// @param extentBytes size of extent files
/// @param storeBytes size of the files that rows lie in
/// @param damages how many were told
public record CheckReport(long volumes, long snapshots, long storedBytes, long unopenedBlocks, long entries, long unapplied,
        long logBytes,
        long extentBytes, long storeBytes, long damages) {}
