package io.cairn.block.internal.map;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets go of leaves that can be read again, those that were not looked at since the last sweep first (the clock algorithm, with the order of the volumes
/// for its hand). Nodes above leaves stay: they are one for each GiB.
final class Sweep {
    private final int most;
    private final int done;
    private final Set<MapNode> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<MapNode> inner = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<MapNode> idle = Collections.newSetFromMap(new IdentityHashMap<>());

    /// @param done the last checkpoint that is durable
    Sweep(int most, int done) {
        this.most = most;
        this.done = done;
    }

    /// Gives how many nodes are left.
    int over(Collection<Version> versions) {
        for (var version : versions)
            find(version.root().node());
        int tooMany = leaves.size() - most;
        if (tooMany > 0) {
            for (var leaf : leaves)
                if (leaf.isIdle(done))
                    idle.add(leaf);
            for (var node : new ArrayList<>(inner))
                tooMany = letGo(node, tooMany);
        }
        return leaves.size() + inner.size();
    }

    private void find(@Nullable MapNode node) {
        if (node == null || node.level == 0 || !inner.add(node)) {
            if (node != null && node.level == 0)
                leaves.add(node); // a small volume's root: never let go
            return;
        }
        for (int slot = 0; slot < MapNode.FANOUT; slot++)
            find(node.child(slot));
    }

    /// Every parent of a leaf lets go of it, so none keeps it.
    private int letGo(MapNode node, int tooMany) {
        int left = tooMany;
        if (node.level == 1)
            for (int slot = 0; slot < MapNode.FANOUT; slot++) {
                var leaf = node.child(slot);
                if (leaf == null || !idle.contains(leaf) || left <= 0 && leaves.contains(leaf))
                    continue;
                node.setChild(slot, null);
                if (leaves.remove(leaf))
                    left--;
            }
        return left;
    }
}
