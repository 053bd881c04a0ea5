package io.cairn.replication.testkit;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Proposed;
import io.cairn.replication.Store;
import io.cairn.replication.testkit.Subject.Spaces;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What a log should hold: sorted maps, and the live extents with their bytes.
final class Model {
    static final byte[] MARKER = {0};

    /// One change, before its stamp is known. Offsets of slots are -1 where there is none.
    record Change(int tag, int space, byte[] key, byte[] value, int keySlot, boolean inverted, int valueSlot) {
        Change filled(long stamp) {
            return new Change(tag, space, filled(key, keySlot, inverted ? ~stamp : stamp), filled(value, valueSlot, stamp), -1,
                    false, -1);
        }

        private static byte[] filled(byte[] bytes, int slot, long stamp) {
            if (slot < 0)
                return bytes;
            var copy = bytes.clone();
            ByteBuffer.wrap(copy).putLong(slot, stamp);
            return copy;
        }

        @Override
        public String toString() {
            return tag + "/" + space + "/" + Arrays.toString(key) + "/" + value.length + "/" + crc(value);
        }
    }

    /// A batch as proposed.
    static final class Entry {
        final long number;
        final List<Change> changes = new ArrayList<>();
        final Map<Extent, byte[]> added = new HashMap<>();
        final List<Extent> dropped = new ArrayList<>();
        boolean noted;
        @Nullable
        Proposed proposed;

        Entry(long number) {
            this.number = number;
        }

        Proposed place() {
            var place = proposed;
            if (place == null)
                throw new IllegalStateException("batch " + number + " was not proposed");
            return place;
        }

        boolean acknowledged() {
            return place().done().isDone() && !place().done().isCompletedExceptionally();
        }

        /// The batch, which begins with its number as the marker.
        Batch batch() {
            var batch = new Batch();
            var marker = ByteBuffer.allocate(8).putLong(number).array();
            changes.addFirst(new Change(5, 0, MARKER, marker, -1, false, -1));
            if (noted)
                batch.note(marker);
            for (var change : changes)
                add(batch, change);
            added.keySet().forEach(batch::addExtent);
            dropped.forEach(batch::dropExtent);
            // The end of a batch must be there whenever its beginning is, in another space.
            var last = new Change(5, 2, MARKER, marker, -1, false, -1);
            changes.add(last);
            add(batch, last);
            return batch;
        }

        private static void add(Batch batch, Change change) {
            var space = Spaces.values()[change.space];
            switch (change.tag) {
                case 4 -> batch.delete(space, change.key);
                case 14 -> batch.deleteRange(space, change.key, change.value);
                default -> {
                    var slots = new ArrayList<Batch.Slot>();
                    if (change.keySlot >= 0)
                        slots.add(new Batch.Slot(true, change.keySlot, change.inverted));
                    if (change.valueSlot >= 0)
                        slots.add(Batch.Slot.inValue(change.valueSlot));
                    batch.put(space, change.key, change.value, slots.toArray(Batch.Slot[]::new));
                }
            }
        }

        /// What a tail should say of it, apart from notes and extents.
        List<String> told() {
            return changes.stream().map(change -> change.filled(place().stamp()).toString()).toList();
        }
    }

    private static final byte[] NONE = new byte[0];

    /// What a tail said, in the words of [Entry#told].
    static List<String> told(List<Operation> operations) {
        var told = new ArrayList<String>();
        for (var operation : operations)
            switch (operation) {
                case Operation.Put(int space, byte[] key, byte[] value) ->
                    told.add(new Change(5, space, key, value, -1, false, -1).toString());
                case Operation.Delete(int space, byte[] key) ->
                    told.add(new Change(4, space, key, NONE, -1, false, -1).toString());
                case Operation.DeleteRange(int space, byte[] from, byte[] to) ->
                    told.add(new Change(14, space, from, to, -1, false, -1).toString());
                case Operation.Note _,Operation.AddExtent _,Operation.DropExtent _,Operation.DropPieces _ -> {
                    // compared where they have their effect
                }
            }
        return told;
    }

    private final List<TreeMap<byte[], byte[]>> spaces = new ArrayList<>();
    final Map<Extent, byte[]> extents = new HashMap<>();
    final List<Entry> entries = new ArrayList<>();

    Model() {
        for (int i = 0; i < Spaces.values().length; i++)
            spaces.add(new TreeMap<>(Arrays::compareUnsigned));
    }

    void apply(Entry entry) {
        for (var unfilled : entry.changes) {
            var change = unfilled.filled(entry.place().stamp());
            var rows = spaces.get(change.space);
            switch (change.tag) {
                case 4 -> rows.remove(change.key);
                case 14 -> rows.subMap(change.key, change.value).clear();
                default -> rows.put(change.key, change.value);
            }
        }
        extents.putAll(entry.added);
        entry.dropped.forEach(extents::remove);
        entries.add(entry);
    }

    /// The number of the last batch in a store; 0 for none.
    static long marker(Store store) {
        var row = store.get(Spaces.FIRST, MARKER);
        return row == null ? 0 : ByteBuffer.wrap(row).getLong();
    }

    void requireEqual(Store store) {
        for (var space : Spaces.values()) {
            var expected = spaces.get(space.ordinal()).entrySet().iterator();
            try (var rows = store.scan(space, new Store.Range(NONE, null))) {
                for (rows.seekToFirst(); rows.valid(); rows.next()) {
                    if (!expected.hasNext())
                        throw new AssertionError(space + " has a row too many: " + Arrays.toString(rows.key()));
                    var row = expected.next();
                    if (!Arrays.equals(row.getKey(), rows.key()) || !Arrays.equals(row.getValue(), rows.value()))
                        throw new AssertionError("%s has %s (%d bytes) where %s (%d bytes) should be".formatted(space,
                                Arrays.toString(rows.key()), rows.value().length, Arrays.toString(row.getKey()),
                                row.getValue().length));
                }
            }
            if (expected.hasNext())
                throw new AssertionError(space + " lacks " + Arrays.toString(expected.next().getKey()));
        }
    }

    /// A key of a small set, so that batches meet.
    static byte[] key(int number) {
        return new OrderedBytes(8).u8(1).u32(number).toBytes();
    }

    private static long crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
