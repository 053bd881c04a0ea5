package io.cairn.server.dynamodb.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.kv.Decimal;
import io.cairn.kv.Item;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/// JSON (RFC 8259) onto a growing array of UTF-8, which is used again for the next. Puts commas by itself; whether names and values alternate is
/// the caller's to see to. Not thread-safe.
///
/// Text is escaped only where it must be: quotes, backslashes, control characters. Half a surrogate pair becomes `?`.
public final class JsonWriter {
    /// What a thread keeps between two answers.
    private static final int KEPT_BYTES = 1 << 20;
    private static final ThreadLocal<JsonWriter> WRITERS = ThreadLocal.withInitial(JsonWriter::new);
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(ISO_8859_1);
    private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
    private static final byte[] FALSE = "false".getBytes(ISO_8859_1);
    private static final byte[] NULL = "null".getBytes(ISO_8859_1);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private byte[] bytes = new byte[1024];
    private int length;
    /// Whether what comes next stands behind a value, and so needs a comma.
    private boolean behind;
    private final StringBuilder decimal = new StringBuilder();
    private final ItemJson items = new ItemJson(this);

    /// This thread's writer, empty. Until the next call of this on the same thread it is the caller's.
    public static JsonWriter start() {
        var writer = WRITERS.get();
        if (writer.bytes.length > KEPT_BYTES)
            writer.bytes = new byte[1024];
        writer.length = 0;
        writer.behind = false;
        return writer;
    }

    JsonWriter() {}

    public int length() {
        return length;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /// The array that is written to, up to [#length]; changes with the next call.
    byte[] buffer() {
        return bytes;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, UTF_8);
    }

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    private JsonWriter open(char c) {
        comma();
        put((byte) c);
        behind = false;
        return this;
    }

    private JsonWriter close(char c) {
        put((byte) c);
        behind = true;
        return this;
    }

    private void comma() {
        if (behind)
            put((byte) ',');
        behind = true;
    }

    public JsonWriter name(String name) {
        string(name);
        return colon();
    }

    public JsonWriter name(byte[] utf8, int from, int count) {
        string(utf8, from, count);
        return colon();
    }

    private JsonWriter colon() {
        put((byte) ':');
        behind = false;
        return this;
    }

    public JsonWriter string(String text) {
        comma();
        int count = text.length();
        reserve(6 * (long) count + 2);
        bytes[length++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x80)
                escaped((byte) c);
            else if (!Character.isSurrogate(c))
                encoded(c);
            else if (i + 1 < count && Character.isSurrogatePair(c, text.charAt(i + 1)))
                encoded(Character.toCodePoint(c, text.charAt(++i)));
            else
                bytes[length++] = '?';
        }
        bytes[length++] = '"';
        return this;
    }

    private void encoded(int point) {
        if (point < 0x800) {
            bytes[length++] = (byte) (0xC0 | point >> 6);
        } else if (point < 0x10000) {
            bytes[length++] = (byte) (0xE0 | point >> 12);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        } else {
            bytes[length++] = (byte) (0xF0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3F);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        }
        bytes[length++] = (byte) (0x80 | point & 0x3F);
    }

    /// Text that is UTF-8 already: copied as it stands where nothing needs escaping.
    public JsonWriter string(byte[] utf8, int from, int count) {
        comma();
        reserve((long) count + 2);
        bytes[length++] = '"';
        int end = from + count;
        int plain = from;
        for (int i = plainUntil(utf8, from, end); i < end; i = plainUntil(utf8, i + 1, end)) {
            copy(utf8, plain, i - plain);
            reserve(6);
            escaped(utf8[i]);
            plain = i + 1;
        }
        copy(utf8, plain, end - plain);
        put((byte) '"');
        return this;
    }

    /// The first byte from `from` on that must be escaped, or `end`. Eight bytes at a time: in a word, a byte below 0x20, or one that a quote or a
    /// backslash makes 0, has its top bit set after the subtraction and had not before (Hacker's Delight, section 6-1). A bit behind a found one can be
    /// set wrongly, so the word is then looked at byte by byte.
    private static int plainUntil(byte[] utf8, int from, int end) {
        int i = from;
        for (; i + 8 <= end; i += 8) {
            long word = (long) LONGS.get(utf8, i);
            long quote = word ^ EACH * '"';
            long backslash = word ^ EACH * '\\';
            long found = (word - EACH * 0x20 | quote - EACH | backslash - EACH) & ~word & TOPS;
            if (found != 0)
                break;
        }
        while (i < end && !isEscaped(utf8[i]))
            i++;
        return i;
    }

    private static boolean isEscaped(byte b) {
        return b >= 0 && b < 0x20 || b == '"' || b == '\\';
    }

    /// Writes an ASCII character, for which there is room.
    private void escaped(byte b) {
        if (!isEscaped(b)) {
            bytes[length++] = b;
            return;
        }
        bytes[length++] = '\\';
        switch (b) {
            case '"', '\\' -> bytes[length++] = b;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 15];
            }
        }
    }

    public JsonWriter number(long value) {
        return raw(Long.toString(value));
    }

    public JsonWriter number(double value) {
        return raw(Double.toString(value));
    }

    /// Seconds since 1970, with milliseconds where there are some.
    public JsonWriter time(Instant instant) {
        long millis = instant.toEpochMilli();
        if (millis % 1000 == 0)
            return number(millis / 1000);
        return raw(BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString());
    }

    public JsonWriter bool(boolean value) {
        return literal(value ? TRUE : FALSE);
    }

    public JsonWriter nothing() {
        return literal(NULL);
    }

    private JsonWriter literal(byte[] ascii) {
        comma();
        copy(ascii, 0, ascii.length);
        return this;
    }

    /// A value that is JSON already, in ASCII.
    JsonWriter raw(String ascii) {
        comma();
        int count = ascii.length();
        reserve(count);
        for (int i = 0; i < count; i++)
            bytes[length++] = (byte) ascii.charAt(i);
        return this;
    }

    /// The [Decimal] at `from` as a string.
    public JsonWriter decimal(byte[] encoded, int from) {
        comma();
        decimal.setLength(0);
        Decimal.append(encoded, from, decimal);
        int count = decimal.length();
        reserve(count + 2L);
        bytes[length++] = '"';
        for (int i = 0; i < count; i++)
            bytes[length++] = (byte) decimal.charAt(i);
        bytes[length++] = '"';
        return this;
    }

    /// Bytes in base64 (RFC 4648 section 4).
    public JsonWriter base64(byte[] source, int from, int count) {
        comma();
        reserve((count + 2L) / 3 * 4 + 2);
        bytes[length++] = '"';
        int end = from + count;
        int i = from;
        for (; i + 2 < end; i += 3)
            quad((source[i] & 0xFF) << 16 | (source[i + 1] & 0xFF) << 8 | source[i + 2] & 0xFF, 4);
        if (i + 1 == end)
            quad((source[i] & 0xFF) << 16, 2);
        else if (i + 2 == end)
            quad((source[i] & 0xFF) << 16 | (source[i + 1] & 0xFF) << 8, 3);
        bytes[length++] = '"';
        return this;
    }

    private void quad(int bits, int digits) {
        for (int i = 0; i < 4; i++)
            bytes[length++] = i < digits ? BASE64[bits >> 18 - 6 * i & 63] : (byte) '=';
    }

    /// Names with attribute values: `{"pk":{"S":"a"}}`.
    public JsonWriter item(Item item) {
        beginObject();
        item.writeTo(items);
        return endObject();
    }

    /// A sink that writes attribute values here: for parts of an item.
    public ItemJson items() {
        return items;
    }

    private void copy(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    private void put(byte b) {
        reserve(1);
        bytes[length++] = b;
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8))));
    }
}
