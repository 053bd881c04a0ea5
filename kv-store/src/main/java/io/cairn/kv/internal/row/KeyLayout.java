package io.cairn.kv.internal.row;

import com.dynatrace.hash4j.hashing.Hashing;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.OrderedBytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the items of a table, or of an index, stand: the bytes of row keys.
///
///     table's row    table u32, hash u64, partition, sort
///     index's row    table u32, index u32, hash u64, partition..., sort..., table's partition, table's sort
///
/// The hash is XXH3 (64 bits, seed 0) of the partition as encoded. Each part ends by itself: S and B are escaped and terminated, N
/// is a [io.cairn.kv.Decimal]. So items with one partition key stand together in order of their sort keys, partitions in
/// order of their hashes, and a range of hashes is a range of rows. Immutable; any thread.
public final class KeyLayout {
    /// Bytes, as the sizes of items are counted.
    public static final int MAX_PARTITION = 2048;
    public static final int MAX_SORT = 1024;
    private final byte[] head;
    private final Part[] partition;
    private final Part[] sort;
    /// Of the table, when this is an index.
    private final @Nullable KeyLayout base;

    /// An attribute of a key.
    public record Part(String name, byte[] utf8, ValueType type) {
        /// The tag of its values.
        byte tag() {
            return switch (type) {
                case S -> Encoded.S;
                case N -> Encoded.N;
                case B -> Encoded.B;
                case BOOL, NULL, SS, NS, BS, L, M -> throw new IllegalStateException("no key is of type " + type);
            };
        }
    }

    private KeyLayout(byte[] head, Part[] partition, Part[] sort, @Nullable KeyLayout base) {
        this.head = head;
        this.partition = partition;
        this.sort = sort;
        this.base = base;
    }

    public static KeyLayout table(int id, TableDefinition definition) {
        return new KeyLayout(new OrderedBytes(4).u32(id).toBytes(), parts(definition.key().partition(), definition.attributes()),
                parts(definition.key().sort(), definition.attributes()), null);
    }

    public static KeyLayout index(int table, int index, KeySchema key, Map<String, ValueType> types, KeyLayout base) {
        return new KeyLayout(new OrderedBytes(8).u32(table).u32(index).toBytes(), parts(key.partition(), types),
                parts(key.sort(), types), base);
    }

    private static Part[] parts(List<String> names, Map<String, ValueType> types) {
        return names.stream().map(name -> {
            var type = types.get(name);
            if (type == null)
                throw new IllegalArgumentException("key attribute " + name + " has no type");
            return new Part(name, name.getBytes(StandardCharsets.UTF_8), type);
        }).toArray(Part[]::new);
    }

    public List<Part> partition() {
        return List.of(partition);
    }

    public List<Part> sort() {
        return List.of(sort);
    }

    /// Every attribute that a row's key has.
    public List<String> names() {
        var names = new LinkedHashSet<String>();
        for (var part : partition)
            names.add(part.name);
        for (var part : sort)
            names.add(part.name);
        if (base != null)
            names.addAll(base.names());
        return List.copyOf(names);
    }

    /// What all rows begin with.
    public byte[] head() {
        return head;
    }

    /// The key of the row of `item`; null when it lacks an attribute of it or has one of another type, and for an index when one is empty or they
    /// are larger than a key can be. For a table's own key that was checked before.
    public byte @Nullable [] key(Item item) {
        var key = new OrderedBytes(96).raw(head);
        var bytes = item.encoded();
        if (base != null && !(fits(partition, MAX_PARTITION, item, bytes) && fits(sort, MAX_SORT, item, bytes)))
            return null;
        if (!hashed(key, partition, item, bytes) || !parts(key, sort, item, bytes))
            return null;
        return base == null || base.appendTo(key, item, bytes) ? key.toBytes() : null;
    }

    private static boolean fits(Part[] parts, int most, Item item, byte[] bytes) {
        int size = 0;
        for (var part : parts) {
            int at = item.find(part.utf8);
            if (at < 0)
                return false;
            if (Encoded.contentFrom(bytes, at) == Encoded.end(bytes, at))
                return false;
            size += Encoded.itemSize(bytes, at);
        }
        return size <= most;
    }

    private boolean appendTo(OrderedBytes key, Item item, byte[] bytes) {
        return parts(key, partition, item, bytes) && parts(key, sort, item, bytes);
    }

    private boolean hashed(OrderedBytes key, Part[] parts, Item item, byte[] bytes) {
        var partitionKey = new OrderedBytes(40);
        if (!parts(partitionKey, parts, item, bytes))
            return false;
        var encoded = partitionKey.toBytes();
        key.u64(hash(encoded)).raw(encoded);
        return true;
    }

    static long hash(byte[] partition) {
        return Hashing.xxh3_64().hashBytesToLong(partition);
    }

    private static boolean parts(OrderedBytes key, Part[] parts, Item item, byte[] bytes) {
        for (var part : parts) {
            int at = item.find(part.utf8);
            if (at < 0 || bytes[at] != part.tag())
                return false;
            append(key, bytes, at);
        }
        return true;
    }

    /// Appends the S, N or B at `at`.
    public static void append(OrderedBytes key, byte[] bytes, int at) {
        int from = Encoded.contentFrom(bytes, at);
        int count = Encoded.end(bytes, at) - from;
        if (bytes[at] == Encoded.N)
            key.raw(bytes, from, count);
        else
            key.escaped(bytes, from, count);
    }

    /// What the rows of one partition begin with.
    ///
    /// @param values of the partition's attributes, encoded, in order
    public byte[] partitionPrefix(List<byte[]> values) {
        var partitionKey = new OrderedBytes(40);
        for (var value : values)
            append(partitionKey, value, 0);
        var encoded = partitionKey.toBytes();
        return new OrderedBytes(head.length + 8 + encoded.length).raw(head).u64(hash(encoded)).raw(encoded).toBytes();
    }

    /// The first key that any row whose hash is at least `hash` can have.
    public byte[] fromHash(long hash) {
        return new OrderedBytes(head.length + 8).raw(head).u64(hash).toBytes();
    }
}
