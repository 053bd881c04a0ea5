package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a request's placeholders stand for, and which of them were used. Not thread-safe.
public final class Binding {
    private static final int MAX_KEY_LENGTH = 255;
    private static final int MAX_NAME_BYTES = 65_535;
    private final Map<String, String> names;
    private final Item values;
    private final Set<String> used = new HashSet<>();

    /// @param names keyed with the `#`; null when the request has none
    /// @param values keyed with the `:`; null when the request has none
    public Binding(@Nullable Map<String, String> names, @Nullable Item values) {
        if (names != null)
            checkNames(names);
        if (values != null)
            checkValues(values);
        this.names = names == null ? Map.of() : new LinkedHashMap<>(names); // texts name them in the order given
        this.values = values == null ? Item.EMPTY : values;
    }

    private static void checkNames(Map<String, String> names) {
        if (names.isEmpty())
            throw KvRefusedException.validation("ExpressionAttributeNames must not be empty");
        names.forEach((key, name) -> {
            checkKey("ExpressionAttributeNames", '#', key);
            if (key.length() > MAX_KEY_LENGTH)
                throw KvRefusedException.validation(
                        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long;"
                                + " size of key: " + key.length());
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES)
                throw KvRefusedException
                        .validation("ExpressionAttributeNames contains invalid value: Attribute name is too large,"
                                + " must be less than 65536 bytes for key " + key);
            if (name.isEmpty())
                throw KvRefusedException
                        .validation("ExpressionAttributeNames contains invalid value: Empty attribute name for key " + key);
        });
    }

    private static void checkValues(Item values) {
        if (values.isEmpty())
            throw KvRefusedException.validation("ExpressionAttributeValues must not be empty");
        for (var key : keys(values))
            checkValueKey(key);
    }

    private static void checkValueKey(String key) {
        checkKey("ExpressionAttributeValues", ':', key);
        if (key.length() > MAX_KEY_LENGTH)
            throw KvRefusedException.validation(
                    "ExpressionAttributeValues contains invalid key: The expression attribute map contains a key that is too long;");
    }

    private static void checkKey(String member, char first, String key) {
        boolean right = key.length() > 1 && key.charAt(0) == first;
        for (int i = 1; i < key.length() && right; i++) {
            char c = key.charAt(i);
            right = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
        }
        if (!right)
            throw KvRefusedException.validation(member + " contains invalid key: Syntax error; key: \"" + key + "\"");
    }

    private static List<String> keys(Item values) {
        var keys = new ArrayList<String>(values.count());
        var bytes = values.encoded();
        int entry = values.entriesAt();
        for (int i = values.count(); i > 0; i--) {
            int from = Encoded.afterVarint(bytes, entry);
            int value = Encoded.value(bytes, entry);
            keys.add(new String(bytes, from, value - from, StandardCharsets.UTF_8));
            entry = Encoded.end(bytes, value);
        }
        return keys;
    }

    /// Refuses placeholders that no expression has used so far.
    public void requireAllUsed() {
        if (used.size() == names.size() + values.count())
            return;
        requireAllUsed("ExpressionAttributeNames", List.copyOf(names.keySet()));
        requireAllUsed("ExpressionAttributeValues", keys(values));
    }

    private void requireAllUsed(String member, List<String> keys) {
        var left = keys.stream().filter(key -> !used.contains(key)).toList();
        if (!left.isEmpty())
            throw KvRefusedException.validation(
                    "Value provided in " + member + " unused in expressions: keys: {" + String.join(", ", left) + "}");
    }

    DocumentPath path(Kind kind, Syntax.Path path) {
        if (path.resolved() != null)
            return path.resolved();
        var steps = new ArrayList<DocumentPath.Step>(path.steps().size());
        for (var step : path.steps())
            steps.add(switch (step) {
                case Syntax.Step.Field(var name) -> new DocumentPath.Field(name);
                case Syntax.Step.Element(int index) -> new DocumentPath.Element(index);
                case Syntax.Step.Placeholder(var key) -> new DocumentPath.Field(name(kind, key));
            });
        return new DocumentPath(List.copyOf(steps));
    }

    private String name(Kind kind, String key) {
        var name = names.get(key);
        if (name == null)
            throw kind.refused("An expression attribute name used in the document path is not defined; attribute name: " + key);
        used.add(key);
        return name;
    }

    Place value(Kind kind, Syntax.Literal literal) {
        int at = values.find(literal.utf8());
        if (at < 0)
            throw kind.refused(
                    "An expression attribute value used in expression is not defined; attribute value: " + literal.key());
        used.add(literal.key());
        return new Place(values.encoded(), at);
    }
}
