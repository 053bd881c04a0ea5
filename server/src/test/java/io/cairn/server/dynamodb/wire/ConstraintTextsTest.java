package io.cairn.server.dynamodb.wire;

import static io.cairn.server.dynamodb.wire.Requests.assertConstraint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Constraints in the service's words, as dynalite's tests and public conformance suites recorded them.
class ConstraintTextsTest {
    private static final String PATTERN = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";

    private static String value(String value, String at, String constraint) {
        return "Value " + value + " at '" + at + "' failed to satisfy constraint: " + constraint;
    }

    private static String isNull(String at) {
        return value("null", at, "Member must not be null");
    }

    @Test
    void requiredMembers() {
        assertConstraint("PutItem", "{}", "2 validation errors detected: " + isNull("tableName") + "; " + isNull("item"));
        assertConstraint("PutItem", "{\"TableName\":null,\"Item\":{}}", "1 validation error detected: " + isNull("tableName"));
        assertConstraint("BatchGetItem", "{}", "1 validation error detected: " + isNull("requestItems"));
    }

    @Test
    void namesOfTables() {
        assertConstraint("PutItem", "{\"TableName\":\"\",\"Item\":{}}",
                "1 validation error detected: " + value("''", "tableName", "Member must have length greater than or equal to 1"));
        assertConstraint("PutItem", "{\"TableName\":\"a;\"}",
                "3 validation errors detected: " + value("'a;'", "tableName", PATTERN)
                        + "; " + value("'a;'", "tableName", "Member must have length greater than or equal to 3") + "; "
                        + isNull("item"));
        assertConstraint("PutItem", "{\"TableName\":\"bad table!@#\",\"Item\":{}}",
                "1 validation error detected: " + value("'bad table!@#'", "tableName", PATTERN));
        var name = "a".repeat(256);
        assertConstraint("PutItem", "{\"TableName\":\"" + name + "\",\"Item\":{}}", "1 validation error detected: "
                + value("'" + name + "'", "tableName", "Member must have length less than or equal to 255"));
        assertConstraint("CreateTable",
                "{\"TableName\":\"ab\",\"AttributeDefinitions\":[],\"KeySchema\":[{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}]}",
                "1 validation error detected: "
                        + value("'ab'", "tableName", "Member must have length greater than or equal to 3"));
        var arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/abc";
        assertEquals(arn, Requests.decode("GetItem", "{\"TableName\":\"" + arn + "\",\"Key\":{}}").requiredString("TableName"));
    }

    @Test
    void nameFirstWhereTablesAreMadeOrChanged() {
        for (var operation : new String[]{"CreateTable", "DeleteTable", "DescribeTable", "UpdateTable"})
            assertConstraint(operation, "{}", "The parameter 'TableName' is required but was not present in the request");
    }

    @Test
    void enumsInTheServicesOrder() {
        assertConstraint("PutItem",
                "{\"TableName\":\"abc\",\"Item\":{},\"ReturnConsumedCapacity\":\"hi\",\"ReturnItemCollectionMetrics\":\"hi\",\"ReturnValues\":\"hi\"}",
                "3 validation errors detected: "
                        + value("'hi'", "returnValues",
                                "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")
                        + "; " + value("'hi'", "returnConsumedCapacity",
                                "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]")
                        + "; "
                        + value("'hi'", "returnItemCollectionMetrics", "Member must satisfy enum value set: [SIZE, NONE]"));
        assertConstraint("CreateTable",
                "{\"TableName\":\"abc\",\"AttributeDefinitions\":[{\"AttributeName\":\"pk\",\"AttributeType\":\"INVALID\"}],\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"INVALID\"}]}",
                "2 validation errors detected: "
                        + value("'INVALID'", "attributeDefinitions.1.member.attributeType",
                                "Member must satisfy enum value set: [B, N, S]")
                        + "; "
                        + value("'INVALID'", "keySchema.1.member.keyType", "Member must satisfy enum value set: [HASH, RANGE]"));
    }

    @Test
    void numbers() {
        assertConstraint("CreateTable",
                "{\"TableName\":\"abc\",\"AttributeDefinitions\":[],\"KeySchema\":[],\"ProvisionedThroughput\":{\"ReadCapacityUnits\":-1,\"WriteCapacityUnits\":-1}}",
                "3 validation errors detected: "
                        + value("'[]'", "keySchema", "Member must have length greater than or equal to 1") + "; "
                        + value("'-1'", "provisionedThroughput.readCapacityUnits",
                                "Member must have value greater than or equal to 1")
                        + "; " + value("'-1'", "provisionedThroughput.writeCapacityUnits",
                                "Member must have value greater than or equal to 1"));
        assertConstraint("ListTables", "{\"Limit\":2147483647,\"ExclusiveStartTableName\":\"89hls;;f;d\"}",
                "2 validation errors detected: " + value("'89hls;;f;d'", "exclusiveStartTableName", PATTERN) + "; "
                        + value("'2147483647'", "limit", "Member must have value less than or equal to 100"));
        assertConstraint("ListTables", "{\"Limit\":0}",
                "1 validation error detected: " + value("'0'", "limit", "Member must have value greater than or equal to 1"));
    }

    @Test
    void mapsAreToldAsJsonAndListsAsJavaPrintsThem() {
        assertConstraint("BatchGetItem", "{\"RequestItems\":{\"bad!name\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}}",
                "1 validation error detected: " + value("'{\"bad!name\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}]}}'", "requestItems",
                        "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, "
                                + PATTERN + "]"));
        assertConstraint("BatchWriteItem", "{\"RequestItems\":{\"abc\":[]}}",
                "1 validation error detected: " + value("'{\"abc\":[]}'", "requestItems",
                        "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]"));
        assertConstraint("BatchGetItem", "{\"RequestItems\":{}}", "1 validation error detected: "
                + value("'{}'", "requestItems", "Member must have length greater than or equal to 1"));
        assertConstraint("CreateTable",
                "{\"TableName\":\"abc\",\"AttributeDefinitions\":[],\"KeySchema\":[{\"AttributeName\":\"\",\"KeyType\":\"HASH\"}],"
                        + "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"abc\",\"KeySchema\":[],\"Projection\":{\"NonKeyAttributes\":[]}}]}",
                "3 validation errors detected: "
                        + value("''", "keySchema.1.member.attributeName", "Member must have length greater than or equal to 1")
                        + "; "
                        + value("'[]'", "globalSecondaryIndexes.1.member.keySchema",
                                "Member must have length greater than or equal to 1")
                        + "; " + value("'[]'", "globalSecondaryIndexes.1.member.projection.nonKeyAttributes",
                                "Member must have length greater than or equal to 1"));
        var input = Requests.decode("CreateTable",
                "{\"TableName\":\"abc\",\"AttributeDefinitions\":[],\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"}]}");
        assertEquals("[KeySchemaElement(attributeName=pk, keyType=HASH)]", Echo.text(input.structures("KeySchema")));
    }

    @Test
    void withinMapsAndLists() {
        assertConstraint("BatchGetItem", "{\"RequestItems\":{\"abc\":{}}}",
                "1 validation error detected: " + isNull("requestItems.abc.member.keys"));
        assertConstraint("BatchWriteItem", "{\"RequestItems\":{\"abc\":[{\"PutRequest\":{},\"DeleteRequest\":{}}]}}",
                "2 validation errors detected: " + isNull("requestItems.abc.member.1.member.putRequest.item") + "; "
                        + isNull("requestItems.abc.member.1.member.deleteRequest.key"));
        assertConstraint("TransactWriteItems", "{\"TransactItems\":[{\"Update\":{\"TableName\":\"abc\",\"Key\":{}}}]}",
                "1 validation error detected: " + isNull("transactItems.1.member.update.updateExpression"));
    }

    @Test
    void atMostTenAreTold() {
        var text = String.valueOf(Requests.refused(ErrorType.VALIDATION, "TransactGetItems",
                "{\"TransactItems\":[" + "{},".repeat(19) + "{}]}"));
        assertTrue(text.startsWith("10 validation errors detected: "), text);
        assertEquals(10, text.split("; ").length);
    }
}
