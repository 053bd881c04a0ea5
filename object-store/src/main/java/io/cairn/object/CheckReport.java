package io.cairn.object;

/// What a check of a store has seen.
///
/// @param objects newest versions that are no delete markers
/// @param versions superseded ones, delete markers left out
/// @param objectBytes of objects and versions, each counted with its full size
/// @param uploads unfinished multipart uploads
/// @param partBytes of their parts
/// @param unapplied entries of the log that are not applied yet: what they changed is checked as bytes, and counted nowhere else here
/// @param liveLogBytes in extents in log files that rows name, each once
/// @param liveExtentBytes the same in extent files
/// @param logBytes size of the log files; what is not alive of it is dead extents, entries and space for more
/// @param damages how many were told
public record CheckReport(long buckets, long objects, long versions, long markers, long objectBytes, long uploads, long partBytes,
        long entries, long unapplied, long liveLogBytes, long liveExtentBytes, long logBytes, long extentBytes, long storeBytes,
        long damages) {
    public boolean sound() {
        return damages == 0;
    }
}
