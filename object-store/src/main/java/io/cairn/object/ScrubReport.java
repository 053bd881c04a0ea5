package io.cairn.object;

import java.time.Instant;

/// What a scrub of an open store has read.
///
/// @param ended when
/// @param objects objects and versions whose bytes were read, and unfinished uploads
/// @param bytes of theirs that lie in files; what stands in rows is read with the store's own files
/// @param damages how many were told
/// @param whole whether it went over all there was; not when it was ended before
public record ScrubReport(Instant ended, long objects, long bytes, long damages, boolean whole) {}
