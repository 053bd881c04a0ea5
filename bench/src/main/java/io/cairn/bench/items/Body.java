package io.cairn.bench.items;

import java.nio.ByteBuffer;

/// The JSON of a request, written over and over into the same bytes. One thread.
final class Body {
    private final Records records;
    private byte[] bytes = new byte[4096];
    private int length;

    Body(Records records) {
        this.records = records;
    }

    Body clear() {
        length = 0;
        return this;
    }

    /// @param ascii as it stands
    Body add(String ascii) {
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++)
            bytes[length++] = (byte) ascii.charAt(i);
        return this;
    }

    Body field(long record, int field, long version) {
        reserve(Records.FIELD_BYTES);
        length = records.write(bytes, length, record, field, version);
        return this;
    }

    /// A whole item.
    ///
    /// @param key its key attributes: `"k":{"S":"user1"}`
    Body item(String key, long record, long version) {
        add("{").add(key);
        for (int field = 0; field < Records.FIELDS; field++)
            add(",\"field").add(Integer.toString(field)).add("\":{\"S\":\"").field(record, field, version).add("\"}");
        return add("}");
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    private void reserve(int more) {
        if (length + more > bytes.length)
            bytes = java.util.Arrays.copyOf(bytes, 2 * (length + more));
    }
}
