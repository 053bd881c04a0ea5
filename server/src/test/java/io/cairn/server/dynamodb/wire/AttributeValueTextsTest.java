package io.cairn.server.dynamodb.wire;

import static io.cairn.server.dynamodb.wire.Requests.decode;
import static io.cairn.server.dynamodb.wire.Requests.unusable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cairn.kv.Item;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attribute values that are none that can be, in the service's words (dynalite's test/putItem.js and test/batchGetItem.js).
class AttributeValueTextsTest {
    private static final String INVALID = "One or more parameter values were invalid: ";

    private static String put(String value) {
        return "{\"TableName\":\"abc\",\"Item\":{\"a\":" + value + "}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":\"\"}", "{\"S\":null}", "null", "{\"M\":{\"a\":{}}}", "{\"L\":[{}]}",
            "{\"L\":[{\"a\":{}}]}", "{\"M\":{\"a\":null}}", "{\"L\":[null]}"})
    void emptyOnes(String value) {
        assertEquals("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
                unusable("PutItem", put(value), "Item"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"NULL\":\"no\"}|Null attribute value types must have the value of true",
            "{\"NULL\":false}|Null attribute value types must have the value of true",
            "{\"SS\":[]}|An string set  may not be empty", "{\"NS\":[]}|An number set  may not be empty",
            "{\"BS\":[]}|Binary sets should not be empty", "{\"SS\":[\"a\",\"a\"]}|Input collection [a, a] contains duplicates.",
            "{\"BS\":[\"Yg==\",\"Yg==\"]}|Input collection [Yg==, Yg==]of type BS contains duplicates."})
    void invalidOnes(String value, String text) {
        assertEquals(INVALID + text, unusable("PutItem", put(value), "Item"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"S\":\"\",\"N\":\"\"}|The parameter cannot be converted to a numeric value",
            "{\"S\":\"a\",\"N\":\"b\"}|The parameter cannot be converted to a numeric value: b",
            "{\"NS\":[\"1\",\"\"]}|The parameter cannot be converted to a numeric value",
            "{\"NS\":[\"1\",\"b\",\"a\"]}|The parameter cannot be converted to a numeric value: b",
            "{\"NS\":[\"1\",\"1.0\"]}|Input collection contains duplicates",
            "{\"N\":\"123456789012345678901234567890123456789\"}|Attempting to store more than 38 significant digits in a Number",
            "{\"N\":\"-1.23456789012345678901234567890123456789\"}|Attempting to store more than 38 significant digits in a Number",
            "{\"N\":\"1e126\"}|Number overflow. Attempting to store a number with magnitude larger than supported range",
            "{\"N\":\"-1e-131\"}|Number underflow. Attempting to store a number with magnitude smaller than supported range"})
    void numbers(String value, String text) {
        assertEquals(text, unusable("PutItem", put(value), "Item"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"S\":\"a\",\"N\":\"1\"}", "{\"L\":[],\"M\":{}}", "{\"M\":{\"a\":{\"S\":\"a\",\"BOOL\":true}}}",
            "{\"S\":\"a\",\"N\":\"1\",\"B\":\"\"}"})
    void ofSeveralTypes(String value) {
        assertEquals(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
                unusable("PutItem", put(value), "Item"));
    }

    @Test
    void theFirstProblemIsTold() {
        assertEquals("The parameter cannot be converted to a numeric value: x", unusable("PutItem",
                "{\"TableName\":\"abc\",\"Item\":{\"a\":{\"S\":\"a\"},\"b\":{\"N\":\"x\"},\"c\":{},\"d\":{\"NULL\":false}}}",
                "Item"));
    }

    @Test
    void whatTheValuesAreForIsTold() {
        assertEquals("ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x"
                + " for key :b",
                unusable("PutItem",
                        "{\"TableName\":\"abc\",\"Item\":{},\"ExpressionAttributeValues\":{\":a\":{\"S\":\"a\"},\":b\":{\"L\":[{\"N\":\"x\"}]}}}",
                        "ExpressionAttributeValues"));
        assertEquals(
                "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
                unusable("Scan", "{\"TableName\":\"abc\",\"ExclusiveStartKey\":{\"a\":{}}}", "ExclusiveStartKey"));
    }

    @Test
    void names() {
        assertEquals("Empty attribute name",
                unusable("PutItem", "{\"TableName\":\"abc\",\"Item\":{\"\":{\"S\":\"a\"}}}", "Item"));
        assertEquals("Empty attribute name", unusable("PutItem", put("{\"M\":{\"\":{\"S\":\"a\"}}}"), "Item"));
        assertEquals("Attribute name is too large, must be less than 65536 bytes",
                unusable("PutItem", "{\"TableName\":\"abc\",\"Item\":{\"" + "n".repeat(65536) + "\":{\"S\":\"a\"}}}", "Item"));
        assertEquals(1, Objects.requireNonNull(
                decode("PutItem", "{\"TableName\":\"abc\",\"Item\":{\"" + "n".repeat(65535) + "\":{\"S\":\"a\"}}}").item("Item"))
                .count());
    }

    @Test
    void levels() {
        assertEquals(1, Objects.requireNonNull(decode("PutItem", put(levels(31))).item("Item")).count());
        assertEquals(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
                unusable("PutItem", put(levels(32)), "Item"));
        assertEquals(
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
                unusable("PutItem", put(levels(400)), "Item"));
    }

    private static String levels(int count) {
        return "{\"L\":[".repeat(count) + "{\"S\":\"a\"}" + "]}".repeat(count);
    }

    @Test
    void legacyMembersHoldValues() {
        var input = decode("PutItem",
                "{\"TableName\":\"abc\",\"Item\":{},\"Expected\":{\"a\":{\"Value\":{\"N\":\"1.0\"}},"
                        + "\"b\":{\"ComparisonOperator\":\"BETWEEN\",\"AttributeValueList\":[{\"S\":\"x\"},{\"S\":\"y\"}]}}}");
        var expected = input.structureMap("Expected");
        assertEquals(List.of("a", "b"), List.copyOf(expected.keySet()));
        var first = Objects.requireNonNull(expected.get("a"));
        assertEquals(Item.of("", Value.n(1)), first.value("Value"));
        assertNull(first.bool("Exists"));
        assertEquals(List.of(Item.of("", Value.s("x")), Item.of("", Value.s("y"))),
                Objects.requireNonNull(expected.get("b")).items("AttributeValueList"));
    }

    @Test
    void keysOfABatch() {
        var input = decode("BatchGetItem",
                "{\"RequestItems\":{\"abc\":{\"Keys\":[{\"a\":{\"S\":\"x\"}},{\"a\":{\"S\":\"y\"}}]}}}");
        var keys = Objects.requireNonNull(input.structureMap("RequestItems").get("abc")).items("Keys");
        assertEquals(List.of(Item.of("a", Value.s("x")), Item.of("a", Value.s("y"))), keys);
        var writes = decode("BatchWriteItem",
                "{\"RequestItems\":{\"abc\":[{\"DeleteRequest\":{\"Key\":{\"a\":{\"S\":\"x\"}}}}]}}")
                .structureLists("RequestItems").get("abc");
        assertEquals(Item.of("a", Value.s("x")),
                Objects.requireNonNull(Objects.requireNonNull(writes).getFirst().structure("DeleteRequest")).item("Key"));
    }
}
