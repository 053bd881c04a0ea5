package io.cairn.block.internal.map;

import io.cairn.block.internal.map.BlockMaps.ComparisonSink;
import org.jspecify.annotations.Nullable;

/// Walks two versions' trees side by side. A node that both have is one that neither has changed since it became theirs, so nothing below it is looked at:
/// the cost is that of the paths to what differs. Needs the lock of the maps, so that no address is replaced by cleaning in one of them alone.
final class Comparison {
    private final BlockMaps maps;
    private final long end;
    private final ComparisonSink sink;
    private int left;
    private long at;

    /// @param pairs of nodes that may be looked at; more than a tree has levels, or nothing is got through
    Comparison(BlockMaps maps, long from, long end, int pairs, ComparisonSink sink) {
        this.maps = maps;
        this.end = end;
        this.sink = sink;
        left = pairs;
        at = from;
    }

    /// Gives the first block that nothing was told of.
    long of(Version one, Version other) {
        int level = Math.max(one.root().level(), other.root().level());
        boolean same = one.root().id() == other.root().id();
        if (same || below(maps.rootOf(one), maps.rootOf(other), level, 0))
            tell(end, false); // behind both trees there is nothing
        return at;
    }

    /// `false` when no more nodes may be looked at.
    ///
    /// @param one of this level or below, that begins at `base`; null for nothing
    private boolean below(@Nullable MapNode one, @Nullable MapNode other, int level, long base) {
        if (left == 0)
            return false;
        left--;
        long span = MapNode.span(level);
        for (int slot = at <= base ? 0 : (int) Math.min(MapNode.FANOUT, (at - base) / span); slot < MapNode.FANOUT; slot++) {
            long from = base + slot * span;
            if (from >= end)
                break;
            long mine = value(one, level, slot);
            long others = value(other, level, slot);
            if (mine == others)
                tell(from + span, false);
            else if (level == 0)
                tell(from + 1, BlockMaps.isStored(mine) || BlockMaps.isStored(others));
            else if (!below(child(one, level, slot), child(other, level, slot), level - 1, from))
                return false;
        }
        return true;
    }

    private void tell(long upTo, boolean changed) {
        long next = Math.min(upTo, end);
        if (next > at)
            sink.run(at, next, changed);
        at = Math.max(at, next);
    }

    private static long value(@Nullable MapNode node, int level, int slot) {
        if (node == null)
            return 0;
        if (node.level == level)
            return node.get(slot);
        return slot == 0 ? node.id : 0; // a smaller tree lies below the first slot
    }

    private @Nullable MapNode child(@Nullable MapNode node, int level, int slot) {
        if (node == null || value(node, level, slot) == 0)
            return null;
        return node.level == level ? maps.childOf(node, slot) : node;
    }
}
