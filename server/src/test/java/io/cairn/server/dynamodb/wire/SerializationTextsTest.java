package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON of a wrong type, in the service's words: those that dynalite recorded from it (its test/helpers.js, `assertType`).
class SerializationTextsTest {
    private static final String OBJECT = "Start of structure or map found where not expected";
    private static final String CAST = "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class"
            + " (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader"
            + " 'bootstrap')";
    private static final String PACKAGE = "com.amazonaws.dynamodb.v20120810.";

    /// Wrong JSON and what is said of it.
    private static Map<String, String> texts(String type) {
        var angle = type.indexOf('<');
        var kind = angle < 0 ? type : type.substring(0, angle);
        var inner = angle < 0 ? "" : type.substring(angle + 1, type.length() - 1);
        return switch (kind) {
            case "Boolean" -> of("\"23\"", "Unexpected token received from parser", "23",
                    "NUMBER_VALUE cannot be converted to Boolean",
                    "-2147483648", "NUMBER_VALUE cannot be converted to Boolean", "2147483648",
                    "NUMBER_VALUE cannot be converted to Boolean", "34.56", "DECIMAL_VALUE cannot be converted to Boolean", "[]",
                    "Unrecognized collection type class java.lang.Boolean", "{}", OBJECT);
            case "String" -> of("true", "TRUE_VALUE cannot be converted to String", "false",
                    "FALSE_VALUE cannot be converted to String", "23", "NUMBER_VALUE cannot be converted to String", "2147483648",
                    "NUMBER_VALUE cannot be converted to String", "34.56", "DECIMAL_VALUE cannot be converted to String", "[]",
                    "Unrecognized collection type class java.lang.String", "{}", OBJECT);
            case "Integer", "Long" -> of("\"23\"", "STRING_VALUE cannot be converted to " + kind, "true",
                    "TRUE_VALUE cannot be converted to " + kind, "false", "FALSE_VALUE cannot be converted to " + kind, "[]",
                    "Unrecognized collection type class java.lang." + kind, "{}", OBJECT);
            case "Blob" -> of("true", Mismatch.NO_BASE_64, "23", Mismatch.NO_BASE_64, "34.56", Mismatch.NO_BASE_64, "[]",
                    "Unrecognized collection type class java.nio.ByteBuffer", "{}", OBJECT, "\"23456\"",
                    "Base64 encoded length is expected a multiple of 4 bytes but found: 5", "\"=+/=\"",
                    "Invalid last non-pad Base64 character dectected", "\"+/+=\"",
                    "Invalid last non-pad Base64 character dectected");
            case "List" -> scalars("Unexpected field type", "{}", OBJECT);
            case "ParameterizedList" -> scalars(CAST, "{}", OBJECT);
            case "Map" -> scalars("Unexpected field type", "[]",
                    "Unrecognized collection type java.util.Map<java.lang.String, " + javaName(inner) + ">");
            case "ParameterizedMap" -> scalars(CAST, "[]",
                    "Unrecognized collection type java.util.Map<java.lang.String, " + PACKAGE + "AttributeValue>");
            case "ValueStruct" -> scalars("Unexpected value type in payload", "[]",
                    "Unrecognized collection type class " + PACKAGE + inner);
            case "FieldStruct" -> scalars("Unexpected field type", "[]", "Unrecognized collection type class " + PACKAGE + inner);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static String javaName(String inner) {
        return inner.contains(".") ? inner : PACKAGE + inner;
    }

    private static Map<String, String> of(String... pairs) {
        var texts = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2)
            texts.put(pairs[i], pairs[i + 1]);
        return texts;
    }

    private static Map<String, String> scalars(String text, String json, String other) {
        return of("\"23\"", text, "true", text, "23", text, "-2147483648", text, "2147483648", text, "34.56", text, json, other);
    }

    /// Members from the outermost on; `0` is an element of a list.
    private static String nested(String path, String json) {
        var nested = json;
        var steps = Arrays.asList(path.split("\\.")).reversed();
        for (var step : steps)
            nested = step.equals("0") ? "[" + nested + "]" : "{\"" + step + "\":" + nested + "}";
        return nested;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"PutItem|TableName|String", "PutItem|Item|Map<AttributeValue>",
            "PutItem|Item.Attr|AttrStruct<ValueStruct>", "PutItem|Expected|Map<ExpectedAttributeValue>",
            "PutItem|Expected.Attr|ValueStruct<ExpectedAttributeValue>", "PutItem|Expected.Attr.Exists|Boolean",
            "PutItem|Expected.Attr.Value|AttrStruct<FieldStruct>", "PutItem|ReturnConsumedCapacity|String",
            "PutItem|ReturnItemCollectionMetrics|String", "PutItem|ReturnValues|String", "PutItem|ConditionExpression|String",
            "PutItem|ExpressionAttributeValues|Map<AttributeValue>",
            "PutItem|ExpressionAttributeValues.Attr|AttrStruct<ValueStruct>",
            "PutItem|ExpressionAttributeNames|Map<java.lang.String>", "PutItem|ExpressionAttributeNames.Attr|String",
            "BatchGetItem|RequestItems|Map<KeysAndAttributes>", "BatchGetItem|RequestItems.Attr|ValueStruct<KeysAndAttributes>",
            "BatchGetItem|RequestItems.Attr.Keys|List", "BatchGetItem|RequestItems.Attr.Keys.0|ParameterizedMap",
            "BatchGetItem|RequestItems.Attr.Keys.0.Attr|AttrStruct<ValueStruct>",
            "BatchGetItem|RequestItems.Attr.AttributesToGet|List",
            "BatchGetItem|RequestItems.Attr.AttributesToGet.0|String", "BatchGetItem|RequestItems.Attr.ConsistentRead|Boolean",
            "BatchWriteItem|RequestItems|Map<java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>",
            "BatchWriteItem|RequestItems.Attr|ParameterizedList", "BatchWriteItem|RequestItems.Attr.0|ValueStruct<WriteRequest>",
            "BatchWriteItem|RequestItems.Attr.0.DeleteRequest|FieldStruct<DeleteRequest>",
            "BatchWriteItem|RequestItems.Attr.0.DeleteRequest.Key|Map<AttributeValue>",
            "BatchWriteItem|RequestItems.Attr.0.PutRequest.Item.Attr|AttrStruct<ValueStruct>",
            "CreateTable|AttributeDefinitions|List",
            "CreateTable|AttributeDefinitions.0|ValueStruct<AttributeDefinition>", "CreateTable|KeySchema|List",
            "CreateTable|ProvisionedThroughput|FieldStruct<ProvisionedThroughput>",
            "CreateTable|ProvisionedThroughput.WriteCapacityUnits|Long", "Query|Limit|Integer",
            "Query|KeyConditions.Attr|ValueStruct<Condition>", "Query|KeyConditions.Attr.AttributeValueList|List",
            "Query|KeyConditions.Attr.AttributeValueList.0|AttrStruct<ValueStruct>", "ListTables|Limit|Integer",
            "GetRecords|Limit|Integer", "GetShardIterator|StreamArn|String"})
    void wrongTypes(String operation, String path, String type) {
        if (!type.startsWith("AttrStruct")) {
            texts(type).forEach((json, text) -> assertText(text, operation, path, json));
            return;
        }
        var kind = type.substring(type.indexOf('<') + 1, type.length() - 1);
        texts(kind + "<AttributeValue>").forEach((json, text) -> assertText(text, operation, path, json));
        for (var inner : List.of("S String", "N String", "B Blob", "BOOL Boolean", "NULL Boolean", "SS List", "SS.0 String",
                "NS List",
                "NS.0 String", "BS List", "BS.0 Blob", "L List", "L.0 ValueStruct<AttributeValue>", "L.0.BS List",
                "L.0.BS.0 Blob",
                "M Map<AttributeValue>", "M.a ValueStruct<AttributeValue>", "M.a.BS List", "M.a.BS.0 Blob")) {
            var words = inner.split(" ");
            texts(words[1]).forEach((json, text) -> assertText(text, operation, path + "." + words[0], json));
        }
    }

    private static void assertText(String text, String operation, String path, String json) {
        var body = nested(path, json);
        assertEquals(text, Requests.refused(ErrorType.SERIALIZATION, operation, body), body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hi", "{", "{\"TableName\":\"abc\"", "{} {}", "{}x", "[]", "\"a\"", "1", "null", "{\"a\":01}",
            "{\"TableName\":\"\n\"}", "{\"TableName\":\"\\x\"}", "{'TableName':1}", "{\"Item\":{\"a\":{\"S\":\"b\"}}"})
    void whatIsNoJsonIsRefusedWithoutAWord(String body) {
        assertNull(Requests.refused(ErrorType.SERIALIZATION, "PutItem", body));
    }

    @Test
    void wrongTypesAreFoundBeforeConstraintsAndBeforeWrongValues() {
        assertEquals("NUMBER_VALUE cannot be converted to String", Requests.refused(ErrorType.SERIALIZATION, "PutItem",
                "{\"TableName\":\"a;\",\"Item\":{\"a\":{},\"b\":{\"N\":\"b\"}},\"ReturnValues\":1}"));
    }

    /// After a refusal in the middle of an item, nothing of it is left over.
    @Test
    void aRefusalLeavesNothingBehind() {
        var _ = Requests.refused(ErrorType.SERIALIZATION, "PutItem", "{\"Item\":{\"a\":{\"M\":{\"b\":{\"S\":1}}}}}");
        var item = Requests.decode("PutItem", "{\"TableName\":\"abc\",\"Item\":{\"c\":{\"S\":\"d\"}}}").item("Item");
        assertEquals("{c=S[text=d]}", String.valueOf(item));
    }
}
