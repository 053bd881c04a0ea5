package io.cairn.kv.internal.item;

import io.cairn.kv.Decimal;
import io.cairn.kv.ValueSink;
import io.cairn.kv.ValueType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Items and values as bytes; what a table's rows hold.
///
///     item    01, varint size as DynamoDB counts it, varint count, entry...
///     entry   varint length, name in UTF-8, value
///     value   tag, then by tag:
///       1 S, 3 B         varint length, bytes
///       2 N              [Decimal]
///       4 TRUE, 5 FALSE, 6 NULL
///       7 SS, 8 NS, 9 BS varint length of the rest, varint count, (varint length, bytes)...
///       10 L             varint length of the rest, varint count, value...
///       11 M             varint length of the rest, varint count, entry...
///
/// Entries are sorted by their names and sets by their members, as unsigned bytes, each once: so two values are equal exactly when
/// their bytes are. Lengths let a reader step over what it does not need. Stateless; any thread.
public final class Encoded {
    public static final byte VERSION = 1;
    public static final byte S = 1;
    public static final byte N = 2;
    public static final byte B = 3;
    public static final byte TRUE = 4;
    public static final byte FALSE = 5;
    public static final byte NULL = 6;
    public static final byte SS = 7;
    public static final byte NS = 8;
    public static final byte BS = 9;
    public static final byte L = 10;
    public static final byte M = 11;

    private Encoded() {}

    /// The varint at `at`: lengths and counts below 2^31.
    public static int varint(byte[] bytes, int at) {
        byte b = bytes[at];
        if (b >= 0)
            return b;
        int value = b & 0x7F;
        int i = at;
        for (int shift = 7; b < 0; shift += 7) {
            b = bytes[++i];
            value |= (b & 0x7F) << shift;
        }
        return value;
    }

    /// Behind the varint at `at`.
    public static int afterVarint(byte[] bytes, int at) {
        int i = at;
        while (bytes[i] < 0)
            i++;
        return i + 1;
    }

    public static ValueType type(byte tag) {
        return switch (tag) {
            case S -> ValueType.S;
            case N -> ValueType.N;
            case B -> ValueType.B;
            case TRUE, FALSE -> ValueType.BOOL;
            case NULL -> ValueType.NULL;
            case SS -> ValueType.SS;
            case NS -> ValueType.NS;
            case BS -> ValueType.BS;
            case L -> ValueType.L;
            case M -> ValueType.M;
            default -> throw new IllegalArgumentException("no value has the tag " + tag);
        };
    }

    /// Where the bytes of the S, B or N at `at` begin.
    public static int contentFrom(byte[] bytes, int at) {
        return bytes[at] == N ? at + 1 : afterVarint(bytes, at + 1);
    }

    /// Where the bytes of the S, B or N at `at` end, or any other value.
    public static int end(byte[] bytes, int at) {
        return switch (bytes[at]) {
            case S, B, SS, NS, BS, L, M -> afterVarint(bytes, at + 1) + varint(bytes, at + 1);
            case N -> at + 1 + Decimal.length(bytes, at + 1);
            case TRUE, FALSE, NULL -> at + 1;
            default -> throw new IllegalArgumentException("no value has the tag " + bytes[at]);
        };
    }

    /// Behind the name of the entry at `at`: its value.
    public static int value(byte[] bytes, int at) {
        return afterVarint(bytes, at) + varint(bytes, at);
    }

    /// How many entries or members the set, list or map at `at` has.
    public static int count(byte[] bytes, int at) {
        return varint(bytes, afterVarint(bytes, at + 1));
    }

    /// The first entry, member or element of the set, list or map at `at`.
    public static int first(byte[] bytes, int at) {
        return afterVarint(bytes, afterVarint(bytes, at + 1));
    }

    /// The value under `name` in the map at `at`, or -1.
    public static int find(byte[] bytes, int at, byte[] name) {
        return findEntry(bytes, first(bytes, at), count(bytes, at), name);
    }

    /// The value under `name` among `count` entries, the first at `from`, or -1.
    public static int findEntry(byte[] bytes, int from, int count, byte[] name) {
        int entry = from;
        for (int i = 0; i < count; i++) {
            int length = varint(bytes, entry);
            int nameAt = afterVarint(bytes, entry);
            int order = Arrays.compareUnsigned(bytes, nameAt, nameAt + length, name, 0, name.length);
            if (order == 0)
                return nameAt + length;
            if (order > 0)
                return -1;
            entry = end(bytes, nameAt + length);
        }
        return -1;
    }

    /// Element `index` of the list at `at`, or -1.
    public static int element(byte[] bytes, int at, int index) {
        if (index >= count(bytes, at))
            return -1;
        int element = first(bytes, at);
        for (int i = 0; i < index; i++)
            element = end(bytes, element);
        return element;
    }

    public static boolean equal(byte[] left, int leftAt, byte[] right, int rightAt) {
        return left[leftAt] == right[rightAt]
                && Arrays.equals(left, leftAt, end(left, leftAt), right, rightAt, end(right, rightAt));
    }

    /// Order of two values of the same type among S, N and B.
    public static int compare(byte[] left, int leftAt, byte[] right, int rightAt) {
        return Arrays.compareUnsigned(left, contentFrom(left, leftAt), end(left, leftAt), right, contentFrom(right, rightAt),
                end(right, rightAt));
    }

    /// What the value at `at` counts in an item's size (developer guide, "DynamoDB item sizes and formats").
    public static int itemSize(byte[] bytes, int at) {
        return switch (bytes[at]) {
            case S, B -> varint(bytes, at + 1);
            case N -> Decimal.itemSize(bytes, at + 1);
            case TRUE, FALSE, NULL -> 1;
            case SS, NS, BS -> setSize(bytes, at);
            case L -> {
                int size = 3;
                int element = first(bytes, at);
                for (int i = count(bytes, at); i > 0; i--, element = end(bytes, element))
                    size += 1 + itemSize(bytes, element);
                yield size;
            }
            case M -> {
                int count = count(bytes, at);
                yield 3 + count + entriesSize(bytes, first(bytes, at), count);
            }
            default -> throw new IllegalArgumentException("no value has the tag " + bytes[at]);
        };
    }

    private static int setSize(byte[] bytes, int at) {
        int size = 0;
        int member = first(bytes, at);
        for (int i = count(bytes, at); i > 0; i--) {
            int from = afterVarint(bytes, member);
            int length = varint(bytes, member);
            size += bytes[at] == NS ? Decimal.itemSize(bytes, from) : length;
            member = from + length;
        }
        return size;
    }

    /// What `count` entries, the first at `from`, count: their names and values.
    public static int entriesSize(byte[] bytes, int from, int count) {
        int size = 0;
        int entry = from;
        for (int i = 0; i < count; i++) {
            int value = value(bytes, entry);
            size += varint(bytes, entry) + itemSize(bytes, value);
            entry = end(bytes, value);
        }
        return size;
    }

    /// How many lists and maps stand around the deepest value of the one at `at`.
    public static int depth(byte[] bytes, int at) {
        byte tag = bytes[at];
        if (tag != L && tag != M)
            return 0;
        int deepest = 0;
        int element = first(bytes, at);
        for (int i = count(bytes, at); i > 0; i--) {
            int value = tag == M ? value(bytes, element) : element;
            deepest = Math.max(deepest, depth(bytes, value));
            element = end(bytes, value);
        }
        return deepest + 1;
    }

    /// Tells `sink` the value at `at`.
    public static void tell(byte[] bytes, int at, ValueSink sink) {
        switch (bytes[at]) {
            case S -> sink.string(bytes, afterVarint(bytes, at + 1), varint(bytes, at + 1));
            case N -> sink.number(bytes, at + 1);
            case B -> sink.binary(bytes, afterVarint(bytes, at + 1), varint(bytes, at + 1));
            case TRUE -> sink.bool(true);
            case FALSE -> sink.bool(false);
            case NULL -> sink.nothing();
            case SS, NS, BS -> tellSet(bytes, at, sink);
            case L -> {
                sink.beginList();
                int element = first(bytes, at);
                for (int i = count(bytes, at); i > 0; i--, element = end(bytes, element))
                    tell(bytes, element, sink);
                sink.end();
            }
            case M -> {
                sink.beginMap();
                tellEntries(bytes, first(bytes, at), count(bytes, at), sink);
                sink.end();
            }
            default -> throw new IllegalArgumentException("no value has the tag " + bytes[at]);
        }
    }

    private static void tellSet(byte[] bytes, int at, ValueSink sink) {
        byte tag = bytes[at];
        sink.beginSet(type(tag));
        int member = first(bytes, at);
        for (int i = count(bytes, at); i > 0; i--) {
            int from = afterVarint(bytes, member);
            int length = varint(bytes, member);
            if (tag == SS)
                sink.string(bytes, from, length);
            else if (tag == NS)
                sink.number(bytes, from);
            else
                sink.binary(bytes, from, length);
            member = from + length;
        }
        sink.end();
    }

    /// Tells `sink` the names and values of `count` entries, the first at `from`.
    public static void tellEntries(byte[] bytes, int from, int count, ValueSink sink) {
        int entry = from;
        for (int i = 0; i < count; i++) {
            sink.name(bytes, afterVarint(bytes, entry), varint(bytes, entry));
            int value = value(bytes, entry);
            tell(bytes, value, sink);
            entry = end(bytes, value);
        }
    }

    /// The value at `at` as bytes of its own, or null for -1.
    public static byte @Nullable [] copy(byte[] bytes, int at) {
        return at < 0 ? null : Arrays.copyOfRange(bytes, at, end(bytes, at));
    }
}
