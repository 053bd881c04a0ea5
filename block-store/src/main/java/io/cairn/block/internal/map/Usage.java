package io.cairn.block.internal.map;

import io.cairn.block.internal.map.BlockMaps.Counted;
import org.jspecify.annotations.Nullable;

/// Counts what only one version has, by the walk that gives it up when the version is deleted. Needs the lock of the maps.
final class Usage {
    private final BlockMaps maps;
    private final Version version;
    private int left;
    private long next;
    private long unique;

    Usage(BlockMaps maps, Version version, long from, int leaves) {
        this.maps = maps;
        this.version = version;
        next = from;
        left = leaves;
    }

    Counted count() {
        var root = version.root();
        boolean all = isShared(0, root.level() + 1, root.id()) || below(maps.rootOf(version), 0);
        return new Counted(unique, all ? Long.MAX_VALUE : next);
    }

    /// Asked before a node is read: most are shared.
    private boolean isShared(long base, int kind, long node) {
        return node == 0 || maps.hasOthers(version, base, kind, node);
    }

    /// `false` when no more leaves may be looked at.
    private boolean below(@Nullable MapNode node, long base) {
        if (node == null)
            return true;
        if (node.level == 0)
            return leaf(node, base);
        long span = MapNode.span(node.level);
        for (int slot = next <= base ? 0 : (int) ((next - base) / span); slot < MapNode.FANOUT; slot++) {
            long at = base + slot * span;
            if (!isShared(at, node.level, node.get(slot)) && !below(maps.childOf(node, slot), at))
                return false;
        }
        return true;
    }

    private boolean leaf(MapNode leaf, long base) {
        if (left == 0) {
            next = base;
            return false;
        }
        left--;
        for (int slot = 0; slot < MapNode.FANOUT; slot++)
            if (BlockMaps.isStored(leaf.get(slot)) && !maps.isShared(version, leaf, slot, base + slot))
                unique++;
        return true;
    }
}
