package io.cairn.block.internal.map;

import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One state of a volume's blocks: what it is now (its head), or was at a snapshot. Versions form a tree; a block that two of them share is shared by
/// all between them. Readers take no lock; who changes it holds the lock of its [BlockMaps].
public final class Version {
    /// What it is there for.
    public enum State {
        /// Of a volume, and changes.
        HEAD,
        /// Of a snapshot, and stays.
        SNAPSHOT,
        /// Was one of these; blocks below [#cursor] are given up already.
        DELETING,
        /// Has no blocks, but several children that had its blocks together.
        JUNCTION
    }

    private static final int PLAIN = 1;
    private static final int ENCRYPTED = 2;
    final int id;
    /// Number of the volume that its tree began with, by which keys go; 0: it is not encrypted. The same for all of a tree.
    private final int encryptionRoot;
    volatile State state;
    /// Number of the volume whose head it is; 0 for none.
    int volume;
    @Nullable
    Version parent;
    final List<Version> children = new ArrayList<>(1);
    /// Size, in blocks.
    private volatile long blocks;
    private volatile Root root;
    /// Blocks that hold something.
    long stored;
    long cursor;

    /// @param id row of the node; 0 for none
    /// @param node null when it is not in memory
    record Root(int level, long id, @Nullable MapNode node) {}

    Version(int id, State state, int volume, @Nullable Version parent, long blocks, Root root, int encryptionRoot) {
        this.id = id;
        this.encryptionRoot = encryptionRoot;
        this.state = state;
        this.volume = volume;
        this.parent = parent;
        this.blocks = blocks;
        this.root = root;
        if (parent != null)
            parent.children.add(this);
    }

    public int id() {
        return id;
    }

    /// Number of the volume that its tree began with, by which its blocks' keys go; 0 when they are not encrypted. Any thread.
    public int encryptionRoot() {
        return encryptionRoot;
    }

    public long blocks() {
        return blocks;
    }

    void resize(long newBlocks) {
        blocks = newBlocks;
    }

    /// Whether its blocks are being given up, or were: what was read of it until now may be in parts what it had no more. Any thread.
    public boolean isGivenUp() {
        var now = state;
        return now == State.DELETING || now == State.JUNCTION;
    }

    /// This one and all that are made of it. A chain of them may be longer than a thread's stack.
    void forTree(Consumer<Version> visitor) {
        var open = new ArrayDeque<Version>();
        open.add(this);
        for (var next = open.poll(); next != null; next = open.poll()) {
            visitor.accept(next);
            open.addAll(next.children);
        }
    }

    /// How many blocks hold something, or did a moment ago.
    public long storedBlocks() {
        return stored;
    }

    Root root() {
        return root;
    }

    void root(Root newRoot) {
        root = newRoot;
    }

    /// Whether what it says of a block counts.
    boolean holds(long block) {
        return switch (state) {
            case HEAD, SNAPSHOT -> true;
            case DELETING -> block >= cursor;
            case JUNCTION -> false;
        };
    }

    /// Level of the root of a tree for so many blocks.
    static int levelFor(long blocks) {
        int level = 0;
        while (MapNode.span(level + 1) < blocks)
            level++;
        return level;
    }

    /// Row: u8 1, u8 state, then varints: volume, parent's id or 0, blocks, root's level, root's row, stored, cursor. An encrypted one begins with 2, and ends
    /// with one more: number of the volume that is the encryption root.
    byte[] encode() {
        var out = ByteBuffer.allocate(2 + 8 * Varint.MAX_BYTES);
        out.put((byte) (encryptionRoot == 0 ? PLAIN : ENCRYPTED)).put((byte) state.ordinal());
        Varint.put(out, volume);
        Varint.put(out, parent == null ? 0 : parent.id);
        Varint.put(out, blocks);
        Varint.put(out, root.level);
        Varint.put(out, root.id);
        Varint.put(out, stored);
        Varint.put(out, cursor);
        if (encryptionRoot != 0)
            Varint.put(out, encryptionRoot);
        return Arrays.copyOf(out.array(), out.position());
    }

    /// What a row says, before parents are known as versions.
    record Row(State state, int volume, int parent, long blocks, Root root, long stored, long cursor,
            int encryptionRoot) {
        static Row decode(byte[] row) {
            var in = ByteBuffer.wrap(row);
            int version = in.get();
            if (version != PLAIN && version != ENCRYPTED)
                throw new IllegalArgumentException(
                        "version row of version " + version + ", this program knows up to " + ENCRYPTED);
            var state = State.values()[in.get()];
            int volume = Math.toIntExact(Varint.get(in));
            int parent = Math.toIntExact(Varint.get(in));
            long blocks = Varint.get(in);
            return new Row(state, volume, parent, blocks, new Root(Math.toIntExact(Varint.get(in)), Varint.get(in), null),
                    Varint.get(in), Varint.get(in), version == ENCRYPTED ? Math.toIntExact(Varint.get(in)) : 0);
        }
    }
}
