package io.cairn.server.dynamodb.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelTest {
    /// Whoever changes the version of the model's artifact, or the generator, writes the resource anew: see [ModelGenerator].
    @Test
    void resourceIsNotStale() throws IOException {
        try (var in = present(Model.class.getResourceAsStream("/io/cairn/server/dynamodb/model.txt"))) {
            assertEquals(ModelGenerator.generate(), new String(in.readAllBytes(), UTF_8));
        }
    }

    @Test
    void everyOperationIsInTheTable() {
        var missing = new ArrayList<String>();
        int count = 0;
        for (var resource : ModelSources.RESOURCES) {
            var shapes = ModelGenerator.map(ModelSources.read(resource).get("shapes"));
            for (var entry : shapes.entrySet()) {
                if (!"operation".equals(ModelGenerator.map(entry.getValue()).get("type")))
                    continue;
                count++;
                var name = entry.getKey().substring(entry.getKey().indexOf('#') + 1);
                var service = resource.contains("streams") ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
                var operation = Requests.MODEL.operation(service + name);
                if (operation == null || !operation.name().equals(name) || !operation.target().equals(service + name))
                    missing.add(name);
            }
        }
        assertEquals(62, count);
        assertEquals(62, Requests.MODEL.operations().size());
        assertTrue(missing.isEmpty(), missing.toString());
    }

    @Test
    void shapesOfPutItem() {
        var put = Requests.operation("PutItem");
        assertEquals("PutItemInput[TableName, Item, Expected, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics,"
                + " ConditionalOperator, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues,"
                + " ReturnValuesOnConditionCheckFailure]", put.input().toString());
        assertTrue(put.errors().contains("ConditionalCheckFailedException"));
        var table = present(put.input().member("TableName"));
        assertEquals("tableName", table.printed());
        assertTrue(table.required());
        assertEquals(new Shape.Text("TableArn", new Range(1, 1024), null, List.of()), table.shape());
        assertTrue(present(put.input().member("Item")).shape() instanceof Shape.Attributes);
        assertNull(put.input().member("item"));
    }

    @Test
    void unknownTargets() {
        for (var target : new String[]{"", "PutItem", "DynamoDB_20120810.putItem", "DynamoDB_20111205.PutItem",
                "DynamoDB_20120810.PutItem ", "DynamoDBStreams_20120810.PutItem"})
            assertNull(Requests.MODEL.operation(target));
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
