package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KeyCondition;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Update;
import io.cairn.kv.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes expressions as the API takes them, with a placeholder for each name and each value.
final class Spelling {
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Value> values = new LinkedHashMap<>();

    String name(String name) {
        for (var known : names.entrySet())
            if (known.getValue().equals(name))
                return known.getKey();
        var placeholder = "#n" + names.size();
        names.put(placeholder, name);
        return placeholder;
    }

    String value(Value value) {
        var placeholder = ":v" + values.size();
        values.put(placeholder, value);
        return placeholder;
    }

    /// Names of the attributes that a condition looks at or into.
    static Set<String> attributes(Asked asked) {
        var spelling = new Spelling();
        var text = asked.text(spelling);
        var tops = new TreeSet<String>();
        spelling.names.forEach((placeholder, name) -> {
            if (Pattern.compile("(?<!\\.)" + placeholder + "\\b").matcher(text).find())
                tops.add(name);
        });
        return tops;
    }

    /// Into a request of the API, where there are any.
    void into(Map<String, Object> members) {
        if (!names.isEmpty())
            members.put("ExpressionAttributeNames", names);
        if (!values.isEmpty())
            members.put("ExpressionAttributeValues", values);
    }

    private Placeholders placeholders() {
        return new Placeholders(names.isEmpty() ? null : names, values.isEmpty() ? null : Item.of(values));
    }

    private static <T> T spelled(Function<Spelling, String> text, TextReader<T> reader) {
        var spelling = new Spelling();
        var spelled = text.apply(spelling);
        var placeholders = spelling.placeholders();
        var read = reader.read(placeholders, spelled);
        placeholders.requireAllUsed();
        return read;
    }

    private interface TextReader<T> { T read(Placeholders placeholders, String text); }

    static @Nullable Condition condition(@Nullable Asked asked) {
        return asked == null ? null : spelled(asked::text, Placeholders::condition);
    }

    static @Nullable Condition filter(@Nullable Asked asked) {
        return asked == null ? null : spelled(asked::text, Placeholders::filter);
    }

    static Update update(Changes changes) {
        return spelled(changes::text, Placeholders::update);
    }

    static KeyCondition keys(Function<Spelling, String> text) {
        return spelled(text, Placeholders::keyCondition);
    }
}
