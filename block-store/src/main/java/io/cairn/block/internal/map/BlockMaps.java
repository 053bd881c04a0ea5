package io.cairn.block.internal.map;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.map.Version.Root;
import io.cairn.block.internal.map.Version.State;
import io.cairn.replication.Extent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Where every block of every version lies. An address is that of an [Extent] of [BlockFormat#BYTES] bytes; [#HOLE] is a block of zeros that was never
/// written or was trimmed, [#ZEROS] one that is to keep its place.
///
/// **Sharing.** A snapshot takes its volume's tree; the volume goes on as another version, whose first change below a node copies it. An address
/// is written in one version and passed on to those that are made of it, so the versions that have it are connected in the tree of versions, and so it
/// is with nodes. Hence nobody counts references: a version that loses an address asks its nearest ancestor that still counts, and, where snapshots in
/// between were deleted, the other children of those. If none of them has it, nobody has, and its bytes are given up. A leaf knows which of its
/// blocks came with the copy; the others are not asked for at all.
///
/// **Checkpoints.** [#cut] takes what has changed since the last one; it is written while changes go on. What happened since is written down in notes by
/// whoever calls; the same calls in the same order lead from the checkpoint to the same state, so addresses are given up in the checkpoint alone.
///
/// [#address] may be called by any thread; everything else needs the [#lock].
public final class BlockMaps {
    public static final long HOLE = 0;
    public static final long ZEROS = 1;
    /// From the address of a block to the next of the same extent.
    public static final long STEP = Extent.addressStep(BlockFormat.BYTES);

    private final LongFunction<byte @Nullable []> rows;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Integer, Version> versions = new TreeMap<>();
    private final Map<Integer, Version> heads = new HashMap<>();
    private long nextNode = 1;
    private int nextVersion = 1;
    private int generation = 1;
    private List<MapNode> dirty = new ArrayList<>();
    private Set<Version> changed = new HashSet<>();
    private Set<Integer> removed = new HashSet<>();
    private Set<Long> dead = new HashSet<>();
    private Map<Long, Integer> dropped = new HashMap<>();
    private long droppedBytes;
    /// How many nodes are in memory, about: those that nobody has any more still count until a sweep.
    private int resident;

    /// @param rows gives the row of a node
    public BlockMaps(LongFunction<byte @Nullable []> rows) {
        this.rows = rows;
    }

    /// What every method but [#address] needs.
    public ReentrantLock lock() {
        return lock;
    }

    /// Whether an address is one, and not [#HOLE] or [#ZEROS].
    public static boolean isStored(long address) {
        return address > ZEROS;
    }

    // ---- versions

    /// An empty volume's head.
    public Version create(int volume, long blocks) {
        return create(volume, blocks, false);
    }

    /// An empty volume's head. If it is encrypted, it is the encryption root of all that is made of it.
    public Version create(int volume, long blocks, boolean encrypted) {
        return add(new Version(nextVersion++, State.HEAD, volume, null, blocks, new Root(Version.levelFor(blocks), 0, null),
                encrypted ? volume : 0));
    }

    private Version add(Version version) {
        versions.put(version.id, version);
        heads.put(version.volume, version);
        changed.add(version);
        return version;
    }

    /// Makes a head a snapshot and gives the volume's new head. O(1).
    public Version snapshot(Version head) {
        requireState(head, State.HEAD);
        int volume = head.volume;
        head.state = State.SNAPSHOT;
        head.volume = 0;
        changed.add(head);
        return child(head, volume);
    }

    /// The head of a volume that begins as a snapshot. O(1).
    public Version clone(Version snapshot, int volume) {
        requireState(snapshot, State.SNAPSHOT);
        return child(snapshot, volume);
    }

    private Version child(Version parent, int volume) {
        var child = new Version(nextVersion++, State.HEAD, volume, parent, parent.blocks(), parent.root(),
                parent.encryptionRoot());
        child.stored = parent.stored;
        return add(child);
    }

    /// Makes a head larger.
    public void grow(Version head, long blocks) {
        requireState(head, State.HEAD);
        if (blocks < head.blocks())
            throw new IllegalArgumentException("a volume does not shrink from " + head.blocks() + " to " + blocks + " blocks");
        int level = Version.levelFor(blocks);
        while (head.root().level() < level) {
            var below = head.root();
            if (below.id() == 0) {
                head.root(new Root(below.level() + 1, 0, null));
                continue;
            }
            var node = new MapNode(nextNode++, head.id, below.level() + 1);
            node.setChild(0, below.node());
            node.set(0, below.id());
            head.root(new Root(node.level, node.id, made(node)));
        }
        head.resize(blocks);
        changed.add(head);
    }

    private static void requireState(Version version, State state) {
        if (version.state != state)
            throw new IllegalStateException("version " + version.id + " is " + version.state + ", not " + state);
    }

    /// A version; null for none.
    public @Nullable Version version(int id) {
        return versions.get(id);
    }

    /// The head of a volume that is there.
    public Version requireHead(int volume) {
        var head = heads.get(volume);
        if (head == null)
            throw new IllegalStateException("volume " + volume + " has no head");
        return head;
    }

    /// A version that is there.
    public Version requireVersion(int id) {
        var version = versions.get(id);
        if (version == null)
            throw new IllegalStateException("there is no version " + id);
        return version;
    }

    /// The head of a volume; null for none.
    public @Nullable Version head(int volume) {
        return heads.get(volume);
    }

    // ---- reading

    /// Where a block lies.
    public long address(Version version, long block) {
        var node = leaf(version, block);
        return node == null ? HOLE : node.get(MapNode.slot(block, 0));
    }

    /// Of a block that is a hole: where its hole may end; at least up to there it is one.
    public long afterHole(Version version, long block) {
        return leaf(version, block) == null ? afterAbsent(version, block) : block + 1;
    }

    private @Nullable MapNode leaf(Version version, long block) {
        var root = version.root();
        if (root.id() == 0 || block >= MapNode.span(root.level() + 1))
            return null;
        var node = rootOf(version);
        while (node != null && node.level > 0) {
            node.use();
            node = childOrNull(node, MapNode.slot(block, node.level));
        }
        if (node != null)
            node.use();
        return node;
    }

    private @Nullable MapNode loadRoot(Version version) {
        lock.lock();
        try {
            var root = version.root();
            if (root.node() != null || root.id() == 0)
                return root.node();
            var node = load(root.id(), root.level());
            version.root(new Root(root.level(), root.id(), node));
            return node;
        } finally {
            lock.unlock();
        }
    }

    /// The root of a version, which is read if it is not in memory; null for none.
    @Nullable
    MapNode rootOf(Version version) {
        var root = version.root();
        return root.id() == 0 ? null : root.node() != null ? root.node() : loadRoot(version);
    }

    /// The node in a slot that holds one.
    MapNode childOf(MapNode node, int slot) {
        var child = childOrNull(node, slot);
        if (child == null)
            throw new IllegalStateException("slot " + slot + " of node " + node.id + " is empty");
        return child;
    }

    private @Nullable MapNode childOrNull(MapNode node, int slot) {
        var child = node.child(slot);
        return child != null || node.get(slot) == 0 ? child : loadChild(node, slot);
    }

    private @Nullable MapNode loadChild(MapNode node, int slot) {
        lock.lock();
        try {
            var child = node.child(slot);
            long id = node.get(slot);
            if (child == null && id != 0) {
                child = load(id, node.level - 1);
                node.setChild(slot, child);
            }
            return child;
        } finally {
            lock.unlock();
        }
    }

    private MapNode load(long id, int level) {
        var row = rows.apply(id);
        if (row == null)
            throw new IllegalStateException("node " + id + " of the block map is missing");
        var node = NodeFormat.decode(id, row);
        if (node.level != level)
            throw new IllegalStateException("node " + id + " of the block map is of level " + node.level + ", not " + level);
        resident++;
        return node;
    }

    // ---- changing

    /// The blocks lie in a row from `address` on.
    public void write(Version head, long block, int count, long address) {
        write(head, block, count, address, prepare(head, block, count));
    }

    /// Does of a [#write] all that may have to read nodes, so may fail, and changes nothing that anybody sees. Gives which of the blocks' addresses are lost by
    /// the write, for nobody else has them: a bit for each of at most 64 blocks, the lowest for the first.
    public long prepare(Version head, long block, int count) {
        if (count > Long.SIZE)
            throw new IllegalArgumentException(count + " blocks at once");
        changed.add(head);
        long lost = 0;
        for (int done = 0; done < count;) {
            var leaf = ownLeaf(head, block + done);
            int slot = MapNode.slot(block + done, 0);
            int within = Math.min(count - done, MapNode.FANOUT - slot);
            for (int i = 0; i < within; i++)
                if (isLost(head, leaf, slot + i, block + done + i))
                    lost |= 1L << done + i;
            done += within;
        }
        return lost;
    }

    /// The write that was prepared, in the same hold of the lock. Cannot fail.
    ///
    /// @param lost what [#prepare] gave
    public void write(Version head, long block, int count, long address, long lost) {
        long at = address;
        for (int done = 0; done < count;) {
            var leaf = ownLeaf(head, block + done);
            int slot = MapNode.slot(block + done, 0);
            int within = Math.min(count - done, MapNode.FANOUT - slot);
            for (int i = 0; i < within; i++) {
                put(head, leaf, slot + i, at, (lost & 1L << done + i) != 0);
                at += STEP;
            }
            done += within;
        }
    }

    /// Whether nobody has the address in this slot any more when the head has another there.
    private boolean isLost(Version head, MapNode leaf, int slot, long block) {
        long old = leaf.get(slot);
        return isStored(old) && (!leaf.isInherited(slot) || !heldElsewhere(head, block, 0, old));
    }

    private void put(Version head, MapNode leaf, int slot, long address, boolean lost) {
        long old = leaf.get(slot);
        if (lost)
            drop(old);
        if (isStored(old))
            leaf.ownSlot(slot);
        leaf.set(slot, address);
        if (isStored(old) != isStored(address))
            head.stored += isStored(address) ? 1 : -1;
    }

    /// The blocks hold nothing: `value` is [#HOLE] or [#ZEROS].
    public void clear(Version head, long block, long count, long value) {
        changed.add(head);
        long end = block + count;
        for (long at = block; at < end;) {
            long next = Math.min(end, (at | MapNode.FANOUT - 1) + 1);
            if (value == HOLE && leaf(head, at) == null)
                next = Math.min(end, afterAbsent(head, at));
            else {
                var leaf = ownLeaf(head, at);
                for (long each = at; each < next; each++) {
                    int slot = MapNode.slot(each, 0);
                    put(head, leaf, slot, value, isLost(head, leaf, slot, each));
                }
            }
            at = next;
        }
    }

    /// Where the subtree ends that is not there; the next block when there is one.
    private long afterAbsent(Version version, long block) {
        var root = version.root();
        var node = rootOf(version);
        if (node == null || block >= MapNode.span(root.level() + 1))
            return Math.max(version.blocks(), block + 1);
        while (node.level > 0) {
            int slot = MapNode.slot(block, node.level);
            if (node.get(slot) == 0)
                return (block / MapNode.span(node.level) + 1) * MapNode.span(node.level);
            node = childOf(node, slot);
        }
        return block + 1;
    }

    private MapNode ownLeaf(Version head, long block) {
        var node = ownRoot(head);
        while (node.level > 0) {
            int slot = MapNode.slot(block, node.level);
            var child = childOrNull(node, slot);
            if (child == null || child.owner != head.id) {
                boolean lost = child != null && isLost(head, child, block); // it may have to read nodes: before anything changes
                var own = made(child == null
                        ? new MapNode(nextNode++, head.id, node.level - 1)
                        : child.copy(nextNode++, head.id));
                touch(node);
                node.setChild(slot, own);
                node.set(slot, own.id);
                if (child != null && lost)
                    dead.add(child.id);
                child = own;
            }
            node = child;
        }
        touch(node);
        return node;
    }

    private MapNode made(MapNode node) {
        resident++;
        touch(node);
        return node;
    }

    private MapNode ownRoot(Version head) {
        var root = head.root();
        var node = rootOf(head);
        if (node != null && node.owner == head.id)
            return node;
        boolean lost = node != null && isLost(head, node, 0);
        var own = made(node == null ? new MapNode(nextNode++, head.id, root.level()) : node.copy(nextNode++, head.id));
        head.root(new Root(own.level, own.id, own));
        changed.add(head);
        if (node != null && lost)
            dead.add(node.id);
        return own;
    }

    private void touch(MapNode node) {
        if (node.touch(generation))
            dirty.add(node);
    }

    /// Whether nobody has the node any more when the head has another in its place.
    private boolean isLost(Version head, MapNode node, long block) {
        return !heldElsewhere(head, block, node.level + 1, node.id);
    }

    private void drop(long address) {
        dropped.merge(Extent.fileAddress(address), BlockFormat.BYTES, Integer::sum);
        droppedBytes += BlockFormat.BYTES;
    }

    // ---- who else has it

    /// Whether another version than this, which has no children, has a value in the place where this one had it.
    ///
    /// @param kind 0: the address of `block`; else the node of level `kind - 1` above it
    private boolean heldElsewhere(Version version, long block, int kind, long value) {
        var child = version;
        for (var up = version.parent; up != null; child = up, up = up.parent) {
            if (up.holds(block))
                return valueAt(up, block, kind) == value;
            for (var sibling : up.children)
                if (sibling != child && heldBelow(sibling, block, kind, value))
                    return true;
        }
        return false;
    }

    /// A chain of versions that hold nothing may be longer than a thread's stack.
    private boolean heldBelow(Version version, long block, int kind, long value) {
        if (version.holds(block))
            return valueAt(version, block, kind) == value;
        var open = new ArrayDeque<>(version.children);
        for (var next = open.poll(); next != null; next = open.poll())
            if (!next.holds(block))
                open.addAll(next.children);
            else if (valueAt(next, block, kind) == value)
                return true;
        return false;
    }

    private long valueAt(Version version, long block, int kind) {
        if (kind == 0)
            return address(version, block);
        int level = kind - 1;
        var root = version.root();
        if (root.id() == 0 || root.level() < level || block >= MapNode.span(root.level() + 1))
            return 0;
        if (root.level() == level)
            return root.id();
        var node = rootOf(version);
        while (node != null && node.level > level + 1)
            node = childOrNull(node, MapNode.slot(block, node.level));
        return node == null ? 0 : node.get(MapNode.slot(block, node.level));
    }

    // ---- comparing

    /// Takes what a comparison finds: runs of blocks, one behind the other.
    @FunctionalInterface
    public interface ComparisonSink { void run(long from, long end, boolean changed); }

    /// Compares blocks `from` to `end`. One has changed when the versions do not have the same address for it and at least one has an address; so one that was
    /// written anew with what was in it counts. Looks at so many pairs of nodes at most, which must be more than a tree has levels, and gives where it stopped.
    public long compare(Version one, Version other, long from, long end, int pairs, ComparisonSink sink) {
        return new Comparison(this, from, end, pairs, sink).of(one, other);
    }

    /// All nodes and addresses that versions have.
    public record Reachable(Set<Long> nodes, Set<Long> addresses) {}

    /// Walks everything.
    public Reachable reachable() {
        var found = new Reachable(new TreeSet<>(), new HashSet<>());
        for (var version : versions.values())
            reach(rootOf(version), 0, version.cursor, found);
        return found;
    }

    /// @param from blocks before this are given up
    private void reach(@Nullable MapNode node, long base, long from, Reachable found) {
        if (node == null || base + MapNode.span(node.level + 1) <= from || !found.nodes.add(node.id) && from <= base)
            return;
        for (int slot = 0; slot < MapNode.FANOUT; slot++)
            if (base + (slot + 1) * MapNode.span(node.level) <= from) {
                // given up
            } else if (node.level > 0) {
                if (node.get(slot) != 0)
                    reach(childOf(node, slot), base + slot * MapNode.span(node.level), from, found);
            } else if (isStored(node.get(slot)))
                found.addresses.add(node.get(slot));
    }

    // ---- usage

    /// What of a version was counted, up to where.
    ///
    /// @param unique blocks that no other version has
    /// @param next the first block that was not looked at; `Long.MAX_VALUE` when all was
    public record Counted(long unique, long next) {}

    /// Counts blocks from `from` on that only this version has, as far as `leaves` leaves of it. What it shares is not looked at.
    public Counted countUnique(Version version, long from, int leaves) {
        return new Usage(this, version, from, leaves).count();
    }

    /// Whether another version has the address that this one has in a slot of its leaf.
    boolean isShared(Version version, MapNode leaf, int slot, long block) {
        long address = leaf.get(slot);
        if (leaf.owner == version.id && !leaf.isInherited(slot))
            return heldBelowChildren(version, block, 0, address); // written here, so only what is made of this one can have it
        return hasOthers(version, block, 0, address);
    }

    // ---- deleting

    /// From now on the version is there only to be given up, by [#advance].
    public void delete(Version version) {
        if (version.state == State.HEAD && !version.children.isEmpty())
            throw new IllegalStateException("head " + version.id + " has children");
        if (version.state == State.HEAD)
            heads.remove(version.volume);
        version.state = State.DELETING;
        version.volume = 0;
        version.cursor = 0;
        changed.add(version);
    }

    /// Gives up what only this version has, as far as `leaves` leaves of it; `true` when that was all and the version is gone.
    public boolean advance(Version version, int leaves) {
        requireState(version, State.DELETING);
        changed.add(version);
        if (giveUp(version, rootOf(version), 0, leaves) < 0)
            return false;
        remove(version);
        return true;
    }

    /// Goes on at the cursor below a node; gives how many leaves may still be looked at, -1 when more are left than may.
    private int giveUp(Version version, @Nullable MapNode node, long base, int leaves) {
        if (node == null)
            return leaves;
        long end = base + MapNode.span(node.level + 1);
        if (end <= version.cursor)
            return leaves;
        if (hasOthers(version, base, node.level + 1, node.id)) {
            version.cursor = end;
            return leaves;
        }
        int left = leaves;
        if (node.level == 0) {
            if (left == 0)
                return -1;
            left--;
            for (int slot = 0; slot < MapNode.FANOUT; slot++)
                if (isStored(node.get(slot)) && !hasOthers(version, base + slot, 0, node.get(slot)))
                    drop(node.get(slot));
        } else
            for (int slot = 0; slot < MapNode.FANOUT; slot++) {
                long from = base + slot * MapNode.span(node.level);
                if (node.get(slot) == 0 || from + MapNode.span(node.level) <= version.cursor)
                    continue;
                left = giveUp(version, childOf(node, slot), from, left);
                if (left < 0)
                    return -1;
            }
        version.cursor = end;
        dead.add(node.id);
        return left;
    }

    /// Whether another version than this has a value in the place where this one has it.
    boolean hasOthers(Version version, long block, int kind, long value) {
        return heldElsewhere(version, block, kind, value) || heldBelowChildren(version, block, kind, value);
    }

    private boolean heldBelowChildren(Version version, long block, int kind, long value) {
        for (var child : version.children)
            if (heldBelow(child, block, kind, value))
                return true;
        return false;
    }

    private void remove(Version version) {
        version.root(new Root(version.root().level(), 0, null));
        version.state = State.JUNCTION;
        for (var at = version; at != null && at.state == State.JUNCTION && at.children.size() < 2;)
            at = splice(at);
    }

    private @Nullable Version splice(Version junction) {
        var parent = junction.parent;
        if (parent != null)
            parent.children.remove(junction);
        for (var child : junction.children) {
            child.parent = parent;
            changed.add(child);
            if (parent != null)
                parent.children.add(child);
        }
        versions.remove(junction.id);
        changed.remove(junction);
        removed.add(junction.id);
        return parent;
    }

    // ---- memory

    /// How many nodes are in memory, about.
    public int resident() {
        return resident;
    }

    /// Lets go of nodes that nobody has looked at since the last sweep and whose rows are durable, of the checkpoint `done` or before, until `most` are left;
    /// what has changed stays. Gives how many are left.
    public int sweep(int most, int done) {
        resident = new Sweep(most, done).over(versions.values());
        return resident;
    }

    // ---- moving

    /// Leaves of different versions at one place, of which some share blocks.
    record Place(long block, List<MapNode> leaves) {}

    /// The next place at or behind `block` where a version of this tree has a leaf; null when there is none.
    ///
    /// @param root the oldest version of the tree
    @Nullable
    Place place(Version root, long block) {
        return new Places(this, root).next(block);
    }

    /// Of a place that may have changed meanwhile: those leaves whose blocks count.
    private Set<MapNode> leavesThatCount(Version version, long block) {
        var leaves = Collections.<MapNode>newSetFromMap(new IdentityHashMap<>());
        version.forTree(each -> {
            var leaf = each.holds(block) ? leaf(each, block) : null;
            if (leaf != null)
                leaves.add(leaf);
        });
        return leaves;
    }

    /// Blocks of a place lie elsewhere now: every version that has one gets its new address, and the old one is given up. One that nobody has any more
    /// is given up where it is new.
    ///
    /// Does of that all that may have to read nodes, so may fail, and changes nothing: several places are all prepared before the first is changed. Gives what
    /// changes this one, to be run in the same hold of the lock, or sweeps and writes may have been in between. That cannot fail.
    ///
    /// @param origin of the tree, or one that was when this began
    /// @param moved from address to address
    public Runnable prepareMove(Version origin, long block, Map<Long, Long> moved) {
        var leaves = leavesThatCount(standing(origin), block);
        return () -> move(leaves, moved);
    }

    private void move(Set<MapNode> leaves, Map<Long, Long> moved) {
        var replaced = new HashSet<Long>();
        for (var leaf : leaves)
            for (int slot = 0; slot < MapNode.FANOUT; slot++) {
                long old = leaf.get(slot);
                var now = isStored(old) ? moved.get(old) : null;
                if (now != null) {
                    touch(leaf);
                    leaf.set(slot, now);
                    replaced.add(old);
                }
            }
        moved.forEach((old, now) -> drop(replaced.contains(old) ? old : now));
    }

    /// What an origin that was removed has become: of its children there is at most one.
    private Version standing(Version origin) {
        var at = origin;
        while (!versions.containsKey(at.id) && !at.children.isEmpty())
            at = at.children.getFirst();
        return at;
    }

    /// Addresses at the next place at or behind `block` where a version of this tree has blocks; null behind the last.
    public @Nullable Addresses addresses(Version origin, long block) {
        var place = place(standing(origin), block);
        if (place == null)
            return null;
        var slots = new TreeMap<Integer, Set<Long>>();
        for (var leaf : place.leaves)
            for (int slot = 0; slot < MapNode.FANOUT; slot++)
                if (isStored(leaf.get(slot)))
                    slots.computeIfAbsent(slot, _ -> new TreeSet<>()).add(leaf.get(slot));
        return new Addresses(place.block, slots, place.leaves.size());
    }

    /// @param block the first of the place
    /// @param bySlot what blocks behind it have, in all versions
    /// @param leaves how many leaves have that: so many rows may be written anew when something of it moves
    public record Addresses(long block, Map<Integer, Set<Long>> bySlot, int leaves) {
        /// The first block of the place behind this.
        public long next() {
            return block + MapNode.FANOUT;
        }
    }

    /// Versions that are made of no other.
    public List<Version> origins() {
        return versions.values().stream().filter(version -> version.parent == null).toList();
    }

    // ---- checkpoints

    /// What has changed from one checkpoint to the next.
    ///
    /// @param nodes to be written, by [#forEachRow]
    /// @param dead rows of nodes that are to go
    /// @param versions rows by id
    /// @param removed versions that are to go
    /// @param dropped bytes by file: an address of the file
    public record Cut(int number, List<MapNode> nodes, Set<Long> dead, Map<Integer, byte[]> versions, Set<Integer> removed,
            Map<Long, Integer> dropped, long nextNode, int nextVersion) {
        public boolean isEmpty() {
            return nodes.isEmpty() && dead.isEmpty() && versions.isEmpty() && removed.isEmpty() && dropped.isEmpty();
        }

        /// Gives the rows of nodes. Without the lock; once.
        public void forEachRow(RowSink sink) {
            for (var node : nodes) {
                var row = node.atCut(number);
                if (!dead.contains(node.id))
                    sink.row(node.id, row);
            }
        }
    }

    /// Takes the row of a node.
    @FunctionalInterface
    public interface RowSink { void row(long id, byte[] row); }

    /// One that is being given up; null for none.
    public @Nullable Version deleting() {
        for (var version : versions.values())
            if (version.state == State.DELETING)
                return version;
        return null;
    }

    /// How many nodes wait for a checkpoint, and how many rows to be removed.
    public int waiting() {
        return dirty.size() + dead.size();
    }

    /// How many bytes in files nothing names any more that a checkpoint would give back.
    public long droppedBytes() {
        return droppedBytes;
    }

    /// Takes what has changed. All of it has to be written, in one batch, before the next cut.
    public Cut cut() {
        var encoded = new HashMap<Integer, byte[]>();
        for (var version : changed)
            encoded.put(version.id, version.encode());
        var cut = new Cut(generation, dirty, dead, encoded, removed, dropped, nextNode, nextVersion);
        dirty = new ArrayList<>();
        dead = new HashSet<>();
        changed = new HashSet<>();
        removed = new HashSet<>();
        dropped = new HashMap<>();
        droppedBytes = 0;
        generation++;
        return cut;
    }

    /// As a checkpoint left it. Called once, before anything else.
    public void restore(Map<Integer, byte[]> versionRows, long firstNode, int firstVersion) {
        nextNode = firstNode;
        nextVersion = firstVersion;
        var decoded = new TreeMap<Integer, Version.Row>();
        versionRows.forEach((id, row) -> decoded.put(id, Version.Row.decode(row)));
        decoded.forEach((id, row) -> {
            var version = new Version(id, row.state(), row.volume(), null, row.blocks(), row.root(),
                    row.encryptionRoot());
            version.stored = row.stored();
            version.cursor = row.cursor();
            versions.put(id, version);
            if (version.state == State.HEAD)
                heads.put(version.volume, version);
        });
        decoded.forEach((id, row) -> {
            if (row.parent() == 0)
                return;
            var parent = versions.get(row.parent());
            var version = versions.get(id);
            if (parent == null || version == null)
                throw new IllegalStateException("version " + id + " is made of " + row.parent() + ", which is missing");
            version.parent = parent;
            parent.children.add(version);
        });
    }
}
