package io.cairn.kv;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of an item, as a Java program wants it. Immutable.
public sealed interface Value {
    ValueType type();

    record S(String text) implements Value {
        @Override
        public ValueType type() {
            return ValueType.S;
        }
    }

    /// Equal when numerically equal.
    record N(BigDecimal number) implements Value {
        public N {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }

        @Override
        public ValueType type() {
            return ValueType.N;
        }

        @Override
        public String toString() {
            return "N[" + number.toPlainString() + "]";
        }
    }

    record B(byte[] bytes) implements Value {
        public B {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public ValueType type() {
            return ValueType.B;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof B that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "B[" + HexFormat.of().formatHex(bytes) + "]";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public ValueType type() {
            return ValueType.BOOL;
        }
    }

    record Null() implements Value {
        @Override
        public ValueType type() {
            return ValueType.NULL;
        }
    }

    /// Of S, N or B alone; not empty, each member once. The order is not kept.
    ///
    /// @param type SS, NS or BS
    record Set(ValueType type, List<Value> members) implements Value {
        public Set {
            if (!type.isSet())
                throw new IllegalArgumentException("no set: " + type);
            members = List.copyOf(members);
        }
    }

    record L(List<Value> elements) implements Value {
        public L {
            elements = List.copyOf(elements);
        }

        @Override
        public ValueType type() {
            return ValueType.L;
        }
    }

    record M(Map<String, Value> values) implements Value {
        public M {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public ValueType type() {
            return ValueType.M;
        }
    }

    static Value s(String text) {
        return new S(text);
    }

    static Value n(long number) {
        return new N(BigDecimal.valueOf(number));
    }

    /// `NumberFormatException` when it is none.
    static Value n(String number) {
        return new N(new BigDecimal(number));
    }

    static Value b(byte... bytes) {
        return new B(bytes);
    }

    static Value bool(boolean value) {
        return new Bool(value);
    }

    static Value nothing() {
        return new Null();
    }

    static Value ss(String... members) {
        return new Set(ValueType.SS, Arrays.stream(members).map(Value::s).toList());
    }

    static Value ns(long... members) {
        return new Set(ValueType.NS, Arrays.stream(members).mapToObj(Value::n).toList());
    }

    static Value bs(byte[]... members) {
        var values = new ArrayList<Value>();
        for (var member : members)
            values.add(b(member));
        return new Set(ValueType.BS, values);
    }

    static Value l(Value... elements) {
        return new L(List.of(elements));
    }

    static Value m(Map<String, Value> values) {
        return new M(values);
    }
}
