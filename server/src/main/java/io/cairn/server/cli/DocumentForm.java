package io.cairn.server.cli;

import io.cairn.server.cli.Json.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Items as plain JSON, and as DynamoDB types them:
///
///     "text"     {"S": "text"}           null     {"NULL": true}
///     1.5        {"N": "1.5"}            [1]      {"L": [{"N": "1"}]}
///     true       {"BOOL": true}          {"a":1}  {"M": {"a": {"N": "1"}}}
///
/// The other way round sets become lists, and bytes their base64: what must not lose its type is asked for as DynamoDB types it.
final class DocumentForm {
    private DocumentForm() {}

    /// The attributes of an item as DynamoDB types them.
    static Map<String, @Nullable Object> typedItem(Map<String, @Nullable Object> plain) {
        var typed = new LinkedHashMap<String, @Nullable Object>();
        plain.forEach((name, value) -> typed.put(name, typed(value)));
        return typed;
    }

    private static Map<String, @Nullable Object> typed(@Nullable Object plain) {
        return switch (plain) {
            case null -> Map.of("NULL", true);
            case String text -> Map.of("S", text);
            case Numeral(var text) -> Map.of("N", text);
            case Boolean truth -> Map.of("BOOL", truth);
            case List<?> list -> Map.of("L", list.stream().map(DocumentForm::typed).toList());
            case Map<?, ?> map -> Map.of("M", typedItem(Json.map(map)));
            default -> throw new IllegalArgumentException("no JSON: " + plain.getClass());
        };
    }

    static Map<String, @Nullable Object> plainItem(Map<String, @Nullable Object> typed) {
        var plain = new LinkedHashMap<String, @Nullable Object>();
        typed.forEach((name, value) -> plain.put(name, plain(Json.map(value))));
        return plain;
    }

    private static @Nullable Object plain(Map<String, @Nullable Object> typed) {
        for (var entry : typed.entrySet())
            return switch (entry.getKey()) {
                case "N" -> new Numeral(String.valueOf(entry.getValue()));
                case "NULL" -> null;
                case "L" -> {
                    var list = new ArrayList<@Nullable Object>();
                    for (var element : Json.list(typed, "L"))
                        list.add(plain(Json.map(element)));
                    yield list;
                }
                case "NS" -> Json.list(typed, "NS").stream().map(number -> new Numeral(String.valueOf(number))).toList();
                case "M" -> plainItem(Json.map(entry.getValue()));
                default -> entry.getValue(); // S, B in base64, BOOL, SS, BS
            };
        throw new IllegalArgumentException("a value without a type");
    }
}
