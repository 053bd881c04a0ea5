package io.cairn.kv.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.function.Executable;

/// The item that the tables of these tests ask, and short words for asking.
final class Items {
    static final Item KEY = Item.of("pk", Value.s("1"));
    static final Item ITEM = Item.of(Map.ofEntries(Map.entry("pk", Value.s("1")), Map.entry("s", Value.s("h\u00e9llo")),
            Map.entry("s2", Value.s("a")), Map.entry("e", Value.s("")), Map.entry("n", Value.n(5)),
            Map.entry("b", Value.b((byte) 'a', (byte) 'b', (byte) 'c')), Map.entry("t", Value.bool(true)),
            Map.entry("z", Value.nothing()), Map.entry("ss", Value.ss("x", "y")), Map.entry("ns", Value.ns(1, 2)),
            Map.entry("bs", Value.bs(new byte[]{1}, new byte[]{2})),
            Map.entry("l", Value.l(Value.n(1), Value.s("two"), Value.m(Map.of("q", Value.n(3))))),
            Map.entry("m", Value.m(Map.of("k", Value.s("v"), "deep", Value.m(Map.of("x", Value.n(1))))))));

    private Items() {}

    /// Values `:v`, `:w` and `:x` of an expression, as far as given.
    static Placeholders values(Value... values) {
        var names = new String[]{":v", ":w", ":x"};
        var writer = new ItemWriter();
        for (int i = 0; i < values.length; i++)
            writer.name(names[i]).value(values[i]);
        return new Placeholders(null, values.length == 0 ? null : writer.item());
    }

    static void refused(String text, Executable asked) {
        var refused = assertThrows(KvRefusedException.class, asked);
        assertEquals(text, refused.getMessage());
        assertEquals(Reason.VALIDATION, refused.reason());
    }

    /// `{a:"text",n:1,l:[1,true],ss:<"a","b">,b:0aff}`, names and members in order.
    static String text(Item item) {
        return text(new Value.M(item.toMap()));
    }

    /// What differs from [#ITEM], as [#text(Item)] has it; `gone` for what is not there any more.
    static String changes(Item item) {
        var before = ITEM.toMap();
        var after = item.toMap();
        var changes = new TreeMap<String, String>();
        before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(name -> changes.put(name, "gone"));
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name)))
                changes.put(name, text(value));
        });
        return changes.entrySet().stream().map(change -> change.getKey() + ":" + change.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.S(var text) -> '"' + text + '"';
            case Value.N(var number) -> number.toPlainString();
            case Value.B(var bytes) -> HexFormat.of().formatHex(bytes);
            case Value.Bool(var truth) -> Boolean.toString(truth);
            case Value.Null() -> "null";
            case Value.Set(_, var members) ->
                members.stream().map(Items::text).sorted().collect(Collectors.joining(",", "<", ">"));
            case Value.L(var elements) -> elements.stream().map(Items::text).collect(Collectors.joining(",", "[", "]"));
            case Value.M(var values) -> new TreeMap<>(values).entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + text(entry.getValue())).collect(Collectors.joining(",", "{", "}"));
        };
    }
}
