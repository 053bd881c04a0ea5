package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// TransactWriteItems and TransactGetItems.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkTransactionsTest extends SdkSuite {
    private static TransactWriteItem putting(String table, String json) {
        return TransactWriteItem.builder().put(p -> p.tableName(table).item(item(json))).build();
    }

    private static TransactWriteItem add(String table, Map<String, AttributeValue> key, long by) {
        return TransactWriteItem.builder().update(u -> u.tableName(table).key(key).updateExpression("ADD v :by")
                .expressionAttributeValues(Map.of(":by", n(by)))).build();
    }

    private static TransactWriteItem check(String table, Map<String, AttributeValue> key, String condition) {
        return TransactWriteItem.builder().conditionCheck(c -> c.tableName(table).key(key).conditionExpression(condition)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)).build();
    }

    private static TransactWriteItem delete(String table, Map<String, AttributeValue> key) {
        return TransactWriteItem.builder().delete(d -> d.tableName(table).key(key)).build();
    }

    private List<CancellationReason> canceled(TransactWriteItem... writes) {
        var canceled = assertThrows(TransactionCanceledException.class,
                () -> client().transactWriteItems(t -> t.transactItems(writes)));
        assertEquals("Transaction cancelled, please refer cancellation reasons for specific reasons "
                + canceled.cancellationReasons().stream().map(r -> r.code()).toList(), canceled.awsErrorDetails().errorMessage());
        return canceled.cancellationReasons();
    }

    @Test
    void allOfItIsDone() {
        var one = table("all-one");
        var two = table("all-two");
        put(one, "{'pk':'gone','sk':1}");
        put(two, "{'pk':'there','sk':1}");
        client().transactWriteItems(t -> t.transactItems(putting(one, "{'pk':'a','sk':1,'v':1}"), add(one, key("b", 1), 5),
                delete(one, key("gone", 1)),
                check(two, key("there", 1), "attribute_exists(pk)"), putting(two, "{'pk':'c','sk':1}")));
        assertEquals(n(1), get(one, "a", 1).get("v"));
        assertEquals(n(5), get(one, "b", 1).get("v"));
        assertTrue(get(one, "gone", 1).isEmpty());
        assertFalse(get(two, "c", 1).isEmpty());
        var got = client().transactGetItems(t -> t.transactItems(read(one, key("a", 1), null), read(two, key("none", 1), null),
                read(one, key("b", 1), "v"))).responses();
        assertEquals(List.of(item("{'pk':'a','sk':1,'v':1}"), Map.of(), Map.of("v", n(5))),
                got.stream().map(r -> r.item()).toList());
        assertFalse(got.get(1).hasItem());
    }

    private static TransactGetItem read(String table, Map<String, AttributeValue> key, @Nullable String projection) {
        return TransactGetItem.builder().get(g -> {
            g.tableName(table).key(key);
            if (projection != null)
                g.projectionExpression(projection);
        }).build();
    }

    @Test
    void noneOfItIsDoneAndEachReasonIsTold() {
        var name = table("none");
        put(name, "{'pk':'text','sk':1,'v':'x'}");
        put(name, "{'pk':'a','sk':1,'v':1}");
        var reasons = canceled(putting(name, "{'pk':'new','sk':1}"), check(name, key("a", 1), "attribute_not_exists(pk)"),
                add(name, key("text", 1), 1), check(name, key("absent", 1), "attribute_exists(pk)"));
        assertEquals(List.of("None", "ConditionalCheckFailed", "ValidationError", "ConditionalCheckFailed"),
                reasons.stream().map(r -> r.code()).toList());
        assertEquals("The conditional request failed", reasons.get(1).message());
        assertEquals(item("{'pk':'a','sk':1,'v':1}"), reasons.get(1).item());
        assertEquals("An operand in the update expression has an incorrect data type", reasons.get(2).message());
        assertFalse(reasons.get(3).hasItem());
        assertTrue(get(name, "new", 1).isEmpty());
        assertEquals(2, client().scan(x -> x.tableName(name)).count());
    }

    /// A key of a wrong type is one write's fault; an empty one is told before any is looked at (captured from the service by a conformance suite).
    @Test
    void keysThatCannotBeAreReasonsOrRefusals() {
        var name = table("keys");
        var wrong = Map.of("pk", n(5), "sk", n(1));
        var reasons = canceled(putting(name, "{'pk':'a','sk':1}"), putting(name, "{'pk':5,'sk':1}"), delete(name, wrong),
                add(name, wrong, 1),
                check(name, wrong, "attribute_exists(pk)"));
        assertEquals(List.of("None", "ValidationError", "ValidationError", "ValidationError", "ValidationError"),
                reasons.stream().map(r -> r.code()).toList());
        assertEquals("One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
                reasons.get(1).message());
        assertEquals("The provided key element does not match the schema", reasons.get(2).message());
        for (var write : List.of(putting(name, "{'pk':'','sk':1}"), delete(name, key("", 1)), add(name, key("", 1), 1)))
            assertInvalid(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
                    () -> client().transactWriteItems(t -> t.transactItems(putting(name, "{'pk':'a','sk':1}"), write)));
        assertTrue(get(name, "a", 1).isEmpty());
    }

    @Test
    void aTokenIsCarriedOutOnce() {
        var name = table("token");
        for (int i = 0; i < 3; i++)
            client().transactWriteItems(t -> t.clientRequestToken("once").transactItems(add(name, key("a", 1), 1)));
        assertEquals(n(1), get(name, "a", 1).get("v"));
        var mismatch = assertThrows(IdempotentParameterMismatchException.class,
                () -> client().transactWriteItems(t -> t.clientRequestToken("once").transactItems(add(name, key("a", 1), 2))));
        assertEquals("IdempotentParameterMismatchException", mismatch.awsErrorDetails().errorCode());
        client().transactWriteItems(t -> t.clientRequestToken("twice").transactItems(add(name, key("a", 1), 2)));
        assertEquals(n(3), get(name, "a", 1).get("v"));
        assertThrows(TransactionCanceledException.class, () -> client().transactWriteItems(
                t -> t.clientRequestToken("failed").transactItems(check(name, key("b", 1), "attribute_exists(pk)"))));
        put(name, "{'pk':'b','sk':1}");
        client().transactWriteItems(
                t -> t.clientRequestToken("failed").transactItems(check(name, key("b", 1), "attribute_exists(pk)")));
    }

    @Test
    void aReadOfNoKeyIsAReason() {
        var name = table("read-keys");
        var canceled = assertThrows(TransactionCanceledException.class, () -> client()
                .transactGetItems(t -> t.transactItems(read(name, key("a", 1), null), read(name, Map.of("pk", s("a")), null))));
        assertEquals(List.of("None", "ValidationError"), canceled.cancellationReasons().stream().map(r -> r.code()).toList());
        assertEquals("The provided key element does not match the schema", canceled.cancellationReasons().get(1).message());
    }

    /// How the answer is to be told is no part of what is asked for (API reference, ClientRequestToken).
    @Test
    void theSecondTimeReadsAreConsumed() {
        var name = table("token-units");
        client().transactWriteItems(t -> t.clientRequestToken("units").transactItems(add(name, key("a", 1), 1)));
        var again = client().transactWriteItems(t -> t.clientRequestToken("units").transactItems(add(name, key("a", 1), 1))
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)).consumedCapacity().getFirst();
        assertEquals(2.0, again.readCapacityUnits());
        assertEquals(n(1), get(name, "a", 1).get("v"));
    }

    @Test
    void transactionsThatCannotBeAreRefused() {
        var name = table("refused");
        assertInvalid("Transaction request cannot include multiple operations on one item",
                () -> client()
                        .transactWriteItems(t -> t.transactItems(putting(name, "{'pk':'a','sk':1}"), delete(name, key("a", 1)))));
        var many = IntStream.range(0, 101).mapToObj(i -> putting(name, "{'pk':'a','sk':" + i + "}")).toList();
        assertRefusedCode("ValidationException", () -> client().transactWriteItems(t -> t.transactItems(many)));
        client().transactWriteItems(t -> t.transactItems(many.subList(0, 100)));
        assertEquals(100, client().scan(x -> x.tableName(name)).count());
        assertInvalid("TransactItems can only contain one of Check, Put, Update or Delete",
                () -> client().transactWriteItems(t -> t.transactItems(TransactWriteItem.builder().build())));
        assertRefused("ResourceNotFoundException", "Requested resource not found",
                () -> client().transactWriteItems(t -> t.transactItems(putting("nothing", "{'pk':'a','sk':1}"))));
        assertRefusedCode("ValidationException", () -> client().transactGetItems(t -> t.transactItems(
                IntStream.range(0, 101).mapToObj(i -> read(name, key("a", i), null)).toList())));
        assertInvalid("Transaction request cannot include multiple operations on one item",
                () -> client()
                        .transactGetItems(t -> t.transactItems(read(name, key("a", 1), null), read(name, key("a", 1), null))));
        var large = "x".repeat(399_000);
        var wide = IntStream.range(0, 11).mapToObj(i -> TransactWriteItem.builder()
                .put(p -> p.tableName(name).item(Map.of("pk", s("large"), "sk", n(i), "v", s(large)))).build()).toList();
        assertRefusedCode("ValidationException", () -> client().transactWriteItems(t -> t.transactItems(wide)));
        assertTrue(get(name, "large", 0).isEmpty());
    }
}
