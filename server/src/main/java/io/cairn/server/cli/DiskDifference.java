package io.cairn.server.cli;

import io.cairn.server.cli.image.Contents;
import io.cairn.server.cli.image.Range;
import io.cairn.server.cli.image.Walk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// In which blocks two disks differ. Both are read where they may: where the server says so, if it knows, else where not both are holes. The shorter disk is
/// taken to go on with zeros.
final class DiskDifference {
    static final int BLOCK_BYTES = 4096;
    private final Contents a;
    private final Contents b;
    private final @Nullable Candidates candidates;
    /// What is found next may touch it.
    private @Nullable Range last;

    /// Takes a range.
    @FunctionalInterface
    interface Ranges { void take(Range range) throws IOException; }

    /// Where the disks may differ.
    @FunctionalInterface
    interface Candidates { List<Range> in(long from, long to) throws IOException; }

    /// @param candidates null when nobody knows
    DiskDifference(Contents a, Contents b, @Nullable Candidates candidates) {
        this.a = a;
        this.b = b;
        this.candidates = candidates;
    }

    /// In order; none touches the next.
    ///
    /// @param progress hears of bytes compared
    void each(LongConsumer progress, Ranges ranges) throws IOException {
        long size = Math.max(a.sizeBytes(), b.sizeBytes());
        for (long from = 0; from < size; from += Walk.WINDOW_BYTES) {
            long to = Math.min(size, from + Walk.WINDOW_BYTES);
            for (var range : window(from, to))
                add(range, ranges);
            progress.accept(to - from);
        }
        if (last != null)
            ranges.take(last);
    }

    private void add(Range range, Ranges ranges) throws IOException {
        if (last != null && last.end() == range.offset())
            last = new Range(last.offset(), last.length() + range.length());
        else {
            if (last != null)
                ranges.take(last);
            last = range;
        }
    }

    private List<Range> window(long from, long to) throws IOException {
        var ranges = candidates == null ? union(stored(a, from, to), stored(b, from, to)) : candidates.in(from, to);
        var parts = Walk.parts(ranges, to);
        // Parts come in any order: a window's ranges are held until all are there, 8 MiB of them at most.
        Map<Range, List<Range>> found = Collections.synchronizedMap(new HashMap<>());
        Walk.inParallel(parts, (part, _) -> found.put(part, differing(part.offset(), read(a, part), read(b, part))));
        var all = new ArrayList<Range>();
        for (var part : parts)
            all.addAll(found.getOrDefault(part, List.of()));
        return all;
    }

    private static List<Range> stored(Contents disk, long from, long to) throws IOException {
        return from >= disk.sizeBytes() ? List.of() : disk.stored(from, Math.min(to, disk.sizeBytes()));
    }

    /// Sorted by their beginnings; they may overlap.
    private static List<Range> union(List<Range> some, List<Range> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        all.sort((x, y) -> Long.compare(x.offset(), y.offset()));
        return all;
    }

    private static byte[] read(Contents disk, Range part) throws IOException {
        var bytes = new byte[(int) part.length()];
        int there = (int) Math.clamp(disk.sizeBytes() - part.offset(), 0, part.length());
        if (there > 0)
            disk.read(part.offset(), ByteBuffer.wrap(bytes, 0, there));
        return bytes;
    }

    private static List<Range> differing(long offset, byte[] one, byte[] other) {
        var ranges = new ArrayList<Range>();
        for (int at = 0; at < one.length; at += BLOCK_BYTES) {
            int end = Math.min(one.length, at + BLOCK_BYTES);
            if (!Arrays.equals(one, at, end, other, at, end))
                ranges.add(new Range(offset + at, end - at));
        }
        return ranges;
    }
}
