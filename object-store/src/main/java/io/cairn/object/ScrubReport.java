package io.cairn.object;

/// What a scrub of an open store has read.
///
/// @param objects objects and versions whose bytes were read, and unfinished uploads
/// @param bytes of theirs that lie in files; what stands in rows is read with the store's own files
/// @param damages how many were told
/// @param whole whether it went over all there was; not when it was ended before
public record ScrubReport(long objects, long bytes, long damages, boolean whole) {}
