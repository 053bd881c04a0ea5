package io.cairn.kv.internal.row;

import io.cairn.replication.OrderedBytes;
import java.nio.ByteBuffer;

/// How many items a table has, written when a store is closed in order and removed when it is opened: so it is there only when it is right.
/// Key: 2, table u32. Value: items u64, bytes u64.
public record CountRow(long items, long bytes) {
    private static final int KIND = 2;

    public static byte[] key(int table) {
        return new OrderedBytes(5).u8(KIND).u32(table).toBytes();
    }

    /// Whether this is the key of such a row.
    public static boolean isCount(byte[] key) {
        return key[0] == KIND;
    }

    public static int table(byte[] key) {
        return OrderedBytes.u32(key, 1);
    }

    public byte[] encode() {
        return ByteBuffer.allocate(16).putLong(items).putLong(bytes).array();
    }

    public static CountRow decode(byte[] row) {
        var buffer = ByteBuffer.wrap(row);
        return new CountRow(buffer.getLong(), buffer.getLong());
    }
}
