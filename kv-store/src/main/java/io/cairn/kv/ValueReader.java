package io.cairn.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a [Value] of what it is told. Not thread-safe.
final class ValueReader implements ValueSink {
    private final ArrayDeque<Open> open = new ArrayDeque<>();
    /// Under which name what is open stands in what is around it.
    private final ArrayDeque<String> names = new ArrayDeque<>();
    private @Nullable Value value;
    private String name = "";

    private sealed interface Open {
        record OpenSet(ValueType type, List<Value> members) implements Open {}

        record OpenList(List<Value> elements) implements Open {}

        record OpenMap(Map<String, Value> values) implements Open {}
    }

    /// What was told.
    Value value() {
        if (value == null)
            throw new IllegalStateException("no value was told");
        return value;
    }

    private void take(Value taken) {
        switch (open.peek()) {
            case null -> value = taken;
            case Open.OpenSet set -> set.members.add(taken);
            case Open.OpenList list -> list.elements.add(taken);
            case Open.OpenMap map -> map.values.put(name, taken);
        }
    }

    @Override
    public void name(byte[] utf8, int from, int length) {
        name = new String(utf8, from, length, StandardCharsets.UTF_8);
    }

    @Override
    public void string(byte[] utf8, int from, int length) {
        take(new Value.S(new String(utf8, from, length, StandardCharsets.UTF_8)));
    }

    @Override
    public void number(byte[] decimal, int from) {
        take(new Value.N(Decimal.number(decimal, from)));
    }

    @Override
    public void binary(byte[] bytes, int from, int length) {
        take(new Value.B(Arrays.copyOfRange(bytes, from, from + length)));
    }

    @Override
    public void bool(boolean told) {
        take(new Value.Bool(told));
    }

    @Override
    public void nothing() {
        take(new Value.Null());
    }

    @Override
    public void beginSet(ValueType type) {
        names.push(name);
        open.push(new Open.OpenSet(type, new ArrayList<>()));
    }

    @Override
    public void beginList() {
        names.push(name);
        open.push(new Open.OpenList(new ArrayList<>()));
    }

    @Override
    public void beginMap() {
        names.push(name);
        open.push(new Open.OpenMap(new LinkedHashMap<>()));
    }

    @Override
    public void end() {
        var ended = switch (open.pop()) {
            case Open.OpenSet(var type, var members) -> new Value.Set(type, members);
            case Open.OpenList(var elements) -> new Value.L(elements);
            case Open.OpenMap(var values) -> new Value.M(values);
        };
        name = names.pop();
        take(ended);
    }
}
