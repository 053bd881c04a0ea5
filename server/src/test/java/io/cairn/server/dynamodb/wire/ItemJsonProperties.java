package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.kv.Item;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// What is written of an item says that item, to another reader and to our own.
class ItemJsonProperties {
    private static final Model MODEL = Model.load();

    @Property(tries = 2000)
    void anotherReaderFindsTheItem(@ForAll long seed) throws IOException {
        var item = Item.of(new RandomValues(seed).item());
        var json = JsonWriter.start().item(item).toBytes();
        assertEquals(item, Item.of(values(JsonTree.map(JsonTree.parse(json)))));
    }

    @Property(tries = 2000)
    void plainJsonIsReadAsTheItem(@ForAll long seed) {
        var values = new RandomValues(seed);
        var item = values.item();
        var json = new PlainJson(values.random()).put("{\"TableName\":\"abc\",\"Item\":").item(item).put("}").toString();
        assertEquals(Item.of(item), decoded(json));
    }

    @Property(tries = 1000)
    void whatIsWrittenIsReadBack(@ForAll long seed) {
        var item = Item.of(new RandomValues(seed).item());
        assertEquals(item, decoded("{\"TableName\":\"abc\",\"Item\":" + JsonWriter.start().item(item) + "}"));
    }

    private static @Nullable Item decoded(String json) {
        var operation = MODEL.operation("DynamoDB_20120810.PutItem");
        if (operation == null)
            throw new AssertionError("no PutItem");
        return RequestDecoder.decode(operation, json.getBytes(StandardCharsets.UTF_8)).item("Item");
    }

    private static Map<String, Value> values(Map<?, ?> json) {
        var values = new LinkedHashMap<String, Value>();
        json.forEach((name, value) -> values.put((String) name, value(JsonTree.map(value))));
        return values;
    }

    private static Value value(Map<?, ?> json) {
        assertEquals(1, json.size());
        var entry = json.entrySet().iterator().next();
        var content = entry.getValue();
        var type = ValueType.valueOf((String) entry.getKey());
        return switch (type) {
            case S, N, B -> scalar(type, content);
            case BOOL -> Value.bool((Boolean) content);
            case NULL -> {
                assertEquals(true, content);
                yield Value.nothing();
            }
            case SS -> set(type, ValueType.S, content);
            case NS -> set(type, ValueType.N, content);
            case BS -> set(type, ValueType.B, content);
            case L -> {
                var elements = new ArrayList<Value>();
                ((List<?>) content).forEach(element -> elements.add(value(JsonTree.map(element))));
                yield new Value.L(elements);
            }
            case M -> new Value.M(values(JsonTree.map(content)));
        };
    }

    private static Value scalar(ValueType type, Object content) {
        return switch (type) {
            case S -> Value.s((String) content);
            case N -> Value.n((String) content);
            default -> Value.b(Base64.getDecoder().decode((String) content));
        };
    }

    private static Value set(ValueType type, ValueType member, Object content) {
        return new Value.Set(type, ((List<?>) content).stream().map(inner -> scalar(member, (Object) inner)).toList());
    }
}
