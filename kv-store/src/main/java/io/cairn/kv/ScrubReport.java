package io.cairn.kv;

/// What a scrub of an open store has read.
///
/// @param rows of all kinds
/// @param bytes of these
/// @param damages how many were told
/// @param whole whether it went over all there was; not when it was ended before
public record ScrubReport(long rows, long bytes, long damages, boolean whole) {}
