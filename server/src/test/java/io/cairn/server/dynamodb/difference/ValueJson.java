package io.cairn.server.dynamodb.difference;

import io.cairn.kv.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Members of the test kit's requests and answers as the API's JSON has them.
final class ValueJson {
    private ValueJson() {}

    /// A tree in which each [Value] has become a map of its type and its text.
    static Object of(Object tree) {
        return switch (tree) {
            case Value value -> Map.of(type(value), text(value));
            case Map<?, ?> map -> {
                var members = new LinkedHashMap<String, Object>();
                map.forEach((name, value) -> members.put((String) name, of(value)));
                yield members;
            }
            case List<?> list -> {
                var elements = new ArrayList<Object>();
                list.forEach(value -> elements.add(of(value)));
                yield elements;
            }
            default -> tree;
        };
    }

    private static String type(Value value) {
        return switch (value) {
            case Value.Set(var type, var _) -> type.name();
            case Value.Bool _ -> "BOOL";
            case Value.Null _ -> "NULL";
            case Value.S _,Value.N _,Value.B _,Value.L _,Value.M _ -> value.type().name();
        };
    }

    private static Object text(Value value) {
        return switch (value) {
            case Value.S(var text) -> text;
            case Value.N(var number) -> number(number);
            case Value.B bytes -> Base64.getEncoder().encodeToString(bytes.bytes());
            case Value.Bool(boolean truth) -> truth;
            case Value.Null _ -> true;
            case Value.Set(_, var members) -> members.stream().map(ValueJson::text).toList();
            case Value.L(var elements) -> elements.stream().map(ValueJson::of).toList();
            case Value.M(var values) -> of(values);
        };
    }

    /// As the service writes numbers.
    static String number(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
