package io.cairn.block.internal.map;

import io.cairn.replication.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Row of a [MapNode], version 1:
///
///     u8      1
///     u8      level
///     varint  owner
///     64      bitmap of the slots that hold something, little-endian longs
///     64      leaf: bitmap of inherited blocks
///     varint  for each slot that holds something: its value less the one before plus the step between neighbours, zigzag
///
/// Blocks that were written in a row lie in a row, so they take a byte each.
final class NodeFormat {
    private static final int VERSION = 1;
    private static final int WORDS = MapNode.FANOUT / 64;

    private NodeFormat() {}

    static byte[] encode(MapNode node) {
        var out = ByteBuffer.allocate(2 + Varint.MAX_BYTES + 16 * WORDS + MapNode.FANOUT * Varint.MAX_BYTES);
        out.put((byte) VERSION).put((byte) node.level);
        Varint.put(out, node.owner);
        int bitmapAt = out.position();
        out.position(bitmapAt + 8 * WORDS);
        if (node.level == 0)
            for (long word : node.inherited())
                out.putLong(Long.reverseBytes(word));
        long expected = 0;
        for (int word = 0; word < WORDS; word++) {
            long bits = 0;
            for (int bit = 0; bit < 64; bit++) {
                long value = node.get(word * 64 + bit);
                if (value == 0)
                    continue;
                bits |= 1L << bit;
                long change = value - expected;
                Varint.put(out, change << 1 ^ change >> 63);
                expected = value + step(node.level);
            }
            out.putLong(bitmapAt + 8 * word, Long.reverseBytes(bits));
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static long step(int level) {
        return level == 0 ? BlockMaps.STEP : 1;
    }

    /// `IllegalArgumentException` when the bytes are no node.
    static MapNode decode(long id, byte[] row) {
        try {
            var in = ByteBuffer.wrap(row);
            int version = in.get();
            if (version != VERSION)
                throw new IllegalArgumentException("map node of version " + version + ", this program knows " + VERSION);
            int level = in.get();
            int owner = Math.toIntExact(Varint.get(in));
            var present = longs(in);
            var inherited = level == 0 ? longs(in) : new long[0];
            var slots = new long[MapNode.FANOUT];
            long expected = 0;
            for (int i = 0; i < slots.length; i++)
                if ((present[i >>> 6] & 1L << i) != 0) {
                    long change = Varint.get(in);
                    slots[i] = expected + (change >>> 1 ^ -(change & 1));
                    expected = slots[i] + step(level);
                }
            if (in.hasRemaining())
                throw new IllegalArgumentException("map node with " + in.remaining() + " bytes too many");
            return new MapNode(id, owner, level, slots, inherited);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("map node that ends early", e);
        }
    }

    private static long[] longs(ByteBuffer in) {
        var words = new long[WORDS];
        for (int i = 0; i < WORDS; i++)
            words[i] = Long.reverseBytes(in.getLong());
        return words;
    }
}
