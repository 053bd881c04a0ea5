package io.cairn.block.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A node of the radix tree. A leaf (level 0) has the addresses of [#FANOUT] blocks; a node above has the rows of as many nodes, and those
/// that are in memory. It is changed by the version that made it alone, until that is a snapshot; others copy it.
///
/// Readers take no lock; who changes a node holds the lock of its [BlockMaps].
final class MapNode {
    static final int FANOUT = 512;
    static final int FANOUT_BITS = 9;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHILDREN = MethodHandles.arrayElementVarHandle(MapNode[].class);

    final long id;
    /// Version that may change it.
    final int owner;
    final int level;
    private final long[] slots;
    private final @Nullable MapNode[] children;
    /// Of a leaf: which of its blocks came with the copy, so may be another version's too.
    private final long[] inherited;

    /// Which checkpoint has yet to write it; 0 when it is as its row says.
    private int generation;
    /// As it was when the checkpoint before that one was cut, which has not written it either.
    private byte @Nullable [] frozen;
    /// The last checkpoint that has its row.
    private int written;
    /// Whether it was looked at since the last sweep: a hint.
    private boolean used = true;

    private static final @Nullable MapNode[] NO_CHILDREN = new MapNode[0];
    private static final long[] NOTHING_INHERITED = new long[0];

    MapNode(long id, int owner, int level) {
        this(id, owner, level, new long[FANOUT], new long[level == 0 ? FANOUT / 64 : 0]);
    }

    MapNode(long id, int owner, int level, long[] slots, long[] inherited) {
        this.id = id;
        this.owner = owner;
        this.level = level;
        this.slots = slots;
        this.inherited = level == 0 ? inherited : NOTHING_INHERITED;
        this.children = level == 0 ? NO_CHILDREN : new MapNode[FANOUT];
    }

    /// The same for another version: all blocks are inherited.
    MapNode copy(long newId, int newOwner) {
        var copy = new MapNode(newId, newOwner, level, slots.clone(), new long[inherited.length]);
        if (level > 0)
            System.arraycopy(children, 0, copy.children, 0, FANOUT);
        else
            for (int i = 0; i < FANOUT; i++)
                if (BlockMaps.isStored(slots[i]))
                    copy.inherited[i >>> 6] |= 1L << i;
        return copy;
    }

    static int slot(long block, int level) {
        return (int) (block >>> FANOUT_BITS * level) & FANOUT - 1;
    }

    /// How many blocks lie below a slot of this level.
    static long span(int level) {
        return 1L << FANOUT_BITS * level;
    }

    long get(int slot) {
        return (long) SLOTS.getAcquire(slots, slot);
    }

    void set(int slot, long value) {
        SLOTS.setRelease(slots, slot, value);
    }

    @Nullable
    MapNode child(int slot) {
        return (MapNode) CHILDREN.getAcquire(children, slot);
    }

    boolean hasChildInMemory() {
        for (int slot = 0; slot < children.length; slot++)
            if (child(slot) != null)
                return true;
        return false;
    }

    void use() {
        if (!used)
            used = true;
    }

    /// Whether its row says what it says, durably as of the checkpoint `done`, and nobody has looked at it since this was asked last.
    synchronized boolean isIdle(int done) {
        boolean wasUsed = used;
        used = false;
        return !wasUsed && generation == 0 && written <= done;
    }

    void setChild(int slot, @Nullable MapNode child) {
        CHILDREN.setRelease(children, slot, child);
    }

    boolean isInherited(int slot) {
        return (inherited[slot >>> 6] & 1L << slot) != 0;
    }

    void ownSlot(int slot) {
        inherited[slot >>> 6] &= ~(1L << slot);
    }

    long[] inherited() {
        return inherited;
    }

    /// Before a change: the node belongs to the next checkpoint, `current`. If one that was cut has yet to write it, what it is now is put by for
    /// that. `true` when it has to be added to those that the next one writes.
    synchronized boolean touch(int current) {
        if (generation == current)
            return false;
        if (generation != 0)
            frozen = NodeFormat.encode(this);
        generation = current;
        return true;
    }

    /// Its row as of `cut`, which has it in its list. Once.
    ///
    /// @param cut its number
    synchronized byte[] atCut(int cut) {
        var kept = frozen;
        frozen = null;
        if (kept != null)
            return kept;
        generation = 0;
        written = cut;
        return NodeFormat.encode(this);
    }
}
