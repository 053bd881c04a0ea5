package io.cairn.kv.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds of every expression and item, against maps.
final class PropertiesTest {
    private final Placeholders placeholders = new Placeholders(Map.of("#a", "a", "#b", "b"),
            Item.of(":v", Value.n(1), ":w", Value.ss("x")));

    @Property(tries = 2000)
    void textIsCompiledOrRefused(@ForAll("texts") String text) {
        compiledOrRefused(text);
    }

    @Property(tries = 2000)
    void tokensAreCompiledOrRefused(@ForAll("tokens") List<String> tokens) {
        compiledOrRefused(String.join(" ", tokens));
    }

    private void compiledOrRefused(String text) {
        orRefused(() -> placeholders.condition(text).holds(Items.ITEM));
        orRefused(() -> placeholders.filter(text).holds(null));
        orRefused(() -> placeholders.update(text).apply(Items.ITEM, Items.KEY));
        orRefused(() -> placeholders.update(text).apply(null, Items.KEY));
        orRefused(() -> placeholders.projection(text).of(Items.ITEM));
        orRefused(() -> placeholders.keyCondition(text));
    }

    private static void orRefused(Runnable asked) {
        try {
            asked.run();
        } catch (KvRefusedException refused) {
            assertNotNull(refused.getMessage());
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("aZ_09 #:=<>()[].,+-\"\u00e9\n").ofMaxLength(30);
    }

    @Provide
    Arbitrary<List<String>> tokens() {
        return Arbitraries.of("a", "b", "#a", "#b", ":v", ":w", "=", "<>", "<", ">=", "(", ")", "[", "]", "0", "1", ".", ",", "+",
                "-", "AND",
                "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE", "size", "contains", "attribute_exists",
                "begins_with",
                "if_not_exists", "list_append", "l", "m").list().ofMaxSize(12);
    }

    /// SET, REMOVE and ADD at the top are what a map's put, remove and sum are.
    @Property(tries = 1000)
    void updatesAtTheTopAreThoseOfAMap(@ForAll("maps") Map<String, Value> old, @ForAll("maps") Map<String, Value> set,
            @ForAll("names") List<String> remove) {
        var model = new HashMap<>(old);
        var values = new ItemWriter();
        var text = new StringBuilder();
        for (var entry : set.entrySet()) {
            values.name(":" + entry.getKey()).value(entry.getValue());
            text.append(text.isEmpty() ? "SET " : ", ").append(entry.getKey()).append(" = :").append(entry.getKey());
            model.put(entry.getKey(), entry.getValue());
        }
        boolean first = true;
        for (var name : remove.stream().distinct().filter(name -> !set.containsKey(name)).toList()) {
            text.append(first ? " REMOVE " : ", ").append(name);
            first = false;
            model.remove(name);
        }
        if (text.isEmpty())
            return;
        var item = Item.of(old);
        var updated = new Placeholders(null, set.isEmpty() ? null : values.item()).update(text.toString()).apply(item,
                Item.EMPTY);
        assertEquals(Item.of(model), updated, text.toString()); // bytes, so sizes too
        assertEquals(Item.of(old), item);
    }

    @Property(tries = 1000)
    void projectionsAtTheTopAreThoseOfAMap(@ForAll("maps") Map<String, Value> map, @ForAll("names") List<String> names) {
        var wanted = names.stream().distinct().toList();
        if (wanted.isEmpty())
            return;
        var model = new HashMap<>(map);
        model.keySet().retainAll(wanted);
        var item = Item.of(map);
        var projection = Placeholders.NONE.projection(String.join(", ", wanted));
        assertEquals(Item.of(model), projection.of(item));
        var told = new ItemWriter();
        projection.writeTo(item, told);
        assertEquals(Item.of(model), told.item());
    }

    /// A list's elements that are removed, replaced and set behind the end, by the indexes that they had before.
    @Property(tries = 1000)
    void updatesOfAListUseTheIndexesFromBefore(@ForAll("elements") List<Long> elements,
            @ForAll("indexes") List<Integer> touched) {
        var model = new TreeMap<Integer, Value>();
        for (int i = 0; i < elements.size(); i++)
            model.put(i, Value.n(elements.get(i)));
        var item = Item.of("l", Value.l(model.values().toArray(Value[]::new)));
        var sets = new ArrayList<String>();
        var removes = new ArrayList<String>();
        for (int index : touched.stream().distinct().toList())
            if (index % 2 == 0) {
                sets.add("l[" + index + "] = :v");
                model.put(index, Value.s("new"));
            } else {
                removes.add("l[" + index + "]");
                model.remove(index);
            }
        if (touched.isEmpty())
            return;
        var text = (sets.isEmpty() ? "" : "SET " + String.join(", ", sets))
                + (removes.isEmpty() ? "" : " REMOVE " + String.join(", ", removes));
        var values = sets.isEmpty() ? null : Item.of(":v", Value.s("new"));
        assertEquals(Item.of("l", Value.l(model.values().toArray(Value[]::new))),
                new Placeholders(null, values).update(text).apply(item, Item.EMPTY), text);
    }

    @Property(tries = 1000)
    void setsAreUnitedAndSubtracted(@ForAll("members") Set<Long> left, @ForAll("members") Set<Long> right) {
        var item = Item.of("a", Value.ns(array(left)));
        var values = new Placeholders(null, Item.of(":v", Value.ns(array(right))));
        var union = new TreeSet<>(left);
        union.addAll(right);
        assertEquals(Item.of("a", Value.ns(array(union))), values.update("ADD a :v").apply(item, Item.EMPTY));
        var difference = new TreeSet<>(left);
        difference.removeAll(right);
        assertEquals(difference.isEmpty() ? Item.EMPTY : Item.of("a", Value.ns(array(difference))),
                values.update("DELETE a :v").apply(item, Item.EMPTY));
    }

    private static long[] array(Set<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    @Provide
    Arbitrary<List<String>> names() {
        return name().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<Map<String, Value>> maps() {
        return Combinators.combine(name().list().ofMaxSize(6), value().list().ofSize(6)).as((names, values) -> {
            var map = new HashMap<String, Value>();
            for (int i = 0; i < names.size(); i++)
                map.put(names.get(i), values.get(i));
            return map;
        });
    }

    @Provide
    Arbitrary<List<Long>> elements() {
        return Arbitraries.longs().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<List<Integer>> indexes() {
        return Arbitraries.integers().between(0, 8).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<Set<Long>> members() {
        return Arbitraries.longs().between(-5, 5).set().ofMinSize(1).ofMaxSize(6);
    }

    private static Arbitrary<String> name() {
        return Arbitraries.of("a", "aa", "b", "c1", "d_d", "zz"); // few, so that they meet
    }

    private static Arbitrary<Value> value() {
        return Arbitraries.oneOf(Arbitraries.strings().alpha().ofMaxLength(200).map(Value::s),
                Arbitraries.longs().map(Value::n), Arbitraries.of(Value.bool(true), Value.nothing(), Value.ss("p", "q"),
                        Value.l(Value.n(1), Value.s("x")), Value.m(Map.of("inner", Value.n(2)))));
    }
}
