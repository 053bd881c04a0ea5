package io.cairn.kv.testkit;

import io.cairn.kv.Item;
import io.cairn.kv.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Items as plain maps, and what the model has to know of values: their order, their size, when two are one. Sets are kept in the order of their
/// members, so that equal values are equal records.
final class Plain {
    private Plain() {}

    static Map<String, Value> of(Item item) {
        return of(item.toMap());
    }

    static @Nullable Map<String, Value> ofNullable(@Nullable Item item) {
        return item == null ? null : of(item);
    }

    static Map<String, Value> of(Map<String, ? extends Value> values) {
        var plain = new TreeMap<String, Value>();
        values.forEach((name, value) -> plain.put(name, value(value)));
        return Collections.unmodifiableMap(plain);
    }

    static Value value(Value value) {
        return switch (value) {
            case Value.Set(var type, var members) ->
                new Value.Set(type, members.stream().distinct().sorted(Plain::compare).toList());
            case Value.L(var elements) -> new Value.L(elements.stream().map(Plain::value).toList());
            case Value.M(var values) -> new Value.M(of(values));
            case Value.S _,Value.N _,Value.B _,Value.Bool _,Value.Null _ -> value;
        };
    }

    /// Of two of one type that keys can have.
    static int compare(Value left, Value right) {
        if (left instanceof Value.N(var one) && right instanceof Value.N(var other))
            return one.compareTo(other);
        return Arrays.compareUnsigned(bytes(left), bytes(right));
    }

    static boolean isOrdered(Value value) {
        return value instanceof Value.S || value instanceof Value.N || value instanceof Value.B;
    }

    static byte[] bytes(Value value) {
        return switch (value) {
            case Value.S(var text) -> utf8(text);
            case Value.B b -> b.bytes();
            default -> throw new IllegalArgumentException("no bytes: " + value);
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Developer guide, "DynamoDB item sizes and formats".
    static int size(Map<String, Value> item) {
        int size = 0;
        for (var entry : item.entrySet())
            size += utf8(entry.getKey()).length + size(entry.getValue());
        return size;
    }

    private static int size(Value value) {
        return switch (value) {
            case Value.S _,Value.B _ -> bytes(value).length;
            case Value.N(var number) -> number.signum() == 0
                    ? 1
                    : pairs(number.abs().toPlainString()) + 1 + (number.signum() < 0 ? 1 : 0);
            case Value.Bool _,Value.Null _ -> 1;
            case Value.Set(_, var members) -> members.stream().mapToInt(Plain::size).sum();
            case Value.L(var elements) -> 3 + elements.stream().mapToInt(element -> 1 + size(element)).sum();
            case Value.M(var values) -> 3 + values.size() + size(values);
        };
    }

    /// Two digits to a byte, counted from the point, without those that are 00 at either end.
    private static int pairs(String digits) {
        int point = digits.indexOf('.');
        var whole = point < 0 ? digits : digits.substring(0, point);
        var part = point < 0 ? "" : digits.substring(point + 1);
        var all = (whole.length() % 2 == 1 ? "0" : "") + whole + part + (part.length() % 2 == 1 ? "0" : "");
        int from = 0;
        int to = all.length();
        while (all.startsWith("00", from))
            from += 2;
        while (all.startsWith("00", to - 2))
            to -= 2;
        return (to - from) / 2;
    }
}
