package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.wire.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trees of maps, lists, texts, numbers and truths, to and from text.
final class Json {
    private Json() {}

    static Map<String, Object> object(Object... namesAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return object;
    }

    /// What a tree is made of, where it has to be something.
    static final class Tree {
        private Tree() {}

        /// A copy; empty for anything but a map.
        static Map<String, @Nullable Object> map(@Nullable Object tree) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            if (tree instanceof Map<?, ?> map)
                map.forEach((name, value) -> copy.put(String.valueOf(name), value));
            return copy;
        }

        /// A copy; empty for anything but a list.
        static List<@Nullable Object> list(@Nullable Object tree) {
            return tree instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>();
        }

        /// Those elements of a list that are maps.
        static List<Map<String, @Nullable Object>> maps(@Nullable Object tree) {
            var maps = new ArrayList<Map<String, @Nullable Object>>();
            for (var element : list(tree))
                if (element instanceof Map)
                    maps.add(map(element));
            return maps;
        }

        /// A copy without nothing; empty for anything but a map.
        static Map<String, Object> objects(@Nullable Object tree) {
            var copy = new LinkedHashMap<String, Object>();
            map(tree).forEach((name, value) -> {
                if (value != null)
                    copy.put(name, value);
            });
            return copy;
        }

        static BigDecimal number(@Nullable Object tree) {
            return tree == null ? BigDecimal.ZERO : new BigDecimal(String.valueOf(tree));
        }
    }

    static @Nullable Object parse(String text) {
        try {
            return JsonTree.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static String text(@Nullable Object tree) {
        var out = new StringBuilder();
        write(out, tree);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object tree) {
        switch (tree) {
            case Map<?, ?> map -> {
                var separator = "{";
                for (var entry : map.entrySet()) {
                    out.append(separator);
                    quote(out, String.valueOf(entry.getKey()));
                    out.append(':');
                    write(out, entry.getValue());
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                var separator = "[";
                for (var value : list) {
                    out.append(separator);
                    write(out, value);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String string -> quote(out, string);
            case null, default -> out.append(tree);
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\')
                out.append('\\').append(c);
            else if (c < ' ')
                out.append("\\u%04x".formatted((int) c));
            else
                out.append(c);
        }
        out.append('"');
    }
}
