package io.cairn.block.internal.map;

import io.cairn.block.internal.map.Version.Root;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets go of nodes that can be read again, those that were not looked at since the last sweep first (the clock algorithm, with the order of the volumes
/// for its hand): leaves, and then nodes above them, from below, of which nothing below is in memory. So what is below a node that goes is as its rows say, and who reads
/// them again finds what was there. Where a node has several parents all of them let go of it.
final class Sweep {
    private final int most;
    private final int done;
    /// By level.
    private final List<Set<MapNode>> nodes = new ArrayList<>();

    /// @param done the last checkpoint that is durable
    Sweep(int most, int done) {
        this.most = most;
        this.done = done;
    }

    /// Gives how many nodes are left.
    int over(Collection<Version> versions) {
        for (var version : versions)
            find(version.root().node());
        int left = nodes.stream().mapToInt(Set::size).sum();
        for (int level = 0; level < nodes.size() && left > most; level++)
            left -= letGo(versions, level, idle(nodes.get(level), left - most));
        return left;
    }

    private void find(@Nullable MapNode node) {
        if (node == null)
            return;
        while (nodes.size() <= node.level)
            nodes.add(new LinkedHashSet<>());
        if (nodes.get(node.level).add(node) && node.level > 0)
            for (int slot = 0; slot < MapNode.FANOUT; slot++)
                find(node.child(slot));
    }

    private Set<MapNode> idle(Set<MapNode> level, int atMost) {
        var idle = new LinkedHashSet<MapNode>();
        for (var node : level)
            if (node.isIdle(done) && idle.size() < atMost && !node.hasChildInMemory())
                idle.add(node);
        return idle;
    }

    private int letGo(Collection<Version> versions, int level, Set<MapNode> idle) {
        if (idle.isEmpty())
            return 0;
        if (level + 1 < nodes.size())
            for (var parent : nodes.get(level + 1))
                for (int slot = 0; slot < MapNode.FANOUT; slot++) {
                    var child = parent.child(slot);
                    if (child != null && idle.contains(child))
                        parent.setChild(slot, null);
                }
        for (var version : versions) {
            var root = version.root();
            var node = root.node();
            if (node != null && idle.contains(node))
                version.root(new Root(root.level(), root.id(), null));
        }
        return idle.size();
    }
}
