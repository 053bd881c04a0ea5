package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as plain values: maps, lists, texts, truths, [Numeral]s and null, each in the order in which it was read.
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /// A number with the digits that it was written with.
    record Numeral(String text) {}

    private Json() {}

    /// `IOException` says where it is not JSON.
    static @Nullable Object read(byte[] text) throws IOException {
        try (var in = FACTORY.createParser(text)) {
            return whole(in);
        }
    }

    static @Nullable Object read(String text) throws IOException {
        try (var in = FACTORY.createParser(text)) {
            return whole(in);
        }
    }

    private static @Nullable Object whole(JsonParser in) throws IOException {
        if (in.nextToken() == null)
            throw new IOException("it is empty");
        var value = value(in);
        if (in.nextToken() != null)
            throw new IOException("something stands behind its end");
        return value;
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    var name = in.currentName();
                    in.nextToken();
                    map.put(name, value(in));
                }
                yield map;
            }
            case START_ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                while (in.nextToken() != JsonToken.END_ARRAY)
                    list.add(value(in));
                yield list;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(in.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> throw new IOException(
                    "no value can be " + in.currentToken());
        };
    }

    /// Writes one value in lines, for people, and ends the last.
    static void print(PrintStream out, @Nullable Object value) throws IOException {
        try (var json = generator(out)) {
            write(json, value);
        }
        out.println();
    }

    /// In one line.
    static String text(@Nullable Object value) {
        var text = new StringWriter();
        try (var out = FACTORY.createGenerator(text)) {
            write(out, value);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return text.toString();
    }

    /// For people, in lines.
    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out).useDefaultPrettyPrinter();
    }

    static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case String text -> out.writeString(text);
            case Boolean truth -> out.writeBoolean(truth);
            case Numeral(var text) -> out.writeNumber(text);
            case Integer number -> out.writeNumber(number);
            case List<?> list -> {
                out.writeStartArray();
                for (var element : list)
                    write(out, element);
                out.writeEndArray();
            }
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (var entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    /// The map under `name`; empty when there is none.
    static Map<String, @Nullable Object> map(Map<String, @Nullable Object> of, String name) {
        return map(of.get(name));
    }

    @SuppressWarnings("unchecked") // read makes maps of texts alone
    static Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    /// The list under `name`; empty when there is none.
    static List<?> list(Map<String, @Nullable Object> of, String name) {
        return of.get(name) instanceof List<?> list ? list : List.of();
    }

    /// The text or number under `name`; empty when there is none.
    static String text(Map<String, @Nullable Object> of, String name) {
        return switch (of.get(name)) {
            case String text -> text;
            case Numeral(var text) -> text;
            case null, default -> "";
        };
    }
}
