package io.cairn.server.dynamodb.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cairn.kv.Decimal;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.ValueType;
import io.cairn.server.dynamodb.wire.Mismatch.Place;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attribute values from JSON straight into an [io.cairn.kv.Item], with no object per value. Used again and again, by one thread.
///
/// Two kinds of faults: JSON of a wrong type stops the reading at once ([RequestRefusedException]). A value that is none that can be (empty, of two
/// types, a number too large) is noted, and the rest is only looked at for faults of the first kind, because the service finds those
/// first wherever they stand; then the result is an [Unusable].
final class AttributeReader {
    static final String EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    static final String SEVERAL = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    static final String NULL_FALSE = "One or more parameter values were invalid: Null attribute value types must have the value of true";
    static final String NO_NAME = "Empty attribute name";
    static final String LONG_NAME = "Attribute name is too large, must be less than 65536 bytes";
    private static final int MAX_NAME_BYTES = 65535;
    private static final Shape VALUE = new Shape.AttributeValue("AttributeValue");
    private static final Shape VALUES = new Shape.Attributes("MapAttributeValue");
    private static final Shape TEXT = new Shape.Text("StringAttributeValue", Range.ANY, null, List.of());
    private static final Shape BYTES = new Shape.Bytes("BinaryAttributeValue");
    private static final Shape BOOL = new Shape.Bool("BooleanAttributeValue");
    private static final Shape LIST = new Shape.ListOf("ListAttributeValue", VALUE, Range.ANY);

    private ItemWriter writer = new ItemWriter();
    private final CharSlice text = new CharSlice();
    private final byte[] decimal = new byte[Decimal.MAX_BYTES];
    private byte[] scratch = new byte[256];
    private @Nullable String problem;
    /// The name at the top under which the problem is.
    private String problemAt = "";
    private String topName = "";
    private int depth;
    /// Above 0 within a second type of the same value, which is looked at but not written.
    private int muted;

    /// Reads what the object at which `parser` stands has: an [io.cairn.kv.Item] or an [Unusable].
    Object item(JsonParser parser, Owner owner) throws IOException {
        topName = "";
        entries(parser);
        return end(owner);
    }

    /// Reads the one attribute value at which `parser` stands: as [#item], under the empty name.
    Object value(JsonParser parser, JsonToken token, Place place) throws IOException {
        topName = "";
        writer.name(scratch, 0, 0);
        value(token, parser, place);
        return end(Owner.OTHER);
    }

    private Object end(Owner owner) {
        if (problem == null)
            return writer.item();
        var unusable = new Unusable(owner.worded(problem, problemAt));
        problem = null;
        writer = new ItemWriter();
        return unusable;
    }

    /// After a [RequestRefusedException]: what was written is of no use.
    void reset() {
        writer = new ItemWriter();
        problem = null;
        depth = 0;
        muted = 0;
    }

    private boolean writing() {
        return problem == null && muted == 0;
    }

    private void problem(@Nullable String message) {
        if (problem == null) {
            problem = message == null ? "" : message;
            problemAt = topName;
        }
    }

    private void entries(JsonParser parser) throws IOException {
        for (String name; (name = parser.nextFieldName()) != null;) {
            if (depth == 0)
                topName = name;
            if (writing())
                name(name);
            value(parser.nextToken(), parser, Place.ELEMENT);
        }
    }

    private void name(String name) {
        int count = utf8(name);
        if (count == 0)
            problem(NO_NAME);
        else if (count > MAX_NAME_BYTES)
            problem(LONG_NAME);
        else
            writer.name(scratch, 0, count);
    }

    private void value(JsonToken token, JsonParser parser, Place place) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            problem(EMPTY);
            return;
        }
        if (token != JsonToken.START_OBJECT)
            throw Mismatch.of(VALUE, token, place);
        int types = 0;
        for (String name; (name = parser.nextFieldName()) != null;) {
            var inner = parser.nextToken();
            if (inner == JsonToken.VALUE_NULL || !isType(name)) {
                parser.skipChildren();
                continue;
            }
            types++;
            if (types == 2)
                muted++;
            content(name, parser, inner);
        }
        if (types > 1)
            muted--;
        if (types == 0)
            problem(EMPTY);
        else if (types > 1)
            problem(SEVERAL);
    }

    private static boolean isType(String name) {
        return switch (name) {
            case "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL" -> true;
            default -> false;
        };
    }

    private void content(String type, JsonParser parser, JsonToken token) throws IOException {
        switch (type) {
            case "S" -> string(parser, token);
            case "N" -> number(parser, token);
            case "B" -> binary(parser, token);
            case "SS" -> set(ValueType.SS, parser, token);
            case "NS" -> set(ValueType.NS, parser, token);
            case "BS" -> set(ValueType.BS, parser, token);
            case "M" -> map(parser, token);
            case "L" -> list(parser, token);
            case "BOOL" -> {
                boolean value = bool(parser, token);
                if (writing())
                    writer.bool(value);
            }
            case "NULL" -> {
                if (!bool(parser, token))
                    problem(NULL_FALSE);
                else if (writing())
                    writer.nothing();
            }
            default -> throw new IllegalStateException("no type of a value: " + type);
        }
    }

    private void string(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING)
            throw Mismatch.of(TEXT, token, Place.MEMBER);
        if (!writing())
            return;
        int count = utf8(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        writer.string(scratch, 0, count);
    }

    private void number(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING)
            throw Mismatch.of(TEXT, token, Place.MEMBER);
        if (problem != null)
            return;
        var number = text.of(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        try {
            if (muted == 0)
                writer.number(number);
            else {
                int _ = Decimal.encode(number, decimal, 0);
            }
        } catch (KvRefusedException e) {
            problem(e.getMessage());
        }
    }

    private void binary(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING)
            throw Mismatch.of(BYTES, token, Place.MEMBER);
        int length = parser.getTextLength();
        reserve(Base64Text.room(length));
        int count = Base64Text.decode(parser.getTextCharacters(), parser.getTextOffset(), length, scratch);
        if (writing())
            writer.binary(scratch, 0, count);
    }

    static boolean bool(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> {
                var said = parser.getText();
                if (said.equalsIgnoreCase("true") || said.equalsIgnoreCase("yes") || said.equals("1"))
                    yield true;
                if (said.equalsIgnoreCase("false") || said.equalsIgnoreCase("no") || said.equals("0"))
                    yield false;
                throw Mismatch.of(BOOL, token, Place.MEMBER);
            }
            default -> throw Mismatch.of(BOOL, token, Place.MEMBER);
        };
    }

    private void set(ValueType type, JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY)
            throw Mismatch.of(LIST, token, Place.MEMBER);
        boolean written = writing();
        if (written)
            writer.beginSet(type);
        boolean any = false;
        for (JsonToken member; (member = parser.nextToken()) != JsonToken.END_ARRAY; any = true) {
            if (member == JsonToken.VALUE_NULL)
                problem(nullMember(type));
            else if (type == ValueType.SS)
                string(parser, member);
            else if (type == ValueType.NS)
                number(parser, member);
            else
                binary(parser, member);
        }
        if (written)
            end();
        else if (!any)
            problem(emptySet(type));
    }

    private static String nullMember(ValueType type) {
        return switch (type) {
            case SS -> "One or more parameter values were invalid: An string set may not have a null string as a member";
            case NS -> "The parameter cannot be converted to a numeric value";
            case BS -> "One or more parameter values were invalid: Binary sets may not contain null or empty values";
            case S, N, B, BOOL, NULL, L, M -> throw new IllegalArgumentException("no set: " + type);
        };
    }

    private static String emptySet(ValueType type) {
        return switch (type) {
            case SS -> "One or more parameter values were invalid: An string set  may not be empty";
            case NS -> "One or more parameter values were invalid: An number set  may not be empty";
            case BS -> "One or more parameter values were invalid: Binary sets should not be empty";
            case S, N, B, BOOL, NULL, L, M -> throw new IllegalArgumentException("no set: " + type);
        };
    }

    private void map(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT)
            throw Mismatch.of(VALUES, token, Place.MEMBER);
        beginNested(true);
        depth++;
        entries(parser);
        depth--;
        end();
    }

    private void list(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY)
            throw Mismatch.of(LIST, token, Place.MEMBER);
        beginNested(false);
        depth++;
        for (JsonToken element; (element = parser.nextToken()) != JsonToken.END_ARRAY;)
            value(element, parser, Place.ELEMENT);
        depth--;
        end();
    }

    private void beginNested(boolean map) {
        if (!writing())
            return;
        try {
            if (map)
                writer.beginMap();
            else
                writer.beginList();
        } catch (KvRefusedException e) {
            problem(e.getMessage());
        }
    }

    private void end() {
        if (!writing())
            return;
        try {
            writer.end();
        } catch (KvRefusedException e) {
            problem(e.getMessage());
        }
    }

    private int utf8(String name) {
        int count = name.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char c = name.charAt(i);
            if (c >= 128) {
                var chars = name.toCharArray();
                return utf8(chars, 0, count);
            }
            scratch[i] = (byte) c;
        }
        return count;
    }

    /// Writes the characters into `scratch` as UTF-8 and returns how many bytes they are. Half a surrogate pair becomes `?`, as Java has it.
    private int utf8(char[] chars, int from, int count) {
        reserve(3 * count);
        var out = scratch; // a local: the loop would read the field again for each character
        int at = 0;
        int end = from + count;
        int i = from;
        for (; i < end && chars[i] < 0x80; i++)
            out[at++] = (byte) chars[i];
        for (; i < end; i++) {
            char c = chars[i];
            if (c < 0x80) {
                out[at++] = (byte) c;
            } else if (c < 0x800) {
                out[at++] = (byte) (0xC0 | c >> 6);
                out[at++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                out[at++] = (byte) (0xE0 | c >> 12);
                out[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                out[at++] = (byte) (0x80 | c & 0x3F);
            } else if (i + 1 < end && Character.isSurrogatePair(c, chars[i + 1])) {
                int point = Character.toCodePoint(c, chars[++i]);
                out[at++] = (byte) (0xF0 | point >> 18);
                out[at++] = (byte) (0x80 | point >> 12 & 0x3F);
                out[at++] = (byte) (0x80 | point >> 6 & 0x3F);
                out[at++] = (byte) (0x80 | point & 0x3F);
            } else
                out[at++] = '?';
        }
        return at;
    }

    private void reserve(int bytes) {
        if (scratch.length < bytes)
            scratch = new byte[Math.max(bytes, 2 * scratch.length)];
    }
}
