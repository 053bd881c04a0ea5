package io.cairn.server.dynamodb.wire;

import io.cairn.kv.Item;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Values of a request as the service's errors show them: lists and structures as Java prints them, maps as JSON.
final class Echo {
    private Echo() {}

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case List<?> list -> {
                var joined = new StringJoiner(", ", "[", "]");
                list.forEach(element -> joined.add(text(element)));
                yield joined.toString();
            }
            case Structure structure -> {
                var joined = new StringJoiner(", ", structure.shape().name() + "(", ")");
                for (var member : structure.shape().members())
                    if (structure.at(member.index()) != null)
                        joined.add(member.printed() + "=" + text(structure.at(member.index())));
                yield joined.toString();
            }
            case Map<?, ?> _,Item _,Unusable _ -> json(value);
            default -> value.toString();
        };
    }

    private static String json(Object value) {
        var out = new JsonWriter();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, JsonWriter out) {
        switch (value) {
            case null -> out.nothing();
            case List<?> list -> {
                out.beginArray();
                list.forEach(element -> write(element, out));
                out.endArray();
            }
            case Map<?, ?> map -> {
                out.beginObject();
                map.forEach((key, inner) -> {
                    out.name((String) key);
                    write(inner, out);
                });
                out.endObject();
            }
            case Structure structure -> {
                out.beginObject();
                for (var member : structure.shape().members())
                    if (structure.at(member.index()) != null) {
                        out.name(member.name());
                        write(structure.at(member.index()), out);
                    }
                out.endObject();
            }
            case Item item -> out.item(item);
            case Unusable _ -> {
                out.beginObject();
                out.endObject();
            }
            case Boolean bool -> out.bool(bool);
            case Number number -> out.raw(number.toString());
            default -> out.string(value.toString());
        }
    }
}
