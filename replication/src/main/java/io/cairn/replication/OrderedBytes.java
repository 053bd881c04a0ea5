package io.cairn.replication;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys whose order as unsigned bytes is the order of what they encode. Append parts, then [#toBytes]. Not thread-safe.
///
/// Strings of bytes that other parts follow are escaped: `00` becomes `00 FF`, and `00 01` ends the string, so that no string's
/// encoding is a prefix of another's and shorter strings come first.
public final class OrderedBytes {
    private byte[] bytes;
    private int length;

    public OrderedBytes(int expectedBytes) {
        this.bytes = new byte[Math.max(16, expectedBytes)];
    }

    /// An unsigned 32-bit number, big-endian.
    public OrderedBytes u32(int value) {
        reserve(4);
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes[length++] = (byte) (value >>> shift);
        return this;
    }

    /// An unsigned 64-bit number, big-endian.
    public OrderedBytes u64(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes[length++] = (byte) (value >>> shift);
        return this;
    }

    /// A signed 64-bit number.
    public OrderedBytes i64(long value) {
        return u64(value ^ Long.MIN_VALUE);
    }

    /// A double: negatives by all bits flipped, others by the sign alone; -0.0 sorts before 0.0, NaN last.
    public OrderedBytes f64(double value) {
        long bits = Double.doubleToLongBits(value);
        return u64(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    }

    public OrderedBytes u8(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /// Bytes as they are: only as the last part, or when their length is fixed.
    public OrderedBytes raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    /// `count` bytes of `source`, as they are.
    public OrderedBytes raw(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /// Bytes of any length, escaped and terminated.
    public OrderedBytes escaped(byte[] value) {
        return escaped(value, 0, value.length);
    }

    /// `count` bytes of `source`, escaped and terminated.
    public OrderedBytes escaped(byte[] source, int from, int count) {
        escapedPrefix(source, from, count);
        reserve(2);
        bytes[length++] = 0;
        bytes[length++] = 1;
        return this;
    }

    /// The beginning of an escaped string without its end: what all strings that begin so share.
    public OrderedBytes escapedPrefix(byte[] value) {
        return escapedPrefix(value, 0, value.length);
    }

    /// The beginning of `count` bytes of `source`, escaped.
    public OrderedBytes escapedPrefix(byte[] source, int from, int count) {
        reserve(2 * count);
        for (int i = from; i < from + count; i++) {
            bytes[length++] = source[i];
            if (source[i] == 0)
                bytes[length++] = (byte) 0xFF;
        }
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    public int length() {
        return length;
    }

    /// The escaped string that begins at `from`; its end is at `from +` [#escapedLength]. Throws `IllegalArgumentException`
    /// when it does not end.
    public static byte[] unescape(byte[] key, int from) {
        int end = from + escapedLength(key, from) - 2;
        var value = new byte[end - from];
        int count = 0;
        for (int i = from; i < end; i++) {
            value[count++] = key[i];
            if (key[i] == 0)
                i++;
        }
        return count == value.length ? value : Arrays.copyOf(value, count);
    }

    /// How many bytes the escaped string at `from` takes, its end included.
    public static int escapedLength(byte[] key, int from) {
        for (int i = from; i + 1 < key.length; i++) {
            if (key[i] != 0)
                continue;
            if (key[i + 1] == 1)
                return i + 2 - from;
            if (key[i + 1] != (byte) 0xFF)
                break;
            i++;
        }
        throw new IllegalArgumentException("escaped string at byte " + from + " does not end");
    }

    public static int u32(byte[] key, int at) {
        return (key[at] & 0xFF) << 24 | (key[at + 1] & 0xFF) << 16 | (key[at + 2] & 0xFF) << 8 | key[at + 3] & 0xFF;
    }

    public static long u64(byte[] key, int at) {
        return (long) u32(key, at) << 32 | u32(key, at + 4) & 0xFFFF_FFFFL;
    }

    /// The least key above all keys that begin with `prefix`, or null when there is none (no byte of it is below FF).
    public static byte @Nullable [] afterPrefix(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--)
            if (prefix[i] != (byte) 0xFF) {
                var after = Arrays.copyOf(prefix, i + 1);
                after[i]++;
                return after;
            }
        return null;
    }

    private void reserve(int count) {
        if (bytes.length - length < count)
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
}
