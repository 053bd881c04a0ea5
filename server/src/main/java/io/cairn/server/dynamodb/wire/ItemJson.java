package io.cairn.server.dynamodb.wire;

import io.cairn.kv.ItemWriter;
import io.cairn.kv.ValueSink;
import io.cairn.kv.ValueType;

/// Attribute values in the form of the protocol, straight from the bytes of an item: `{"S":"a"}`, `{"N":"12"}`, `{"L":[{"BOOL":true}]}`. Names become names of the
/// object that is open. Not thread-safe.
public final class ItemJson implements ValueSink {
    private final JsonWriter json;
    private final ValueType[] open = new ValueType[ItemWriter.MAX_DEPTH + 2];
    private int depth;

    ItemJson(JsonWriter json) {
        this.json = json;
    }

    private boolean inSet() {
        return depth > 0 && open[depth - 1].isSet();
    }

    @Override
    public void name(byte[] utf8, int from, int length) {
        json.name(utf8, from, length);
    }

    @Override
    public void string(byte[] utf8, int from, int length) {
        if (inSet())
            json.string(utf8, from, length);
        else
            json.beginObject().name("S").string(utf8, from, length).endObject();
    }

    @Override
    public void number(byte[] decimal, int from) {
        if (inSet())
            json.decimal(decimal, from);
        else
            json.beginObject().name("N").decimal(decimal, from).endObject();
    }

    @Override
    public void binary(byte[] bytes, int from, int length) {
        if (inSet())
            json.base64(bytes, from, length);
        else
            json.beginObject().name("B").base64(bytes, from, length).endObject();
    }

    @Override
    public void bool(boolean value) {
        json.beginObject().name("BOOL").bool(value).endObject();
    }

    @Override
    public void nothing() {
        json.beginObject().name("NULL").bool(true).endObject();
    }

    @Override
    public void beginSet(ValueType type) {
        begin(type);
        json.beginArray();
    }

    @Override
    public void beginList() {
        begin(ValueType.L);
        json.beginArray();
    }

    @Override
    public void beginMap() {
        begin(ValueType.M);
        json.beginObject();
    }

    private void begin(ValueType type) {
        json.beginObject().name(type.name());
        open[depth++] = type;
    }

    @Override
    public void end() {
        if (open[--depth] == ValueType.M)
            json.endObject();
        else
            json.endArray();
        json.endObject();
    }
}
