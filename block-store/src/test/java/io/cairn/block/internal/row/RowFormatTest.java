package io.cairn.block.internal.row;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.replication.testkit.Golden;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Rows are on disks for ever: each form is encoded as it always was, and the stored one is read back as what it says.
final class RowFormatTest {
    private static final long CREATED = 1_764_000_000_123_456L;
    private static final VolumeRow VOLUME = new VolumeRow("vol-0123456789abcdef0", 300, CREATED,
            new VolumeDefinition(5L << 40, VolumeType.IO2, Map.of("Name", "disk", "team", "\u00e4"),
                    Map.of("zone", "a", "empty", "")));
    private static final SnapshotRow SNAPSHOT = new SnapshotRow("snap-0fedcba9876543210", 77, VOLUME.id(), 1L << 30, CREATED,
            new SnapshotDefinition(Map.of("Name", "before"), Map.of("k", "\u00f6")));
    private static final List<Note> NOTES = List.of(new Note.Create(1, 1L << 34, false), new Note.Write(1, 5_000_000_000L, 63,
            0x7123456789ABCDEFL), new Note.Clear(1, 3, 1L << 33, 1), new Note.Snapshot(300), new Note.Clone(70_000, 2),
            new Note.Grow(2, 262_144));

    private static void truncatedIsRefused(byte[] row, Consumer<byte[]> decode) {
        for (int length = 0; length < row.length; length++) {
            var part = Arrays.copyOf(row, length);
            assertThrows(RuntimeException.class, () -> decode.accept(part), "of " + length + " bytes");
        }
    }

    /// @param version of the row, that of a later program
    private static void laterIsRefused(byte[] row, int version, Consumer<byte[]> decode) {
        var later = row.clone();
        later[0] = (byte) version;
        assertThrows(IllegalArgumentException.class, () -> decode.accept(later));
    }

    @Test
    void volumes() {
        assertEquals(VOLUME, VolumeRow.decode(VOLUME.key(), Golden.require("volume-v1", VOLUME.encode())));
        var plain = new VolumeRow("vol-00000000000000001", 1, 0, VolumeDefinition.of(4096));
        assertEquals(plain, VolumeRow.decode(plain.key(), Golden.require("volume-plain-v1", plain.encode())));
        truncatedIsRefused(VOLUME.encode(), row -> VolumeRow.decode(VOLUME.key(), row));
        laterIsRefused(VOLUME.encode(), 0x7F, row -> VolumeRow.decode(VOLUME.key(), row));
    }

    @Test
    void encryptedVolumes() {
        var encrypted = VOLUME.with(VOLUME.definition().withEncryption(true));
        var row = Golden.require("volume-encrypted-v2", encrypted.encode());
        assertEquals(encrypted, VolumeRow.decode(encrypted.key(), row));
        assertEquals(2, row[0], "a program that knows no encryption refuses it");
        truncatedIsRefused(row, part -> VolumeRow.decode(VOLUME.key(), part));
        laterIsRefused(row, 3, part -> VolumeRow.decode(VOLUME.key(), part));
    }

    @Test
    void dataKeys() {
        var wrapped = new byte[61];
        for (int i = 0; i < wrapped.length; i++)
            wrapped[i] = (byte) (i * 5);
        var key = new DataKeyRow(70_000, 300, VOLUME.id(), wrapped);
        var row = Golden.require("data-key-v1", key.encode());
        var found = DataKeyRow.decode(Golden.require("key-data-key-v1", key.key()), row);
        assertEquals(List.of(70_000, 300, VOLUME.id()), List.of(found.number(), found.root(), found.rootId()));
        assertArrayEquals(wrapped, found.wrapped());
        assertTrue(DataKeyRow.isDataKey(key.key()));
        for (var other : List.of(VOLUME.key(), SNAPSHOT.key(), CounterRow.key(), new byte[]{1}))
            assertFalse(DataKeyRow.isDataKey(other));
        truncatedIsRefused(row, part -> DataKeyRow.decode(key.key(), part));
        laterIsRefused(row, 2, part -> DataKeyRow.decode(key.key(), part));
    }

    /// Types are stored by their place.
    @Test
    void typesKeepTheirPlaces() {
        assertEquals(List.of("GP3", "GP2", "IO1", "IO2", "ST1", "SC1", "STANDARD"),
                Arrays.stream(VolumeType.values()).limit(7).map(Enum::name).toList());
    }

    @Test
    void snapshots() {
        assertEquals(SNAPSHOT, SnapshotRow.decode(SNAPSHOT.key(), Golden.require("snapshot-v1", SNAPSHOT.encode())));
        truncatedIsRefused(SNAPSHOT.encode(), row -> SnapshotRow.decode(SNAPSHOT.key(), row));
        laterIsRefused(SNAPSHOT.encode(), 0x7F, row -> SnapshotRow.decode(SNAPSHOT.key(), row));
    }

    @Test
    void counters() {
        var counters = new CounterRow(1L << 40, 70_000);
        assertEquals(counters, CounterRow.decode(Golden.require("counter-v1", counters.encode())));
        truncatedIsRefused(counters.encode(), CounterRow::decode);
        laterIsRefused(counters.encode(), 0x7F, CounterRow::decode);
    }

    @Test
    void keys() {
        for (var key : List.of(Golden.require("key-volume-v1", VOLUME.key()), Golden.require("key-snapshot-v1", SNAPSHOT.key()),
                Golden.require("key-counter-v1", CounterRow.key()))) {
            boolean volume = Arrays.equals(key, VOLUME.key());
            assertEquals(volume, VolumeRow.isVolume(key));
            assertEquals(Arrays.equals(key, SNAPSHOT.key()), SnapshotRow.isSnapshot(key));
            assertEquals(Arrays.equals(key, CounterRow.key()), CounterRow.isCounters(key));
        }
        assertFalse(CounterRow.isCounters(new byte[]{1}), "the next volume's number has that key");
    }

    private static byte[] encode(List<Note> notes) {
        var out = ByteBuffer.allocate(notes.size() * Note.MAX_BYTES);
        for (var note : notes)
            note.encode(out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static List<Note> decode(byte[] row) {
        var notes = new ArrayList<Note>();
        Note.decode(row, notes::add);
        return notes;
    }

    @Test
    void notes() {
        assertEquals(NOTES, decode(Golden.require("notes-v1", encode(NOTES))));
        assertEquals(List.of(), decode(new byte[0]));
        var most = List.<Note>of(new Note.Write(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE),
                new Note.Clear(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE));
        assertEquals(most, decode(encode(most)));
        assertTrue(most.stream().allMatch(note -> encode(List.of(note)).length <= Note.MAX_BYTES));
    }

    @Test
    void notesOfEncryptedVolumes() {
        var notes = List.<Note>of(new Note.Create(300, 1L << 34, true), new Note.Clone(70_000, 301));
        assertEquals(notes, decode(Golden.require("notes-encrypted-v1", encode(notes))));
    }

    /// Within each of them, and when it is of a kind that this program does not know.
    @Test
    void notesThatAreNoneAreRefused() {
        for (var note : NOTES) {
            var whole = encode(List.of(note));
            for (int length = 1; length < whole.length; length++) {
                var part = Arrays.copyOf(whole, length);
                assertThrows(IllegalArgumentException.class, () -> decode(part), note + " of " + length + " bytes");
            }
        }
        for (int kind : new int[]{0, 7, 8, 0x7F, 0x80, 0xFF})
            assertThrows(IllegalArgumentException.class, () -> decode(new byte[]{(byte) kind, 1, 1, 1, 1}));
    }

    /// Batches name a space by its place.
    @Test
    void spacesKeepTheirPlaces() {
        assertArrayEquals(new String[]{"META", "VERSION", "NODE", "NOTE"},
                Arrays.stream(BlockSpace.values()).limit(4).map(Enum::name).toArray());
    }
}
