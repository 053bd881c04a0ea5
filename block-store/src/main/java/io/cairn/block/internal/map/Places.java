package io.cairn.block.internal.map;

import io.cairn.block.internal.map.BlockMaps.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes over the leaves of all versions of one tree at once, place by place: a node that versions share is met once.
final class Places {
    private final BlockMaps maps;
    private final Version origin;

    Places(BlockMaps maps, Version origin) {
        this.maps = maps;
        this.origin = origin;
    }

    @Nullable
    Place next(long block) {
        var roots = Collections.<MapNode>newSetFromMap(new IdentityHashMap<>());
        origin.forTree(version -> {
            var root = maps.rootOf(version);
            if (root != null && (version.state != Version.State.DELETING || version.cursor < MapNode.span(root.level + 1)))
                roots.add(root);
        });
        int level = -1;
        for (var root : roots)
            level = Math.max(level, root.level);
        return level < 0 ? null : next(List.copyOf(roots), level, 0, block);
    }

    /// @param nodes of this level or below, that begin at `base`
    private @Nullable Place next(List<MapNode> nodes, int level, long base, long from) {
        if (nodes.isEmpty() || base + MapNode.span(level + 1) <= from)
            return null;
        if (level == 0)
            return new Place(base, nodes);
        for (int slot = 0; slot < MapNode.FANOUT; slot++) {
            long at = base + slot * MapNode.span(level);
            if (at + MapNode.span(level) <= from)
                continue;
            var below = Collections.<MapNode>newSetFromMap(new IdentityHashMap<>());
            for (var node : nodes)
                if (node.level < level) {
                    if (slot == 0) // a smaller tree lies below the first slot
                        below.add(node);
                } else if (node.get(slot) != 0)
                    below.add(maps.childOf(node, slot));
            var found = next(new ArrayList<>(below), level - 1, at, from);
            if (found != null)
                return found;
        }
        return null;
    }
}
