package io.cairn.kv.internal.row;

import io.cairn.kv.Decimal;
import io.cairn.kv.Item;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.OrderedBytes;
import java.time.Duration;
import java.util.Arrays;

/// When items expire. Key: table u32, second u64, then the rest of the item's row key. No value.
public final class ExpiryRow {
    /// What expired longer ago was hardly meant to be a time (developer guide, "How it works: DynamoDB Time to Live").
    public static final long MAX_AGE_SECONDS = Duration.ofDays(5 * 365).toSeconds();
    private static final int SECOND_AT = 4;
    private static final int REST_AT = 12;

    private ExpiryRow() {}

    /// The second at which an item expires, or -1 for never.
    ///
    /// @param attribute name in UTF-8
    public static long second(Item item, byte[] attribute) {
        int at = item.find(attribute);
        if (at < 0 || item.encoded()[at] != Encoded.N)
            return -1;
        var number = Decimal.number(item.encoded(), at + 1);
        return number.signum() <= 0 || number.precision() - number.scale() > 15 ? -1 : number.longValue();
    }

    public static byte[] key(byte[] row, long second) {
        return new OrderedBytes(row.length + 8).raw(row, 0, SECOND_AT).u64(second).raw(row, SECOND_AT, row.length - SECOND_AT)
                .toBytes();
    }

    /// Before everything of a table that expires at `second` or later.
    public static byte[] from(int table, long second) {
        return new OrderedBytes(REST_AT).u32(table).u64(second).toBytes();
    }

    /// Key of the row of the item that expires.
    public static byte[] itemRow(byte[] key) {
        var row = Arrays.copyOf(key, key.length - 8);
        System.arraycopy(key, REST_AT, row, SECOND_AT, key.length - REST_AT);
        return row;
    }
}
