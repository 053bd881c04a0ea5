package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalOperator;
import software.amazon.awssdk.services.dynamodb.model.ExpectedAttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// PutItem, GetItem, UpdateItem, DeleteItem: every type, expression, form of ReturnValues, and the legacy members.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkWritesTest extends SdkSuite {
    private static final Map<String, AttributeValue> A1 = key("a", 1);

    @Test
    void everyTypeComesBackAsItWasPut() {
        var name = table("types");
        var item = new HashMap<>(key("a", 1));
        item.put("s", s("é\u0000\"\\ \uD83D\uDE00"));
        item.put("empty", s(""));
        item.put("n", AttributeValue.fromN("-1.2345678901234567890123456789012345678E-5"));
        item.put("b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[]{0, -1, 127})));
        item.put("none", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0])));
        item.put("yes", AttributeValue.fromBool(true));
        item.put("no", AttributeValue.fromBool(false));
        item.put("null", AttributeValue.fromNul(true));
        item.put("l", AttributeValue.fromL(List.of(s("x"), n(1), AttributeValue.fromL(List.of()))));
        item.put("m", AttributeValue.fromM(Map.of("deep", AttributeValue.fromM(Map.of("deeper", n(2))))));
        item.put("ss", AttributeValue.fromSs(List.of("b", "a", "")));
        item.put("ns", AttributeValue.fromNs(List.of("3", "1.50", "-2")));
        item.put("bs", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("y"), SdkBytes.fromUtf8String("x"))));
        client().putItem(p -> p.tableName(name).item(item));
        var got = get(name, "a", 1);
        assertEquals(item.keySet(), got.keySet());
        assertEquals(Set.of("a", "b", ""), Set.copyOf(of(got, "ss").ss()));
        assertEquals(Set.of("3", "1.5", "-2"), Set.copyOf(of(got, "ns").ns()));
        assertEquals(Set.copyOf(of(item, "bs").bs()), Set.copyOf(of(got, "bs").bs()));
        assertEquals("-0.000012345678901234567890123456789012345678", of(got, "n").n());
        for (var name2 : List.of("s", "empty", "b", "none", "yes", "no", "null", "l", "m"))
            assertEquals(item.get(name2), got.get(name2), name2);
    }

    @Test
    void numbersKeep38DigitsAndTheirRange() {
        var name = table("numbers");
        for (var pair : List.of(List.of("1E3", "1000"), List.of("00.50", "0.5"), List.of("-0", "0"),
                List.of("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
                List.of("1E-130", "0." + "0".repeat(129) + "1"),
                List.of("9.9999999999999999999999999999999999999E+125", "9".repeat(38) + "0".repeat(88)))) {
            client().putItem(p -> p.tableName(name).item(with(A1, "v", AttributeValue.fromN(pair.get(0)))));
            assertEquals(pair.get(1), of(get(name, "a", 1), "v").n(), pair.get(0));
        }
        assertInvalid("Number overflow. Attempting to store a number with magnitude larger than supported range",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", AttributeValue.fromN("1E126")))));
        assertInvalid("Number underflow. Attempting to store a number with magnitude smaller than supported range",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", AttributeValue.fromN("1E-131")))));
        assertInvalid("Attempting to store more than 38 significant digits in a Number",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", AttributeValue.fromN("1".repeat(39))))));
        assertInvalid("The parameter cannot be converted to a numeric value: 1x",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", AttributeValue.fromN("1x")))));
    }

    private static Map<String, AttributeValue> with(Map<String, AttributeValue> item, String name, AttributeValue value) {
        var more = new HashMap<>(item);
        more.put(name, value);
        return more;
    }

    @Test
    void putTellsWhatItReplaced() {
        var name = table("puts");
        assertFalse(client().putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'v':1}"))
                .returnValues(ReturnValue.ALL_OLD)).hasAttributes());
        var second = client()
                .putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'w':2}")).returnValues(ReturnValue.ALL_OLD));
        assertEquals(item("{'pk':'a','sk':1,'v':1}"), second.attributes());
        assertFalse(client().putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'w':3}")).returnValues(ReturnValue.NONE))
                .hasAttributes());
        assertEquals(item("{'pk':'a','sk':1,'w':3}"), get(name, "a", 1));
        assertInvalid("ReturnValues can only be ALL_OLD or NONE",
                () -> client().putItem(p -> p.tableName(name).item(A1).returnValues(ReturnValue.ALL_NEW)));
    }

    @Test
    void deleteTellsWhatItRemoved() {
        var name = table("deletes");
        put(name, "{'pk':'a','sk':1,'v':1}");
        assertInvalid("ReturnValues can only be ALL_OLD or NONE",
                () -> client().deleteItem(p -> p.tableName(name).key(A1).returnValues(ReturnValue.UPDATED_OLD)));
        assertEquals(item("{'pk':'a','sk':1,'v':1}"),
                client().deleteItem(d -> d.tableName(name).key(A1).returnValues(ReturnValue.ALL_OLD)).attributes());
        assertFalse(client().deleteItem(d -> d.tableName(name).key(A1).returnValues(ReturnValue.ALL_OLD)).hasAttributes());
        assertTrue(get(name, "a", 1).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"NONE | ",
            "ALL_OLD | {'pk':'a','sk':1,'v':1,'m':{'x':1,'y':2},'gone':9}",
            "ALL_NEW | {'pk':'a','sk':1,'v':6,'m':{'x':8,'y':2},'made':'m'}", "UPDATED_OLD | {'v':1,'m':{'x':1},'gone':9}",
            "UPDATED_NEW | {'v':6,'m':{'x':8},'made':'m'}"})
    void updateTellsInEveryForm(String form, String expected) {
        var name = table("update-" + form);
        put(name, "{'pk':'a','sk':1,'v':1,'m':{'x':1,'y':2},'gone':9}");
        var updated = client().updateItem(u -> u.tableName(name).key(A1).returnValues(form)
                .updateExpression("SET v = v + :five, m.x = :eight, made = :made REMOVE gone")
                .expressionAttributeValues(Map.of(":five", n(5), ":eight", n(8), ":made", s("m"))));
        assertEquals(expected != null, updated.hasAttributes());
        assertEquals(expected == null ? Map.of() : item(expected), updated.attributes());
        assertEquals(item("{'pk':'a','sk':1,'v':6,'m':{'x':8,'y':2},'made':'m'}"), get(name, "a", 1));
    }

    /// Each from `{"n":5,"s":"x","l":[1,2,3],"m":{"a":1,"b":{"c":2}}}` with `:one` 1, `:t` "t", `:l` [9], `:m` {"z":0}.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SET n = n - :one | {'n':4,'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2}}}",
            "SET n = :one + n, s = :t | {'n':6,'s':'t','l':[1,2,3],'m':{'a':1,'b':{'c':2}}}",
            "SET l = list_append(l, :l) | {'n':5,'s':'x','l':[1,2,3,9],'m':{'a':1,'b':{'c':2}}}",
            "SET l = list_append(:l, l) | {'n':5,'s':'x','l':[9,1,2,3],'m':{'a':1,'b':{'c':2}}}",
            "SET l[1] = :t | {'n':5,'s':'x','l':[1,'t',3],'m':{'a':1,'b':{'c':2}}}",
            "SET l[40] = :t | {'n':5,'s':'x','l':[1,2,3,'t'],'m':{'a':1,'b':{'c':2}}}",
            "SET k = if_not_exists(k, :t), n = if_not_exists(n, :t) | {'n':5,'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2}},'k':'t'}",
            "SET m.b.d = :one, m.e = :m | {'n':5,'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2,'d':1},'e':{'z':0}}}",
            "SET n = s, s = n | {'n':'x','s':5,'l':[1,2,3],'m':{'a':1,'b':{'c':2}}}",
            "REMOVE l[0], l[2], m.b | {'n':5,'s':'x','l':[2],'m':{'a':1}}",
            "REMOVE absent, n | {'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2}}}",
            "ADD n :one, fresh :one | {'n':6,'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2}},'fresh':1}",
            "set s = :t remove n add q :one | {'s':'t','l':[1,2,3],'m':{'a':1,'b':{'c':2}},'q':1}"})
    void updatesDoWhatTheirExpressionSays(String expression, String expected) {
        var name = "expressions";
        if (!client().listTables().tableNames().contains(name))
            table(name);
        put(name, "{'pk':'a','sk':1,'n':5,'s':'x','l':[1,2,3],'m':{'a':1,'b':{'c':2}}}");
        var values = new HashMap<>(Map.of(":one", n(1), ":t", s("t"), ":l", AttributeValue.fromL(List.of(n(9))), ":m",
                AttributeValue.fromM(Map.of("z", n(0)))));
        values.keySet().removeIf(v -> !expression.matches("(?s).*" + v + "\\b.*"));
        client().updateItem(u -> {
            u.tableName(name).key(A1).updateExpression(expression);
            if (!values.isEmpty())
                u.expressionAttributeValues(values);
        });
        var got = new HashMap<>(get(name, "a", 1));
        got.keySet().removeAll(A1.keySet());
        assertEquals(item(expected), got);
    }

    @Test
    void setsGrowAndShrink() {
        var name = table("sets");
        client().updateItem(u -> u.tableName(name).key(A1).updateExpression("ADD ss :x, ns :y").expressionAttributeValues(
                Map.of(":x", AttributeValue.fromSs(List.of("a", "b")), ":y", AttributeValue.fromNs(List.of("1", "2")))));
        client().updateItem(u -> u.tableName(name).key(A1).updateExpression("ADD ss :x DELETE ns :y").expressionAttributeValues(
                Map.of(":x", AttributeValue.fromSs(List.of("c", "a")), ":y", AttributeValue.fromNs(List.of("1.0", "7")))));
        var got = get(name, "a", 1);
        assertEquals(Set.of("a", "b", "c"), Set.copyOf(of(got, "ss").ss()));
        assertEquals(List.of("2"), of(got, "ns").ns());
        client().updateItem(u -> u.tableName(name).key(A1).updateExpression("DELETE ns :y")
                .expressionAttributeValues(Map.of(":y", AttributeValue.fromNs(List.of("2")))));
        assertFalse(get(name, "a", 1).containsKey("ns"), "a set without members is none");
    }

    @Test
    void updatesThatCannotBeAreRefusedAndChangeNothing() {
        var name = table("refused-updates");
        put(name, "{'pk':'a','sk':1,'s':'x','l':[1]}");
        var before = get(name, "a", 1);
        assertInvalid("An operand in the update expression has an incorrect data type",
                () -> update(name, "SET s = s + :v", n(1)));
        assertInvalid("The document path provided in the update expression is invalid for update",
                () -> update(name, "SET absent.x = :v", n(1)));
        assertInvalid("The provided expression refers to an attribute that does not exist in the item",
                () -> update(name, "SET q = absent + :v", n(1)));
        assertInvalid("One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
                () -> update(name, "SET pk = :v", s("b")));
        assertInvalid(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [l], path two: [l, [0]]",
                () -> update(name, "SET l = :v, l[0] = :v", n(1)));
        assertInvalid("Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: size",
                () -> update(name, "SET size = :v", n(1)));
        assertInvalid("Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"=\"",
                () -> update(name, "SET s =", n(1)));
        assertInvalid(
                "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w",
                () -> update(name, "SET s = :w", n(1)));
        assertInvalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
                () -> update(name, "REMOVE s", n(1)));
        assertInvalid("An operand in the update expression has an incorrect data type",
                () -> update(name, "ADD s :v", n(1)));
        assertEquals(before, get(name, "a", 1));
    }

    private void update(String table, String expression, AttributeValue v) {
        client().updateItem(
                u -> u.tableName(table).key(A1).updateExpression(expression).expressionAttributeValues(Map.of(":v", v)));
    }

    /// Of `{"n":5,"s":"hello","l":[1,"x"],"m":{"a":1}}`.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"attribute_exists(n) | true", "attribute_not_exists(n) | false",
            "attribute_exists(m.a) and attribute_not_exists(m.b) | true", "attribute_type(s, :string) | true",
            "attribute_type(n, :string) | false", "begins_with(s, :he) | true", "contains(s, :he) | true",
            "contains(l, :five) | false", "contains(l, :x) | true", "size(s) = :five | true", "size(l) > size(m) | true",
            "n = :five | true", "n <> :five | false", "n < :five or n > :five | false", "n between :five and :nine | true",
            "n in (:nine, :five) | true", "not n in (:nine) | true", "s = :five | false", "s <> :five | true",
            "absent <> :five | true",
            "absent = :five | false", "not absent = :five | true", "(n = :nine or s = :x) and n = :five | false",
            "n = :nine or s = :x and n = :five | false", "n >= :five AND n <= :five | true", "l[1] = :x | true",
            "l[7] = :x | false"})
    void conditionsHoldOrNot(String condition, boolean holds) {
        var name = "conditions";
        if (!client().listTables().tableNames().contains(name))
            table(name);
        put(name, "{'pk':'a','sk':1,'n':5,'s':'hello','l':[1,'x'],'m':{'a':1}}");
        var values = new HashMap<>(Map.of(":five", n(5), ":nine", n(9), ":he", s("he"), ":x", s("x"), ":string", s("S")));
        values.keySet().removeIf(v -> !condition.matches("(?s).*" + v + "\\b.*"));
        Runnable write = () -> client().deleteItem(d -> {
            d.tableName(name).key(A1).conditionExpression(condition);
            if (!values.isEmpty())
                d.expressionAttributeValues(values);
        });
        if (holds)
            write.run();
        else
            assertThrows(ConditionalCheckFailedException.class, write::run);
        assertEquals(holds, get(name, "a", 1).isEmpty());
    }

    @Test
    void aFailedConditionTellsTheItemWhenAsked() {
        var name = table("failures");
        put(name, "{'pk':'a','sk':1,'v':1}");
        var item = get(name, "a", 1);
        var put = assertThrows(ConditionalCheckFailedException.class,
                () -> client().putItem(p -> p.tableName(name).item(A1).conditionExpression("attribute_not_exists(pk)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        assertEquals(item, put.item());
        var update = assertThrows(ConditionalCheckFailedException.class,
                () -> client()
                        .updateItem(u -> u.tableName(name).key(A1).updateExpression("SET v = :v").conditionExpression("v = :w")
                                .expressionAttributeValues(Map.of(":v", n(2), ":w", n(3)))
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        assertEquals(item, update.item());
        var delete = assertThrows(ConditionalCheckFailedException.class, () -> client().deleteItem(d -> d.tableName(name).key(A1)
                .conditionExpression("attribute_not_exists(pk)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.NONE)));
        assertFalse(delete.hasItem());
        assertEquals("The conditional request failed", delete.awsErrorDetails().errorMessage());
        var absent = assertThrows(ConditionalCheckFailedException.class,
                () -> client().deleteItem(d -> d.tableName(name).key(key("b", 1)).conditionExpression("attribute_exists(pk)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        assertFalse(absent.hasItem());
        assertEquals(item, get(name, "a", 1));
    }

    @Test
    void projectionsTellWhatTheyName() {
        var name = table("projections");
        put(name, "{'pk':'a','sk':1,'m':{'x':1,'y':[10,11,12]},'name':'n','other':0}");
        var got = client().getItem(g -> g.tableName(name).key(A1).projectionExpression("m.y[2], m.y[0], #n, absent, m.x")
                .expressionAttributeNames(Map.of("#n", "name"))).item();
        assertEquals(item("{'m':{'x':1,'y':[10,12]},'name':'n'}"), got);
        assertEquals(item("{'name':'n'}"),
                client().getItem(g -> g.tableName(name).key(A1).attributesToGet("name", "absent")).item());
        var nothing = client().getItem(g -> g.tableName(name).key(A1).projectionExpression("absent"));
        assertTrue(nothing.hasItem(), "an item is there, with nothing of what was asked for");
        assertTrue(nothing.item().isEmpty());
        assertInvalid("Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name",
                () -> client().getItem(g -> g.tableName(name).key(A1).projectionExpression("name")));
        assertInvalid(
                "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
                () -> client().getItem(g -> g.tableName(name).key(A1).projectionExpression("m").attributesToGet("m")));
        assertInvalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}", () -> client().getItem(
                g -> g.tableName(name).key(A1).projectionExpression("m").expressionAttributeNames(Map.of("#n", "name"))));
    }

    @Test
    void legacyUpdatesPutAddAndDelete() {
        var name = table("legacy-updates");
        client().updateItem(u -> u.tableName(name).key(A1).attributeUpdates(Map.of("v", change(AttributeAction.PUT, n(1)), "c",
                change(AttributeAction.ADD, n(5)), "ss", change(AttributeAction.ADD, AttributeValue.fromSs(List.of("a", "b"))))));
        var updated = client().updateItem(u -> u.tableName(name).key(A1).returnValues(ReturnValue.UPDATED_NEW)
                .attributeUpdates(Map.of("v", change(AttributeAction.DELETE, null), "c", change(AttributeAction.ADD, n(-2)), "ss",
                        change(AttributeAction.DELETE, AttributeValue.fromSs(List.of("b"))))));
        assertEquals(Map.of("c", n(3), "ss", AttributeValue.fromSs(List.of("a"))), updated.attributes());
        assertEquals(with(with(A1, "c", n(3)), "ss", AttributeValue.fromSs(List.of("a"))), get(name, "a", 1));
        client().updateItem(u -> u.tableName(name).key(key("new", 1)));
        assertEquals(key("new", 1), get(name, "new", 1), "an update of nothing makes the item");
        assertInvalid(
                "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}",
                () -> client().updateItem(UpdateItemRequest.builder().tableName(name).key(A1).updateExpression("REMOVE v")
                        .attributeUpdates(Map.of("v", change(AttributeAction.DELETE, null))).build()));
    }

    private static AttributeValueUpdate change(AttributeAction action, @Nullable AttributeValue value) {
        return AttributeValueUpdate.builder().action(action).value(value).build();
    }

    /// Of `{"n":5,"s":"hello"}`.
    @ParameterizedTest
    @CsvSource({"EQ, n, 5, true", "NE, n, 5, false", "LT, n, 6, true", "LE, n, 4, false", "GT, n, 4, true", "GE, n, 5, true",
            "NOT_NULL, n, , true", "NULL, n, , false", "NULL, absent, , true", "BEGINS_WITH, s, he, true",
            "CONTAINS, s, ell, true",
            "NOT_CONTAINS, s, ell, false", "IN, n, 5, true"})
    void legacyExpectationsHoldOrNot(ComparisonOperator operator, String attribute, String value, boolean holds) {
        var name = "legacy-expected";
        if (!client().listTables().tableNames().contains(name))
            table(name);
        put(name, "{'pk':'a','sk':1,'n':5,'s':'hello'}");
        var expected = ExpectedAttributeValue.builder().comparisonOperator(operator);
        if (value != null)
            expected.attributeValueList(attribute.equals("n") ? AttributeValue.fromN(value) : s(value));
        Runnable write = () -> client().deleteItem(d -> d.tableName(name).key(A1).expected(Map.of(attribute, expected.build())));
        if (holds)
            write.run();
        else
            assertThrows(ConditionalCheckFailedException.class, write::run);
        assertEquals(holds, get(name, "a", 1).isEmpty());
    }

    @Test
    void legacyExpectationsAreJoined() {
        var name = table("legacy-joined");
        var either = Map.of("pk", ExpectedAttributeValue.builder().exists(false).build(), "v",
                ExpectedAttributeValue.builder().value(n(7)).build());
        client().putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'v':7}")).expected(either)
                .conditionalOperator(ConditionalOperator.OR));
        client().putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':1,'v':8}")).expected(either)
                .conditionalOperator(ConditionalOperator.OR));
        assertThrows(ConditionalCheckFailedException.class,
                () -> client()
                        .putItem(p -> p.tableName(name).item(A1).expected(either).conditionalOperator(ConditionalOperator.AND)));
        assertEquals(n(8), get(name, "a", 1).get("v"));
    }

    @Test
    void keysAndSizesAreBounded() {
        var name = table("bounds");
        assertInvalid("The provided key element does not match the schema",
                () -> client().getItem(g -> g.tableName(name).key(Map.of("pk", s("a")))));
        assertInvalid("The provided key element does not match the schema",
                () -> client().getItem(g -> g.tableName(name).key(Map.of("pk", s("a"), "sk", s("1")))));
        assertInvalid("One or more parameter values were invalid: Missing the key sk in the item",
                () -> client().putItem(p -> p.tableName(name).item(Map.of("pk", s("a")))));
        assertInvalid("One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S",
                () -> client().putItem(p -> p.tableName(name).item(Map.of("pk", s("a"), "sk", s("1")))));
        assertInvalid(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
                () -> client().putItem(p -> p.tableName(name).item(key("", 1))));
        assertInvalid(
                "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
                () -> client().putItem(p -> p.tableName(name).item(key("k".repeat(2049), 1))));
        client().putItem(p -> p.tableName(name).item(key("k".repeat(2048), 1)));
        int room = 400 * 1024 - ("pk".length() + 1 + "sk".length() + 2 + "v".length());
        client().putItem(p -> p.tableName(name).item(with(A1, "v", s("x".repeat(room)))));
        assertEquals(room, of(get(name, "a", 1), "v").s().length());
        assertInvalid("Item size has exceeded the maximum allowed size",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", s("x".repeat(room + 1))))));
        assertInvalid("Item size to update has exceeded the maximum allowed size", () -> update(name, "SET w = :v", n(1)));
        assertRefused("ResourceNotFoundException", "Requested resource not found",
                () -> client().putItem(p -> p.tableName("none").item(A1)));
        assertRefused("ResourceNotFoundException", "Requested resource not found",
                () -> client().getItem(p -> p.tableName("none").key(A1)));
    }

    @Test
    void nestingEndsAt32Levels() {
        var name = table("nested");
        client().putItem(p -> p.tableName(name).item(with(A1, "v", nested(31))));
        assertEquals(nested(31), get(name, "a", 1).get("v"));
        assertInvalid(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
                () -> client().putItem(p -> p.tableName(name).item(with(A1, "v", nested(32)))));
    }

    private static AttributeValue nested(int levels) {
        var value = n(1);
        for (int i = 0; i < levels; i++)
            value = i % 2 == 0 ? AttributeValue.fromL(List.of(value)) : AttributeValue.fromM(Map.of("x", value));
        return value;
    }

    /// Twice the same write makes no difference; the SDK's asynchronous client over Netty sees what the other did.
    @Test
    void theAsynchronousClientDoesTheSame() {
        var name = table("async");
        try (var async = server().asyncClient(used())) {
            var puts = IntStream.range(0, 40)
                    .mapToObj(
                            i -> async.putItem(p -> p.tableName(name).item(item("{'pk':'a','sk':" + i + ",'v':" + i * i + "}"))))
                    .toList();
            puts.forEach(CompletableFuture::join);
            var got = IntStream.range(0, 40)
                    .mapToObj(i -> async.getItem(g -> g.tableName(name).key(key("a", i)))).toList();
            for (int i = 0; i < 40; i++)
                assertEquals(n((long) i * i), got.get(i).join().item().get("v"));
            var updates = IntStream.range(0, 40)
                    .mapToObj(_ -> async.updateItem(u -> u.tableName(name).key(key("counter", 0)).updateExpression("ADD c :one")
                            .expressionAttributeValues(Map.of(":one", n(1)))))
                    .toList();
            updates.forEach(CompletableFuture::join);
            assertEquals(n(40), get(name, "counter", 0).get("c"));
        }
    }
}
