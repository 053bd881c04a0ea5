package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Attribute values of all types, from a seed.
final class RandomValues {
    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    Map<String, Value> item() {
        return map(random.nextInt(6), 4);
    }

    private Map<String, Value> map(int count, int levels) {
        var map = new LinkedHashMap<String, Value>();
        for (int i = 0; i < count; i++)
            map.put("n" + wellFormed(), value(levels));
        return map;
    }

    private Value value(int levels) {
        return switch (random.nextInt(levels > 0 ? 10 : 8)) {
            case 0 -> Value.s(text());
            case 1 -> new Value.N(number());
            case 2 -> Value.b(bytes());
            case 3 -> Value.bool(random.nextBoolean());
            case 4 -> Value.nothing();
            case 5 -> set(ValueType.SS);
            case 6 -> set(ValueType.NS);
            case 7 -> set(ValueType.BS);
            case 8 -> {
                var elements = new ArrayList<Value>();
                for (int i = random.nextInt(4); i > 0; i--)
                    elements.add(value(levels - 1));
                yield new Value.L(elements);
            }
            default -> new Value.M(map(random.nextInt(4), levels - 1));
        };
    }

    private Value set(ValueType type) {
        var members = new LinkedHashSet<Value>();
        for (int i = 1 + random.nextInt(4); i > 0; i--)
            members.add(switch (type) {
                case SS -> Value.s(wellFormed());
                case NS -> new Value.N(number());
                default -> Value.b(bytes());
            });
        return new Value.Set(type, List.copyOf(members));
    }

    /// Any, also half surrogate pairs.
    String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--)
            switch (random.nextInt(8)) {
                case 0 -> text.append((char) random.nextInt(0x20));
                case 1 -> text.append("\"\\/\u007f".charAt(random.nextInt(4)));
                case 2 -> text.append((char) random.nextInt(0x800));
                case 3 -> text.append((char) random.nextInt(0x10000));
                case 4 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        return text.toString();
    }

    /// In a set, two halves of pairs would be one `?`; in a name, half a pair is no JSON.
    private String wellFormed() {
        return text().replaceAll("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]", "");
    }

    BigDecimal number() {
        var digits = new BigInteger(1 + random.nextInt(124), random).add(BigInteger.ONE);
        if (digits.toString().length() > 38)
            digits = digits.divide(BigInteger.TEN);
        int length = digits.toString().length();
        int first = switch (random.nextInt(3)) {
            case 0 -> length - 1; // an integer
            case 1 -> random.nextInt(9) - 4;
            default -> random.nextInt(256) - 130;
        };
        var number = new BigDecimal(digits, length - 1 - first);
        return random.nextInt(20) == 0 ? BigDecimal.ZERO : random.nextBoolean() ? number : number.negate();
    }

    byte[] bytes() {
        var bytes = new byte[random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }
}
