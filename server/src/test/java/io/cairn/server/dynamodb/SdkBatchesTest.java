package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// BatchGetItem and BatchWriteItem.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class SdkBatchesTest extends SdkSuite {
    private static WriteRequest put(Map<String, AttributeValue> item) {
        return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
    }

    private static WriteRequest delete(Map<String, AttributeValue> key) {
        return WriteRequest.builder().deleteRequest(DeleteRequest.builder().key(key).build()).build();
    }

    private static KeysAndAttributes keys(List<Map<String, AttributeValue>> keys) {
        return KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
    }

    private static List<Map<String, AttributeValue>> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> key("p" + i, i)).toList();
    }

    @Test
    void aBatchWritesToSeveralTables() {
        var one = table("write-one");
        var two = table("write-two");
        client().putItem(p -> p.tableName(two).item(key("gone", 1)));
        var done = client()
                .batchWriteItem(b -> b.requestItems(Map.of(one, keys(0, 20).stream().map(SdkBatchesTest::put).toList(), two,
                        List.of(put(item("{'pk':'new','sk':1,'v':'x'}")), delete(key("gone", 1)), delete(key("never", 1))))));
        assertFalse(done.hasUnprocessedItems() && !done.unprocessedItems().isEmpty());
        assertEquals(20, client().scan(x -> x.tableName(one)).count());
        assertEquals(List.of(item("{'pk':'new','sk':1,'v':'x'}")), client().scan(x -> x.tableName(two)).items());
    }

    @Test
    void batchesThatCannotBeAreRefusedAsAWhole() {
        var name = table("write-refused");
        assertRefusedCode("ValidationException",
                () -> client().batchWriteItem(
                        b -> b.requestItems(Map.of(name, keys(0, 26).stream().map(SdkBatchesTest::put).toList()))));
        assertInvalid("Provided list of item keys contains duplicates",
                () -> client().batchWriteItem(b -> b.requestItems(Map.of(name, List.of(put(key("a", 1)), delete(key("a", 1)))))));
        assertInvalid("One or more parameter values were invalid: Missing the key sk in the item", () -> client()
                .batchWriteItem(b -> b.requestItems(Map.of(name, List.of(put(key("a", 1)), put(Map.of("pk", s("b"))))))));
        assertInvalid("The provided key element does not match the schema", () -> client()
                .batchWriteItem(b -> b.requestItems(Map.of(name, List.of(put(key("a", 1)), delete(Map.of("pk", s("b"))))))));
        assertInvalid("Item size has exceeded the maximum allowed size", () -> client().batchWriteItem(
                b -> b.requestItems(Map.of(name,
                        List.of(put(key("a", 1)), put(Map.of("pk", s("b"), "sk", n(1), "v", s("x".repeat(400 << 10)))))))));
        assertRefused("ResourceNotFoundException", "Requested resource not found",
                () -> client().batchWriteItem(
                        b -> b.requestItems(Map.of(name, List.of(put(key("a", 1))), "none", List.of(put(key("a", 1)))))));
        assertRefusedCode("ValidationException", () -> client().batchWriteItem(b -> b.requestItems(Map.of(name, List.of()))));
        assertEquals(0, client().scan(x -> x.tableName(name)).count());
    }

    @Test
    void aBatchReadsFromSeveralTables() {
        var one = table("read-one");
        var two = table("read-two");
        for (int from = 0; from < 100; from += 25) {
            var writes = keys(from, from + 25).stream().map(SdkBatchesTest::put).toList();
            client().batchWriteItem(b -> b.requestItems(Map.of(one, writes)));
        }
        client().putItem(p -> p.tableName(two).item(item("{'pk':'a','sk':1,'v':{'deep':1,'other':2},'name':'n','w':3}")));
        var some = KeysAndAttributes.builder().keys(key("a", 1), key("none", 1)).projectionExpression("v.deep, #n")
                .expressionAttributeNames(Map.of("#n", "name")).build();
        var got = client().batchGetItem(b -> b.requestItems(Map.of(one, keys(keys(0, 98)), two, some)));
        assertEquals(new HashSet<>(keys(0, 98)), new HashSet<>(of(got.responses(), one)));
        assertEquals(List.of(item("{'v':{'deep':1},'name':'n'}")), got.responses().get(two));
        assertTrue(got.unprocessedKeys().isEmpty());
        var legacy = KeysAndAttributes.builder().keys(key("a", 1)).attributesToGet("w").build();
        assertEquals(List.of(Map.of("w", n(3))),
                client().batchGetItem(b -> b.requestItems(Map.of(two, legacy))).responses().get(two));
        assertInvalid("Too many items requested for the BatchGetItem call",
                () -> client().batchGetItem(b -> b.requestItems(Map.of(one, keys(keys(0, 99)), two, some))));
        assertInvalid("Provided list of item keys contains duplicates",
                () -> client().batchGetItem(b -> b.requestItems(Map.of(one, keys(List.of(key("a", 1), key("a", 1)))))));
        assertInvalid("The provided key element does not match the schema",
                () -> client().batchGetItem(b -> b.requestItems(Map.of(one, keys(List.of(Map.of("pk", s("a"))))))));
        assertRefused("ResourceNotFoundException", "Requested resource not found",
                () -> client().batchGetItem(b -> b.requestItems(Map.of("none", keys(keys(0, 1))))));
    }

    /// An answer holds 16 MB; what did not fit is told as unprocessed, in a form that can be sent again as it is.
    @Test
    void whatDoesNotFitIsUnprocessed() {
        var name = table("read-large");
        var large = s("x".repeat(380_000));
        for (int i = 0; i < 50; i += 25) {
            var writes = keys(i, i + 25).stream()
                    .map(key -> put(Map.of("pk", of(key, "pk"), "sk", of(key, "sk"), "v", large, "w", n(1)))).toList();
            client().batchWriteItem(b -> b.requestItems(Map.of(name, writes)));
        }
        var wanted = KeysAndAttributes.builder().keys(keys(0, 50)).projectionExpression("pk, #v").consistentRead(true)
                .expressionAttributeNames(Map.of("#v", "v")).build();
        var first = client().batchGetItem(b -> b.requestItems(Map.of(name, wanted)));
        var left = of(first.unprocessedKeys(), name);
        assertEquals("pk, #v", left.projectionExpression());
        assertEquals(50, of(first.responses(), name).size() + left.keys().size());
        assertTrue(left.keys().size() >= 50 - (16 << 20) / 380_000 - 1, () -> left.keys().size() + " are left");
        var pks = new ArrayList<String>();
        client().batchGetItemPaginator(b -> b.requestItems(Map.of(name, wanted)))
                .forEach(page -> pks.addAll(each(page.responses().getOrDefault(name, List.of()), "pk")));
        assertEquals(50, pks.size());
        assertEquals(50, new HashSet<>(pks).size());
    }
}
