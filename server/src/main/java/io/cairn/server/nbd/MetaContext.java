package io.cairn.server.nbd;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a client may ask of an export's ranges: `base:allocation`, or of a snapshot `cairn:dirty-since-SNAPSHOT`, with its id or a name. The flags
/// of the latter are those of QEMU's dirty bitmaps: bit 0 is set where the bytes may have changed since the snapshot was taken.
///
/// @param id by which answers name it
record MetaContext(int id, String name, Source source) {
    static final String ALLOCATION = "base:allocation";
    static final String NAMESPACE = "cairn:";
    static final String DIRTY_SINCE = NAMESPACE + "dirty-since-";
    static final int ALLOCATION_ID = 1;
    private static final int STATE_DIRTY = 1;
    /// What is looked at before the clock is.
    private static final long PIECE_BYTES = 1L << 30;
    private static final long MAX_NANOS = 100_000_000;

    /// Looks at ranges. `io.cairn.block.BlockRefusedException` when one of the devices is gone.
    @FunctionalInterface
    interface Source { List<Run> runs(long offset, long length, int maxRuns); }

    /// @param flags of the context
    record Run(long bytes, int flags) {}

    static MetaContext allocation(BlockDevice device) {
        return new MetaContext(ALLOCATION_ID, ALLOCATION,
                (offset, length, maxRuns) -> allocation(device, offset, length, maxRuns));
    }

    /// An answer may end before the range does: a client asks on from there. So no request takes more of a processor than its share.
    private static List<Run> allocation(BlockDevice device, long offset, long length, int maxRuns) {
        var runs = new ArrayList<Run>();
        long begun = System.nanoTime();
        long end = offset + length;
        for (long at = offset; at == offset || at < end && System.nanoTime() - begun < MAX_NANOS;) { // one run at least
            long piece = Math.min(PIECE_BYTES, end - at);
            for (var part : device.allocation(at, piece, maxRuns)) {
                var last = runs.isEmpty() ? null : runs.getLast();
                if (last != null && last.flags == state(part))
                    runs.set(runs.size() - 1, new Run(last.bytes + part.bytes(), last.flags));
                else if (runs.size() == maxRuns)
                    return runs;
                else
                    runs.add(new Run(part.bytes(), state(part)));
                at += part.bytes();
            }
        }
        return runs;
    }

    private static int state(Allocation part) {
        return switch (part.state()) {
            case STORED -> 0;
            case ZERO -> Nbd.STATE_ZERO;
            case HOLE -> Nbd.STATE_HOLE | Nbd.STATE_ZERO;
        };
    }

    static MetaContext dirtySince(int id, String snapshot, Exports.Changes changes) {
        return new MetaContext(id, DIRTY_SINCE + snapshot, (offset, length, maxRuns) -> runs(
                changes.between(offset, length, maxRuns), part -> new Run(part.bytes(), part.changed() ? STATE_DIRTY : 0)));
    }

    private static <T> List<Run> runs(List<T> parts, Function<T, Run> run) {
        return parts.stream().map(run).toList();
    }
}
