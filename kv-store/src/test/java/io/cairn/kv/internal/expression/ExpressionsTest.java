package io.cairn.kv.internal.expression;

import static io.cairn.kv.internal.expression.Items.ITEM;
import static io.cairn.kv.internal.expression.Items.KEY;
import static io.cairn.kv.internal.expression.Items.refused;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KeyCondition;
import io.cairn.kv.Legacy;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [AskedTest]'s table does not ask: the ways in and out, limits, and the legacy members.
final class ExpressionsTest {
    private static Item value(Value value) {
        return Item.of("0", value);
    }

    @Test
    void placeholdersAreCheckedAndCounted() {
        refused("ExpressionAttributeNames must not be empty", () -> new Placeholders(Map.of(), null));
        refused("ExpressionAttributeValues must not be empty", () -> new Placeholders(null, Item.EMPTY));
        refused("ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\"",
                () -> new Placeholders(Map.of("x", "a"), null));
        refused("ExpressionAttributeValues contains invalid key: Syntax error; key: \":\"",
                () -> new Placeholders(null, Item.of(":", Value.n(1))));
        var placeholders = new Placeholders(Map.of("#x", "s2"), Item.of(":v", Value.s("a"), ":w", Value.n(1)));
        refused("Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}", placeholders::requireAllUsed);
        assertTrue(placeholders.condition("#x = :v").holds(ITEM));
        refused("Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}", placeholders::requireAllUsed);
        assertTrue(placeholders.filter("size(#x) = :w").holds(ITEM));
        placeholders.requireAllUsed();
    }

    @Test
    void conditionsTellWhatTheyLookAt() {
        var condition = Items.values(Value.n(1)).condition("size(a) = :v OR b.c = :v AND attribute_exists(d[0])");
        assertEquals(Set.of("a", "b", "d"), condition.attributes());
        assertEquals(Set.of("b", "d"), condition.nestedAttributes());
        assertTrue(Placeholders.NONE.condition("attribute_not_exists(a)").holds(null));
    }

    @Test
    void expressionsHaveLimits() {
        var none = Placeholders.NONE;
        refused("Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097",
                () -> none.condition("a = b" + " ".repeat(4092)));
        refused("Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;",
                () -> none.update("SET a = b" + " ".repeat(4092)));
        refused("Invalid FilterExpression: The expression contains too many operators; operator count: 301",
                () -> none.filter("a=b" + " OR a=b".repeat(150)));
        assertFalse(none.filter("a=b" + " OR a=b".repeat(149)).holds(ITEM));
        refused("Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101",
                () -> none.condition("a IN (b" + ",b".repeat(100) + ")"));
        refused("Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33",
                () -> none.projection("a" + ".a".repeat(32)));
        assertTrue(none.condition("NOT (".repeat(299) + "a=b" + ")".repeat(299)).holds(ITEM));
        refused("Invalid ConditionExpression: The expression has redundant parentheses;",
                () -> none.condition("(".repeat(2000) + "a=b" + ")".repeat(2000)));
    }

    @Test
    void updatesOfNothingBeginWithTheKey() {
        var update = Items.values(Value.n(1)).update("SET a = pk ADD c :v");
        assertEquals("{a:\"1\",c:1,pk:\"1\"}", Items.text(requireNonNull(update.apply(null, KEY))));
        assertEquals(Set.of("a", "c"), update.attributes());
    }

    @Test
    void touchedIsWhatThePathsNameAndTheItemHas() {
        var update = Placeholders.NONE.update("SET m.deep.x = n, l[1] = n, l[8] = s2, q = n REMOVE s2");
        assertEquals("{l:[\"two\"],m:{deep:{x:1}},s2:\"a\"}", Items.text(update.touched(ITEM)));
        assertEquals("{l:[5],m:{deep:{x:5}},q:5}", Items.text(update.touched(requireNonNull(update.apply(ITEM, KEY)))));
    }

    @Test
    void nestingEndsAtThirtyOne() {
        Value deep = Value.n(1);
        for (int i = 0; i < 31; i++)
            deep = Value.m(Map.of("d", deep));
        var placeholders = Items.values(deep);
        assertEquals(2, requireNonNull(placeholders.update("SET x = :v").apply(null, KEY)).count());
        refused("Nesting Levels have exceeded supported limits", () -> placeholders.update("SET m.x = :v").apply(ITEM, KEY));
    }

    @Test
    void keyConditionsAreComparisons() {
        var condition = Items.values(Value.s("a"), Value.s("b")).keyCondition("pk = :v AND sk BETWEEN :v AND :w AND :w >= x");
        assertEquals(List.of("pk", "sk", "x"), condition.comparisons().stream().map(KeyCondition.Comparison::attribute).toList());
        assertEquals(List.of(KeyCondition.Operator.EQ, KeyCondition.Operator.BETWEEN, KeyCondition.Operator.LE),
                condition.comparisons().stream().map(KeyCondition.Comparison::operator).toList());
        assertEquals(2, condition.comparisons().get(1).operands().size());
    }

    @Test
    void expectedIsACondition() {
        var exists = new Legacy.Expected("s2", null, value(Value.s("a")), null, null);
        var missing = new Legacy.Expected("q", false, null, null, null);
        assertTrue(Legacy.expected(List.of(exists, missing), null).holds(ITEM));
        assertFalse(Legacy.expected(List.of(exists, missing), Legacy.Joined.AND).holds(null));
        assertTrue(Legacy.expected(List.of(exists, missing), Legacy.Joined.OR).holds(null));
        assertTrue(Legacy.expected(List.of(), null).holds(null));
        refused("ConditionalOperator can only be used when Filter or Expected has two or more elements",
                () -> Legacy.expected(List.of(exists), Legacy.Joined.OR));
        refused("One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: a",
                () -> Legacy.expected(List.of(new Legacy.Expected("a", null, null, null, null)), null));
        refused("One or more parameter values were invalid: Exists and ComparisonOperator cannot be used together for Attribute: a",
                () -> Legacy.expected(List.of(new Legacy.Expected("a", true, value(Value.n(1)), Legacy.Operator.EQ, null)),
                        null));
        refused("One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN ComparisonOperator",
                () -> Legacy.expected(List.of(new Legacy.Expected("a", null, value(Value.n(1)), Legacy.Operator.BETWEEN, null)),
                        null));
    }

    @Test
    void filtersCompareAsDynamoDbDoes() {
        assertTrue(holds("n", Legacy.Operator.GT, Value.n(1)));
        assertTrue(holds("q", Legacy.Operator.NE, Value.n(1)));
        assertFalse(holds("q", Legacy.Operator.NOT_CONTAINS, Value.s("x")));
        assertTrue(holds("ns", Legacy.Operator.NOT_CONTAINS, Value.s("x")));
        assertTrue(holds("l", Legacy.Operator.CONTAINS, Value.n(1)));
        assertTrue(holds("s", Legacy.Operator.BEGINS_WITH, Value.s("h")));
        refused("One or more parameter values were invalid: ComparisonOperator LT is not valid for BOOL AttributeValue type",
                () -> holds("t", Legacy.Operator.LT, Value.bool(true)));
        refused("One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type",
                () -> Legacy.filter(
                        List.of(new Legacy.Comparison("a", Legacy.Operator.IN, Item.of("0", Value.n(1), "1", Value.s("")))),
                        null));
        refused("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
                () -> Legacy.filter(
                        List.of(new Legacy.Comparison("a", Legacy.Operator.BETWEEN, Item.of("0", Value.n(2), "1", Value.n(1)))),
                        null));
    }

    private static boolean holds(String attribute, Legacy.Operator operator, Value value) {
        return Legacy.filter(List.of(new Legacy.Comparison(attribute, operator, value(value))), null).holds(ITEM);
    }

    @Test
    void attributeUpdatesAreAnUpdate() {
        var update = Legacy.attributeUpdates(List.of(
                new Legacy.AttributeUpdate("q", Legacy.AttributeUpdate.Action.PUT, value(Value.s("new"))),
                new Legacy.AttributeUpdate("n", Legacy.AttributeUpdate.Action.ADD, value(Value.n(1))),
                new Legacy.AttributeUpdate("l", Legacy.AttributeUpdate.Action.ADD, value(Value.l(Value.n(9)))),
                new Legacy.AttributeUpdate("ss", Legacy.AttributeUpdate.Action.DELETE, value(Value.ss("x"))),
                new Legacy.AttributeUpdate("s", Legacy.AttributeUpdate.Action.DELETE, null)));
        assertEquals("{l:[1,\"two\",{q:3},9],n:6,q:\"new\",s:gone,ss:<\"y\">}",
                Items.changes(requireNonNull(update.apply(ITEM, KEY))));
        var mismatch = Legacy.attributeUpdates(
                List.of(new Legacy.AttributeUpdate("s2", Legacy.AttributeUpdate.Action.ADD, value(Value.n(1)))));
        refused("Type mismatch for attribute to update", () -> mismatch.apply(ITEM, KEY));
        refused("One or more parameter values were invalid: ADD action is not supported for the type STRING",
                () -> Legacy.attributeUpdates(
                        List.of(new Legacy.AttributeUpdate("a", Legacy.AttributeUpdate.Action.ADD, value(Value.s("x"))))));
    }

    @Test
    void attributesToGetAreNamesAndNoPaths() {
        assertEquals("{s2:\"a\"}", Items.text(Legacy.attributesToGet(List.of("s2", "m.k")).of(ITEM)));
        refused("Cannot have two attributes with the same name", () -> Legacy.attributesToGet(List.of("a", "a")));
    }

    @Test
    void keyConditionsOfOldAreTheSameComparisons() {
        var condition = Legacy.keyConditions(List.of(new Legacy.Comparison("pk", Legacy.Operator.EQ, value(Value.s("a")))));
        assertEquals(KeyCondition.Operator.EQ, condition.comparisons().getFirst().operator());
        refused("Attempted conditional constraint is not an indexable operation",
                () -> Legacy.keyConditions(List.of(new Legacy.Comparison("sk", Legacy.Operator.CONTAINS, value(Value.s("a"))))));
    }

    @Test
    void reservedWordsAreThoseOfTheGuide() {
        assertEquals(573, ReservedWords.ALL.size());
        assertTrue(ReservedWords.contain("Name"));
        assertFalse(ReservedWords.contain("pk"));
    }
}
