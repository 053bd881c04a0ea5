package io.cairn.kv.internal.expression;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Some thousand expressions, each with what DynamoDB Local 2.6.1 answered when it was asked of [Items#ITEM] with the placeholders below:
///
///     C or U or P or K, tab, expression, tab, answer
///
/// The answer of a condition is true or false, of an update what changed, of a projection the item, of a key condition `ok`; of any the
/// error's text.
final class AskedTest {
    private static final Pattern NAME = Pattern.compile("#[A-Za-z0-9_]+");
    private static final Pattern VALUE = Pattern.compile(":[A-Za-z0-9_]+");
    private static final Map<String, String> NAMES = Map.of("#s", "s2", "#k", "k", "#m", "m", "#d", "a.b");
    private static final Map<String, Value> VALUES = Map.ofEntries(Map.entry(":s", Value.s("a")), Map.entry(":u", Value.s("b")),
            Map.entry(":e", Value.s("")), Map.entry(":n", Value.n(1)), Map.entry(":m", Value.n(2)),
            Map.entry(":b", Value.b((byte) 'a', (byte) 'b', (byte) 'c')), Map.entry(":t", Value.bool(true)),
            Map.entry(":z", Value.nothing()), Map.entry(":ss", Value.ss("a", "x")), Map.entry(":ns", Value.ns(1)),
            Map.entry(":bs", Value.bs(new byte[]{1})), Map.entry(":l", Value.l(Value.n(1))),
            Map.entry(":o", Value.m(Map.of("q", Value.n(3)))), Map.entry(":ty", Value.s("N")),
            Map.entry(":big", Value.n("9.99E125")),
            Map.entry(":tiny", Value.n("1E-130")),
            Map.entry(":nines", new Value.N(new BigDecimal("99999999999999999999999999999999999999"))));

    private record Asked(char kind, String expression, String answer) {}

    @Test
    void answersAsDynamoDbDoes() {
        var wrong = new ArrayList<String>();
        var asked = asked();
        for (var one : asked) {
            var answer = answer(one);
            if (!answer.equals(one.answer))
                wrong.add(one.kind + " " + one.expression + "\n      DynamoDB " + one.answer + "\n      here     " + answer);
        }
        assertEquals("", wrong.stream().collect(Collectors.joining("\n")), wrong.size() + " of " + asked.size());
        assertTrue(asked.size() > 2500, () -> asked.size() + " questions");
    }

    private static String answer(Asked asked) {
        try {
            var placeholders = placeholders(asked.expression, asked.kind != 'P');
            return switch (asked.kind) {
                case 'C' -> Boolean.toString(placeholders.condition(asked.expression).holds(Items.ITEM));
                case 'U' -> Items.changes(requireNonNull(placeholders.update(asked.expression).apply(Items.ITEM, Items.KEY)));
                case 'P' -> Items.text(placeholders.projection(asked.expression).of(Items.ITEM));
                default -> {
                    var _ = placeholders.keyCondition(asked.expression);
                    yield "ok";
                }
            };
        } catch (KvRefusedException refused) {
            return Objects.requireNonNull(refused.getMessage());
        }
    }

    private static Placeholders placeholders(String expression, boolean withValues) {
        var names = new HashMap<String, String>();
        for (var key : NAME.matcher(expression).results().map(found -> found.group()).toList())
            if (NAMES.containsKey(key))
                names.put(key, Objects.requireNonNull(NAMES.get(key)));
        var values = new ItemWriter();
        boolean any = false;
        for (var key : VALUE.matcher(expression).results().map(found -> found.group()).toList())
            if (withValues && VALUES.containsKey(key)) {
                values.name(key).value(Objects.requireNonNull(VALUES.get(key)));
                any = true;
            }
        return new Placeholders(names.isEmpty() ? null : names, any ? values.item() : null);
    }

    private static List<Asked> asked() {
        try (var in = Objects.requireNonNull(AskedTest.class.getResourceAsStream("asked.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split("\t", -1))
                    .map(parts -> new Asked(parts[0].charAt(0), parts[1], parts[2])).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
