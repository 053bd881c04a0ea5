package io.cairn.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/// An item is what was told, in whatever order.
class ItemProperties {
    @Provide
    Arbitrary<Map<String, Value>> items() {
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(4).ofMinLength(1), values(3)).ofMaxSize(12);
    }

    private static Arbitrary<Value> values(int depth) {
        var leaves = Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(20).map(Value::s), Arbitraries.longs().map(Value::n),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(Value::b),
                Arbitraries.of(true, false).map(Value::bool),
                Arbitraries.just(Value.nothing()),
                Arbitraries.strings().ofMaxLength(3).set().ofMinSize(1).ofMaxSize(5).map(s -> Value.ss(s.toArray(String[]::new))),
                Arbitraries.longs().set().ofMinSize(1).ofMaxSize(5)
                        .map(s -> Value.ns(s.stream().mapToLong(Long::longValue).toArray())));
        if (depth == 0)
            return leaves;
        return Arbitraries.frequencyOf(Tuple.of(5, leaves),
                Tuple.of(1, values(depth - 1).list().ofMaxSize(4).map(Value.L::new)),
                Tuple.of(1, Arbitraries.maps(Arbitraries.strings().ofMaxLength(3), values(depth - 1)).ofMaxSize(4)
                        .map(Value::m)));
    }

    @Property(tries = 300)
    void isWhatWasToldInAnyOrder(@ForAll("items") Map<String, Value> values, @ForAll long seed) {
        var item = Item.of(values);
        assertEquals(values.size(), item.count());
        var names = new ArrayList<>(values.keySet());
        Collections.shuffle(names, new Random(seed));
        var shuffled = new LinkedHashMap<String, Value>();
        names.forEach(name -> shuffled.put(name, values.get(name)));
        assertEquals(item, Item.of(shuffled));
        assertEquals(item, Item.of(item.toMap()));
        var copy = new ItemWriter();
        item.writeTo(copy);
        assertEquals(item, copy.item());
        shuffled.forEach(
                (name, value) -> assertEquals(Item.of("x", value), Item.of("x", Objects.requireNonNull(item.get(name)))));
    }

    @Test
    void countsSizesAsTheDeveloperGuideSays() {
        assertEquals(0, Item.EMPTY.size());
        assertEquals(3 + 5, Item.of("abc", Value.s("hello")).size());
        assertEquals(1 + 2, Item.of("n", Value.n(12)).size());
        assertEquals(1 + 3, Item.of("n", Value.n(-12)).size());
        assertEquals(1 + 3, Item.of("l", Value.l()).size());
        assertEquals(1 + 3 + 1 + 1, Item.of("l", Value.l(Value.nothing())).size());
        assertEquals(1 + 3 + 1 + 2 + 1, Item.of("m", Value.m(Map.of("ab", Value.bool(true)))).size());
        assertEquals(1 + 4, Item.of("s", Value.ss("ab", "cd")).size());
    }

    @Test
    void refusesWhatNoItemHas() {
        assertEquals("One or more parameter values were invalid: An string set  may not be empty", refusal(Value.ss()));
        assertEquals("One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.",
                refusal(Value.ss("b", "a", "b")));
        assertEquals("Input collection contains duplicates", refusal(Value.ns(1, 1)));
        Value deep = Value.nothing();
        for (int i = 0; i < 31; i++)
            deep = new Value.L(List.of(deep));
        assertEquals(1, Item.of("x", deep).count());
        assertEquals(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
                refusal(new Value.L(List.of(deep))));
    }

    private static String refusal(Value value) {
        return String.valueOf(assertThrows(KvRefusedException.class, () -> Item.of("x", value)).getMessage());
    }
}
