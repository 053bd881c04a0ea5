package io.cairn.block.internal.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.internal.map.Version.Root;
import io.cairn.block.internal.map.Version.State;
import io.cairn.replication.testkit.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Rows of the block map are on disks for ever: each form is encoded as it always was, and the stored one is read back as what it says.
final class MapFormatTest {
    private static final long ADDRESS = 0x0123456789ABCDEFL;

    /// Two runs, zeros, a block that goes back, inherited ones among them; the first and the last slot.
    private static MapNode leaf() {
        var slots = new long[MapNode.FANOUT];
        for (int i = 0; i < 10; i++)
            slots[i] = ADDRESS + i * BlockMaps.STEP;
        slots[63] = BlockMaps.ZEROS;
        slots[64] = Long.MAX_VALUE;
        slots[200] = ADDRESS - 12_345;
        slots[511] = 2;
        var inherited = new long[MapNode.FANOUT / 64];
        inherited[0] = 0b1111L;
        inherited[7] = Long.MIN_VALUE;
        return new MapNode(70_000, 300, 0, slots, inherited);
    }

    private static MapNode inner() {
        var slots = new long[MapNode.FANOUT];
        slots[0] = 1;
        slots[1] = 2;
        slots[2] = 1L << 40;
        slots[511] = 3;
        return new MapNode(70_001, 1, 2, slots, new long[0]);
    }

    private static void same(MapNode expected, MapNode found) {
        assertEquals(expected.id, found.id);
        assertEquals(expected.owner, found.owner);
        assertEquals(expected.level, found.level);
        for (int slot = 0; slot < MapNode.FANOUT; slot++)
            assertEquals(expected.get(slot), found.get(slot), "slot " + slot);
        assertArrayEquals(expected.inherited(), found.inherited());
    }

    private static MapNode stored(String name, MapNode node) {
        return NodeFormat.decode(node.id, Golden.require(name, NodeFormat.encode(node)));
    }

    @Test
    void nodes() {
        same(leaf(), stored("node-leaf-v1", leaf()));
        same(inner(), stored("node-inner-v1", inner()));
        var empty = new MapNode(1, 1, 0);
        same(empty, stored("node-empty-v1", empty));
    }

    @Test
    void nodesOfAnyKindAreReadBack() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            var slots = new long[MapNode.FANOUT];
            int share = 1 + random.nextInt(100);
            for (int slot = 0; slot < slots.length; slot++)
                if (random.nextInt(100) < share)
                    slots[slot] = random.nextInt(5) == 0 ? BlockMaps.ZEROS : random.nextLong() >>> 1 + random.nextInt(40);
            int level = random.nextInt(4);
            var inherited = random.longs(level == 0 ? MapNode.FANOUT / 64 : 0).toArray();
            var node = new MapNode(i, random.nextInt(1 << 20), level, slots, inherited);
            same(node, NodeFormat.decode(i, NodeFormat.encode(node)));
        }
    }

    /// Neighbours that were written in a row take a byte each.
    @Test
    void aRunIsSmall() {
        var slots = new long[MapNode.FANOUT];
        Arrays.setAll(slots, i -> ADDRESS + i * BlockMaps.STEP);
        int bytes = NodeFormat.encode(new MapNode(1, 1, 0, slots, new long[MapNode.FANOUT / 64])).length;
        assertTrue(bytes <= 3 + 128 + 10 + MapNode.FANOUT, bytes + " bytes");
    }

    @Test
    void whatIsNoNodeIsRefused() {
        for (var node : List.of(leaf(), inner())) {
            var row = NodeFormat.encode(node);
            for (int length = 0; length < row.length; length++) {
                var part = Arrays.copyOf(row, length);
                assertThrows(IllegalArgumentException.class, () -> NodeFormat.decode(1, part), "of " + length + " bytes");
            }
            assertThrows(IllegalArgumentException.class, () -> NodeFormat.decode(1, Arrays.copyOf(row, row.length + 1)));
            row[0] = 2;
            assertThrows(IllegalArgumentException.class, () -> NodeFormat.decode(1, row), "of a later program");
        }
    }

    @Test
    void versions() {
        var parent = new Version(7, State.SNAPSHOT, 0, null, 1L << 34, new Root(3, 1L << 40, null), 0);
        var child = new Version(70_000, State.HEAD, 300, parent, 262_144, new Root(1, 5, null), 0);
        child.stored = 1234;
        var deleting = new Version(8, State.DELETING, 0, parent, 512, new Root(0, 9, null), 0);
        deleting.stored = 100;
        deleting.cursor = 256;
        var junction = new Version(9, State.JUNCTION, 0, parent, 512, new Root(0, 0, null), 0);
        var encrypted = new Version(10, State.HEAD, 301, null, 1024, new Root(1, 11, null), 300);
        for (var version : List.of(parent, child, deleting, junction, encrypted)) {
            var row = Golden.require(version == encrypted
                    ? "version-encrypted-v2"
                    : "version-" + version.state.name().toLowerCase(Locale.ROOT) + "-v1", version.encode());
            var found = Version.Row.decode(row);
            assertEquals(new Version.Row(version.state, version.volume, version.parent == null ? 0 : version.parent.id,
                    version.blocks(), version.root(), version.stored, version.cursor, version.encryptionRoot()), found);
            for (int length = 0; length < row.length; length++) {
                var part = Arrays.copyOf(row, length);
                assertThrows(RuntimeException.class, () -> Version.Row.decode(part), "of " + length + " bytes");
            }
            if (version != encrypted) {
                row[0] = 2;
                assertThrows(RuntimeException.class, () -> Version.Row.decode(row),
                        "a plain one is not taken for an encrypted one");
            }
            row[0] = 3;
            assertThrows(IllegalArgumentException.class, () -> Version.Row.decode(row), "of a later program");
        }
    }

    /// States are stored by their place.
    @Test
    void statesKeepTheirPlaces() {
        assertEquals(List.of("HEAD", "SNAPSHOT", "DELETING", "JUNCTION"),
                Arrays.stream(State.values()).limit(4).map(Enum::name).toList());
    }
}
