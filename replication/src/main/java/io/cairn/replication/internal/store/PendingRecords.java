package io.cairn.replication.internal.store;

import java.util.Arrays;

/// Records in RocksDB's own layout of a write batch (`write_batch.cc`: 8 bytes sequence, 4 bytes count little-endian, records), added
/// one behind the other and then taken as one array for one native call. Not thread-safe.
final class PendingRecords {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;
    private static final int FIRST_BYTES = 64 << 10;
    /// An array larger than this is not kept.
    private static final int KEPT_BYTES = 4 << 20;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length = HEADER_BYTES;
    private int count;

    /// Adds records as they are, `count` of them.
    void add(byte[] records, int offset, int bytesOfRecords, int countOfRecords) {
        append(records, offset, bytesOfRecords);
        count += countOfRecords;
    }

    /// A row of column family 0, whose keys and values are short.
    void put(byte[] key, byte[] value) {
        append(new byte[]{1, (byte) key.length}, 0, 2); // tag 1: put into column family 0
        append(key, 0, key.length);
        append(new byte[]{(byte) value.length}, 0, 1);
        append(value, 0, value.length);
        count++;
    }

    void delete(byte[] key) {
        append(new byte[]{0, (byte) key.length}, 0, 2); // tag 0: delete from column family 0
        append(key, 0, key.length);
        count++;
    }

    /// All that was added, as one batch; nothing is left.
    byte[] take() {
        for (int i = 0; i < 4; i++)
            bytes[COUNT_AT + i] = (byte) (count >>> 8 * i);
        var taken = Arrays.copyOf(bytes, length);
        length = HEADER_BYTES;
        count = 0;
        if (bytes.length > KEPT_BYTES)
            bytes = new byte[FIRST_BYTES];
        return taken;
    }

    private void append(byte[] more, int offset, int count) {
        if (bytes.length - length < count)
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        System.arraycopy(more, offset, bytes, length, count);
        length += count;
    }
}
