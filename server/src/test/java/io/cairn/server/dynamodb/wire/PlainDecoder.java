package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a request says, from a tree of JSON, so simply that it is plainly right; as text, to compare.
final class PlainDecoder {
    /// JSON of a wrong type somewhere.
    static final String WRONG = "wrong type";

    private static final class WrongType extends Exception { private static final long serialVersionUID = 1; }

    private PlainDecoder() {}

    static String decode(StructureShape shape, @Nullable Object json) {
        try {
            return value(shape, json);
        } catch (WrongType e) {
            return WRONG;
        }
    }

    private static String value(Shape shape, @Nullable Object json) throws WrongType {
        return switch (shape) {
            case Shape.AttributeValue _ -> attributes(attributeMap("", json));
            case Shape.Bool _ -> truth(json);
            case Shape.Text _ when json instanceof String text -> "'" + text + "'";
            case Shape.Whole _ when json instanceof BigInteger number -> number.toString();
            case Shape.Whole _ when json instanceof BigDecimal number -> number.toBigInteger().toString();
            case Shape.Real _ when json instanceof Number number -> Double.toString(number.doubleValue());
            case Shape.Time _ when json instanceof Number number ->
                Instant.ofEpochMilli(Math.round(number.doubleValue() * 1000)).toString();
            case Shape.ListOf list when json instanceof List<?> elements -> {
                var texts = new ArrayList<String>();
                for (var element : elements)
                    texts.add(element == null ? "null" : value(list.element(), element));
                yield texts.toString();
            }
            case Shape.MapOf map when json instanceof Map<?, ?> entries -> {
                var texts = new TreeMap<String, String>();
                for (var entry : entries.entrySet())
                    texts.put((String) entry.getKey(), entry.getValue() == null ? "null" : value(map.value(), entry.getValue()));
                yield texts.toString();
            }
            case Shape.Attributes _ when json instanceof Map<?, ?> entries -> attributes(entries);
            case StructureShape structure when json instanceof Map<?, ?> entries -> {
                var texts = new TreeMap<String, String>();
                for (var entry : entries.entrySet()) {
                    var member = structure.member((String) entry.getKey());
                    if (member != null && entry.getValue() != null)
                        texts.put(member.name(), value(member.shape(), entry.getValue()));
                }
                yield texts.toString();
            }
            default -> throw new WrongType();
        };
    }

    private static Map<String, @Nullable Object> attributeMap(String name, @Nullable Object json) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put(name, json);
        return map;
    }

    private static String truth(@Nullable Object json) throws WrongType {
        return Boolean.toString(bool(json));
    }

    private static boolean bool(@Nullable Object json) throws WrongType {
        return switch (json) {
            case Boolean truth -> truth;
            case String text -> switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "yes", "1" -> true;
                case "false", "no", "0" -> false;
                default -> throw new WrongType();
            };
            case null, default -> throw new WrongType();
        };
    }

    /// The item, or `unusable` when the JSON is of the right types but says none.
    private static String attributes(Map<?, ?> json) throws WrongType {
        var values = new LinkedHashMap<String, Value>();
        boolean usable = true;
        for (var entry : json.entrySet()) {
            var value = attribute(entry.getValue());
            usable &= value != null;
            if (value != null)
                values.put((String) entry.getKey(), value);
        }
        if (!usable)
            return "unusable";
        try {
            return Item.of(values).toString();
        } catch (KvRefusedException e) {
            return "unusable";
        }
    }

    /// Null when it is of the right types but no value.
    private static @Nullable Value attribute(@Nullable Object json) throws WrongType {
        if (json == null)
            return null;
        if (!(json instanceof Map<?, ?> members))
            throw new WrongType();
        Value found = null;
        int types = 0;
        boolean usable = true;
        for (var entry : members.entrySet()) {
            ValueType type;
            try {
                type = ValueType.valueOf((String) entry.getKey());
            } catch (IllegalArgumentException e) {
                continue;
            }
            if (entry.getValue() == null)
                continue;
            types++;
            found = content(type, entry.getValue());
            usable &= found != null;
        }
        return types == 1 && usable ? found : null;
    }

    private static @Nullable Value content(ValueType type, Object json) throws WrongType {
        return switch (type) {
            case BOOL -> Value.bool(bool(json));
            case NULL -> bool(json) ? Value.nothing() : null;
            case S, N, B -> scalar(type, json);
            case SS, NS, BS -> set(type, json);
            case L -> {
                if (!(json instanceof List<?> list))
                    throw new WrongType();
                var elements = new ArrayList<Value>();
                boolean usable = true;
                for (var element : list) {
                    var value = attribute(element);
                    usable &= value != null;
                    if (value != null)
                        elements.add(value);
                }
                yield usable ? new Value.L(elements) : null;
            }
            case M -> {
                if (!(json instanceof Map<?, ?> map))
                    throw new WrongType();
                var values = new LinkedHashMap<String, Value>();
                boolean usable = true;
                for (var entry : map.entrySet()) {
                    var value = attribute(entry.getValue());
                    usable &= value != null;
                    if (value != null)
                        values.put((String) entry.getKey(), value);
                }
                yield usable ? new Value.M(values) : null;
            }
        };
    }

    private static @Nullable Value scalar(ValueType type, Object json) throws WrongType {
        if (!(json instanceof String text))
            throw new WrongType();
        try {
            return switch (type) {
                case S -> Value.s(text);
                case N -> {
                    var _ = new ItemWriter().name("n").number(text);
                    yield Value.n(text);
                }
                default -> {
                    var bytes = Base64.getDecoder().decode(text);
                    if (!Base64.getEncoder().encodeToString(bytes).equals(text))
                        throw new WrongType();
                    yield Value.b(bytes);
                }
            };
        } catch (KvRefusedException e) {
            return null;
        } catch (IllegalArgumentException e) {
            throw new WrongType();
        }
    }

    private static @Nullable Value set(ValueType type, Object json) throws WrongType {
        if (!(json instanceof List<?> list))
            throw new WrongType();
        var members = new ArrayList<Value>();
        boolean usable = !list.isEmpty();
        for (var member : list) {
            var value = member == null ? null : scalar(ValueType.valueOf(type.name().substring(0, 1)), member);
            usable &= value != null;
            if (value != null)
                members.add(value);
        }
        return usable ? new Value.Set(type, members) : null;
    }

    /// The same text of what was decoded.
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Structure structure -> {
                var texts = new TreeMap<String, String>();
                for (var member : structure.shape().members())
                    if (structure.at(member.index()) != null)
                        texts.put(member.name(), text(structure.at(member.index())));
                yield texts.toString();
            }
            case String string -> "'" + string + "'";
            case List<?> list -> list.stream().map(PlainDecoder::text).toList().toString();
            case Map<?, ?> map -> {
                var texts = new TreeMap<String, String>();
                map.forEach((key, inner) -> texts.put((String) key, text(inner)));
                yield texts.toString();
            }
            case Unusable _ -> "unusable";
            default -> value.toString();
        };
    }
}
