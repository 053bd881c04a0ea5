package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Value;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Attribute values as JSON, the plain way, with blanks and escapes where JSON allows them.
final class PlainJson {
    private final Random random;
    private final StringBuilder out = new StringBuilder();

    PlainJson(Random random) {
        this.random = random;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    PlainJson item(Map<String, Value> values) {
        put("{");
        var comma = "";
        for (var entry : values.entrySet()) {
            put(comma);
            text(entry.getKey());
            put(":");
            value(entry.getValue());
            comma = ",";
        }
        return put("}");
    }

    private void value(Value value) {
        put("{");
        if (random.nextInt(8) == 0)
            put("\"comment\":[{\"S\":1}],");
        text(value.type().name());
        put(":");
        switch (value) {
            case Value.S(var text) -> text(text);
            case Value.N n -> text(number(n));
            case Value.B b -> text(base64(b));
            case Value.Bool(var truth) -> put(truth ? "true" : "false");
            case Value.Null() -> put("true");
            case Value.Set(var type, var members) -> {
                put("[");
                for (int i = 0; i < members.size(); i++) {
                    put(i == 0 ? "" : ",");
                    switch (members.get(i)) {
                        case Value.S(var text) -> text(text);
                        case Value.N n -> text(number(n));
                        case Value.B b -> text(base64(b));
                        default -> throw new IllegalStateException("no member of " + type);
                    }
                }
                put("]");
            }
            case Value.L(List<Value> elements) -> {
                put("[");
                for (int i = 0; i < elements.size(); i++) {
                    put(i == 0 ? "" : ",");
                    value(elements.get(i));
                }
                put("]");
            }
            case Value.M(var values) -> item(values);
        }
        put("}");
    }

    private String number(Value.N n) {
        return switch (random.nextInt(3)) {
            case 0 -> n.number().toString();
            case 1 -> n.number().toPlainString();
            default ->
                "+".repeat(n.number().signum() >= 0 ? random.nextInt(2) : 0) + n.number().toString().toLowerCase(Locale.ROOT);
        };
    }

    private static String base64(Value.B b) {
        return Base64.getEncoder().encodeToString(b.bytes());
    }

    PlainJson text(String text) {
        put("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Half a pair can only be said with an escape.
            boolean must = c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c);
            if (must && c == '"' && random.nextBoolean())
                out.append("\\\"");
            else if (must || random.nextInt(10) == 0)
                out.append("\\u%04x".formatted((int) c));
            else
                out.append(c);
        }
        out.append('"');
        return this;
    }

    PlainJson put(String json) {
        if (random.nextInt(8) == 0 && !json.equals("\""))
            out.append(" \n\t\r".charAt(random.nextInt(4)));
        out.append(json);
        return this;
    }
}
