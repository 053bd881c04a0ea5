package io.cairn.kv.internal.row;

import io.cairn.replication.OrderedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// A stream that was switched off, or whose table was deleted, while its records are kept. Key: 3, table u32, label u64, table's name.
/// Value: u64 stamp of the batch that ended it, behind all of its records; then what is left of the [TableRow].
///
/// @param table without indexes and expiry
public record DisabledStreamRow(TableRow table, long stamp) {
    /// Where the stamp stands in the value.
    public static final int STAMP_AT = 0;
    private static final int KIND = 3;
    private static final int NAME_AT = 13;

    /// Of the stream that `table` has, whose end has no stamp yet.
    public static DisabledStreamRow of(TableRow table) {
        var definition = table.definition();
        var types = new TreeMap<>(definition.attributes());
        types.keySet().retainAll(definition.key().names());
        var left = definition.withIndexes(List.of(), types).withTtlAttribute(null).withDeletionProtection(false);
        return new DisabledStreamRow(
                new TableRow(table.id(), left, table.createdMicros(), List.of(), table.nextIndex(), table.streamMicros(), true),
                0);
    }

    public DisabledStreamRow withStamp(long other) {
        return new DisabledStreamRow(table, other);
    }

    public byte[] key() {
        var name = table.definition().name().getBytes(StandardCharsets.UTF_8);
        return new OrderedBytes(NAME_AT + name.length).u8(KIND).u32(table.id()).u64(table.streamMicros()).raw(name).toBytes();
    }

    /// Whether this is the key of such a row.
    public static boolean isDisabledStream(byte[] key) {
        return key[0] == KIND;
    }

    public byte[] encode() {
        var row = table.encode();
        return ByteBuffer.allocate(8 + row.length).putLong(stamp).put(row).array();
    }

    /// `IllegalArgumentException` when it is no such row.
    public static DisabledStreamRow decode(byte[] key, byte[] value) {
        var name = new String(key, NAME_AT, key.length - NAME_AT, StandardCharsets.UTF_8);
        return new DisabledStreamRow(TableRow.decode(name, Arrays.copyOfRange(value, 8, value.length)),
                OrderedBytes.u64(value, 0));
    }
}
