package io.cairn.kv;

import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.Varint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names with values: what a table holds under a key, and also a key, or the values of an expression. Immutable; equal when names and
/// values are. Made by [#of] or an [ItemWriter].
public final class Item {
    /// No item that is stored is larger, as [#size] counts.
    public static final int MAX_SIZE = 400 << 10;
    public static final Item EMPTY = new Item(new byte[]{Encoded.VERSION, 0, 0});
    private final byte[] encoded;
    private final int countAt;

    private Item(byte[] encoded) {
        if (encoded[0] != Encoded.VERSION)
            throw new IllegalArgumentException("item of version " + encoded[0] + "; this program reads " + Encoded.VERSION);
        this.encoded = encoded;
        this.countAt = Encoded.afterVarint(encoded, 1);
    }

    /// The item that [#encoded] gave.
    public static Item ofEncoded(byte[] encoded) {
        return new Item(encoded);
    }

    public static Item of(Map<String, ? extends Value> values) {
        var writer = new ItemWriter();
        values.forEach((name, value) -> writer.name(name).value(value));
        return writer.item();
    }

    public static Item of(String name, Value value) {
        return new ItemWriter().name(name).value(value).item();
    }

    public static Item of(String name, Value value, String name2, Value value2) {
        return new ItemWriter().name(name).value(value).name(name2).value(value2).item();
    }

    /// For the engine: `count` entries in order, the first at `from`, up to `end`.
    public static Item ofEntries(byte[] bytes, int from, int end, int count) {
        int size = Encoded.entriesSize(bytes, from, count);
        var encoded = new byte[1 + Varint.length(size) + Varint.length(count) + end - from];
        encoded[0] = Encoded.VERSION;
        int at = Varint.put(encoded, Varint.put(encoded, 1, size), count);
        System.arraycopy(bytes, from, encoded, at, end - from);
        return new Item(encoded);
    }

    /// Bytes of names and values as DynamoDB counts them (developer guide, "DynamoDB item sizes and formats").
    public int size() {
        return Encoded.varint(encoded, 1);
    }

    /// How many names there are at the top.
    public int count() {
        return Encoded.varint(encoded, countAt);
    }

    public boolean isEmpty() { return count() == 0; }

    /// The bytes it is stored as, not a copy: never change them.
    public byte[] encoded() {
        return encoded;
    }

    /// Where the first entry begins within [#encoded].
    public int entriesAt() {
        return Encoded.afterVarint(encoded, countAt);
    }

    /// Where the value under `name` begins within [#encoded], or -1.
    public int find(byte[] name) {
        return Encoded.findEntry(encoded, entriesAt(), count(), name);
    }

    /// The value under `name`, or null.
    public @Nullable Value get(String name) {
        int at = find(name.getBytes(StandardCharsets.UTF_8));
        if (at < 0)
            return null;
        var values = new ValueReader();
        Encoded.tell(encoded, at, values);
        return values.value();
    }

    /// Tells `sink` each name and its value, in order of names.
    public void writeTo(ValueSink sink) {
        Encoded.tellEntries(encoded, entriesAt(), count(), sink);
    }

    /// Names and values, in byte order of names.
    public Map<String, Value> toMap() {
        var values = new ValueReader();
        values.beginMap();
        writeTo(values);
        values.end();
        return values.value() instanceof Value.M map ? map.values() : new LinkedHashMap<>();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Item item && Arrays.equals(encoded, item.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
