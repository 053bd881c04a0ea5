package io.cairn.kv.internal.row;

import io.cairn.kv.Item;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One change of one item, as its stream tells it.
///
///     key     table u32, label u64, range u8, stamp u64, ordinal u16
///     value   flags u8, varint length, keys, (varint length, item)...  old image, then new image, as flags say
///
/// The label is the microsecond at which the stream was switched on. The range is the top two bits of the partition key's hash, so that
/// the changes of one item stand in one range, in order. Stamps come from the log; the ordinal counts within a batch.
///
/// @param expired whether the item was removed because it had expired
public record StreamRow(Change change, boolean expired, Item keys, @Nullable Item before, @Nullable Item after) {
    public static final int RANGES = 4;
    /// Where the stamp stands in a key.
    public static final int STAMP_AT = 13;
    private static final int LABEL_AT = 4;
    private static final int RANGE_AT = 12;
    private static final int ORDINAL_AT = 21;
    private static final int EXPIRED = 4;
    private static final int BEFORE = 8;
    private static final int AFTER = 16;

    public enum Change {
        INSERT, MODIFY, REMOVE
    }

    /// What all rows of a stream begin with.
    public static byte[] prefix(int table, long label) {
        return new OrderedBytes(12).u32(table).u64(label).toBytes();
    }

    /// Before every row of a range from `stamp` on.
    public static byte[] from(int table, long label, int range, long stamp, int ordinal) {
        return new OrderedBytes(23).u32(table).u64(label).u8(range).u64(stamp).u8(ordinal >>> 8).u8(ordinal & 0xFF).toBytes();
    }

    /// The key of a change whose stamp is still to come.
    ///
    /// @param row key of the item's row
    public static byte[] key(byte[] row, long label, int ordinal) {
        return from(OrderedBytes.u32(row, 0), label, rangeOf(row), 0, ordinal);
    }

    /// In which range the changes of an item stand.
    ///
    /// @param row key of the item's row
    public static int rangeOf(byte[] row) {
        return (row[4] & 0xFF) >>> 6;
    }

    public static long label(byte[] key) {
        return OrderedBytes.u64(key, LABEL_AT);
    }

    public static int range(byte[] key) {
        return key[RANGE_AT];
    }

    public static long stamp(byte[] key) {
        return OrderedBytes.u64(key, STAMP_AT);
    }

    public static int ordinal(byte[] key) {
        return (key[ORDINAL_AT] & 0xFF) << 8 | key[ORDINAL_AT + 1] & 0xFF;
    }

    public byte[] encode() {
        int flags = change.ordinal() | (expired ? EXPIRED : 0) | (before == null ? 0 : BEFORE) | (after == null ? 0 : AFTER);
        var out = ByteBuffer.allocate(1 + length(keys) + length(before) + length(after)).put((byte) flags);
        put(out, keys);
        put(out, before);
        put(out, after);
        return out.array();
    }

    private static int length(@Nullable Item item) {
        return item == null ? 0 : Varint.length(item.encoded().length) + item.encoded().length;
    }

    private static void put(ByteBuffer out, @Nullable Item item) {
        if (item == null)
            return;
        Varint.put(out, item.encoded().length);
        out.put(item.encoded());
    }

    public static StreamRow decode(byte[] row) {
        int flags = row[0];
        int keysAt = Encoded.afterVarint(row, 1);
        int beforeAt = keysAt + Encoded.varint(row, 1);
        int afterAt = (flags & BEFORE) == 0 ? beforeAt : Encoded.afterVarint(row, beforeAt) + Encoded.varint(row, beforeAt);
        return new StreamRow(Change.values()[flags & 3], (flags & EXPIRED) != 0, item(row, 1),
                (flags & BEFORE) == 0 ? null : item(row, beforeAt), (flags & AFTER) == 0 ? null : item(row, afterAt));
    }

    private static Item item(byte[] row, int at) {
        int from = Encoded.afterVarint(row, at);
        return Item.ofEncoded(Arrays.copyOfRange(row, from, from + Encoded.varint(row, at)));
    }
}
