package io.cairn.bench.items;

import io.cairn.bench.match.WrongAnswerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Records as YCSB has them: a key and ten fields of 100 bytes. A field names its version, and all its bytes follow from record, field and
/// version: what comes back was written to just that place. Immutable; any thread.
final class Records {
    static final int FIELDS = 10;
    static final int FIELD_BYTES = 100;
    private static final long SEED = 20_260_101;
    private static final int VERSION_DIGITS = 12;
    private static final int TEXT_BYTES = FIELD_BYTES - VERSION_DIGITS;
    private static final int ALL = (1 << FIELDS) - 1;
    private static final byte[] TYPE = ":{\"S\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"
            .getBytes(StandardCharsets.US_ASCII);
    private final byte[] text = new byte[1 << 16];

    Records() {
        var random = new Random(SEED);
        for (int i = 0; i < text.length; i++)
            text[i] = LETTERS[random.nextInt(LETTERS.length)];
    }

    static String key(long record) {
        return "user%012d".formatted(record);
    }

    /// The value of a field.
    String field(long record, int field, long version) {
        var bytes = new byte[FIELD_BYTES];
        write(bytes, 0, record, field, version);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// Writes the value of a field, [#FIELD_BYTES] long, and returns where it ends.
    int write(byte[] out, int at, long record, int field, long version) {
        long left = version;
        for (int i = VERSION_DIGITS - 1; i >= 0; i--, left /= 10)
            out[at + i] = (byte) ('0' + left % 10);
        System.arraycopy(text, offset(record, field, version), out, at + VERSION_DIGITS, TEXT_BYTES);
        return at + FIELD_BYTES;
    }

    private int offset(long record, int field, long version) {
        long mixed = (record * FIELDS + field) * 0x9E3779B97F4A7C15L + version * 0xD1B54A32D192ED03L;
        return (int) Long.remainderUnsigned(mixed ^ mixed >>> 29, text.length - TEXT_BYTES);
    }

    /// Looks at an item in JSON, which begins at `at`: its ten fields must be those of `record`, besides them `keys` attributes more.
    ///
    /// @param most the highest version there can be
    /// @return where it ends
    int check(byte[] json, int at, int end, long record, int keys, long most) {
        int seen = 0;
        int others = 0;
        int i = expect(json, at, end, (byte) '{');
        while (true) {
            i = expect(json, i, end, (byte) '"');
            int name = i;
            i = after(json, i, end);
            int nameEnd = i - 1;
            if (i + TYPE.length > end || Arrays.mismatch(TYPE, 0, TYPE.length, json, i, i + TYPE.length) >= 0)
                throw wrong(json, at, end, record);
            i += TYPE.length;
            int value = i;
            i = after(json, i, end);
            if (nameEnd - name == 6 && json[name] == 'f') {
                int field = json[name + 5] - '0';
                if (field < 0 || field >= FIELDS || (seen & 1 << field) != 0 || !same(json, value, i - 1, record, field, most))
                    throw wrong(json, at, end, record);
                seen |= 1 << field;
            } else
                others++;
            i = expect(json, i, end, (byte) '}');
            if (i < end && json[i] == ',')
                i++;
            else
                break;
        }
        if (seen != ALL || others != keys)
            throw wrong(json, at, end, record);
        return expect(json, i, end, (byte) '}');
    }

    /// The version of a field that [#check] has seen, in the JSON of an item.
    static long version(byte[] json, int end, int field) {
        var text = new String(json, 0, end, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"field" + field + "\":{\"S\":\"") + "\"field0\":{\"S\":\"".length();
        return Long.parseLong(text, at, at + VERSION_DIGITS, 10);
    }

    private boolean same(byte[] json, int from, int end, long record, int field, long most) {
        if (end - from != FIELD_BYTES)
            return false;
        long version = 0;
        for (int i = from; i < from + VERSION_DIGITS; i++)
            version = version * 10 + json[i] - '0';
        if (version < 0 || version > most)
            return false;
        int offset = offset(record, field, version);
        return Arrays.mismatch(text, offset, offset + TEXT_BYTES, json, from + VERSION_DIGITS, end) < 0;
    }

    private static int after(byte[] json, int from, int end) {
        for (int i = from; i < end; i++)
            if (json[i] == '"')
                return i + 1;
        throw new WrongAnswerException("an answer ends within a string");
    }

    static int expect(byte[] json, int at, int end, byte wanted) {
        if (at >= end || json[at] != wanted)
            throw new WrongAnswerException("not '%c' at byte %d of: %s".formatted(wanted, at, shortened(json, end)));
        return at + 1;
    }

    static String shortened(byte[] json, int end) {
        return new String(json, 0, Math.min(end, 300), StandardCharsets.UTF_8);
    }

    private static WrongAnswerException wrong(byte[] json, int at, int end, long record) {
        return new WrongAnswerException("not record " + record + " at byte " + at + " of: " + shortened(json, end));
    }
}
