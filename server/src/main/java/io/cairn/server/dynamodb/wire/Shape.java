package io.cairn.server.dynamodb.wire;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request, or a part of it, can be: from the service's Smithy model ([Model]). Immutable.
public sealed interface Shape
        permits Shape.Text, Shape.Whole, Shape.Real, Shape.Bool, Shape.Bytes, Shape.Time, Shape.ListOf, Shape.MapOf,
        Shape.AttributeValue, Shape.Attributes, StructureShape {
    /// The model's name for it: `TableName`.
    String name();

    /// A string.
    ///
    /// @param length in UTF-16 units, as the service counts
    /// @param pattern that all of it must match
    /// @param values those it can have; empty when it can have any
    record Text(String name, Range length, @Nullable Pattern pattern, List<String> values) implements Shape {
        /// Names of tables and indexes: by far the most frequent, and matched without a matcher.
        static final String NAME_PATTERN = "[a-zA-Z0-9_.-]+";

        boolean matches(String text) {
            if (pattern == null)
                return true;
            return pattern.pattern().equals(NAME_PATTERN) ? isName(text) : pattern.matcher(text).matches();
        }

        static boolean isName(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-')
                    return false;
            }
            return !text.isEmpty();
        }

        boolean allows(String text) {
            return values.isEmpty() || values.contains(text);
        }
    }

    /// An integer of 32 bits, or of 64 when `wide`.
    record Whole(String name, boolean wide, Range range) implements Shape {}

    /// A double.
    record Real(String name) implements Shape {}

    record Bool(String name) implements Shape {}

    /// Bytes, in base64.
    record Bytes(String name) implements Shape {}

    /// A point in time, as seconds since 1970 with fractions.
    record Time(String name) implements Shape {}

    record ListOf(String name, Shape element, Range length) implements Shape {}

    /// @param key what the keys are
    record MapOf(String name, Text key, Shape value, Range length) implements Shape {}

    /// One attribute value: `{"S":"a"}`.
    record AttributeValue(String name) implements Shape {}

    /// A map of attribute names to attribute values: an item, a key, the values of an expression.
    record Attributes(String name) implements Shape {}
}
