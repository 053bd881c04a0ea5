package io.cairn.server.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.http.RawClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Thousands of requests that are nearly right, signed, over one connection: each is carried out or refused in the protocol's form, none is the server's
/// fault, and a table that none of them names stays as it was.
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class MutatedRequestsTest {
    private static final int REQUESTS = 1_200;
    private static final int MANY_REQUESTS = 40_000;

    private final long seed = Long.getLong("cairn.seed", 20_261_127L);

    private static final List<Map.Entry<String, String>> VALID = List.of(
            Map.entry("PutItem",
                    "{'TableName':'fuzz','Item':{'pk':{'S':'a'},'sk':{'N':'1'},'v':{'M':{'l':{'L':[{'B':'AAEC'},{'NULL':true}]}}},'ss':{'SS':['a','b']}},"
                            + "'ConditionExpression':'attribute_not_exists(#n) OR v.l[0] <> :v','ExpressionAttributeNames':{'#n':'pk'},'ExpressionAttributeValues':{':v':{'N':'1.5'}},"
                            + "'ReturnValues':'ALL_OLD','ReturnConsumedCapacity':'INDEXES','ReturnItemCollectionMetrics':'SIZE','ReturnValuesOnConditionCheckFailure':'ALL_OLD'}"),
            Map.entry("GetItem",
                    "{'TableName':'fuzz','Key':{'pk':{'S':'a'},'sk':{'N':'1'}},'ConsistentRead':true,'ProjectionExpression':'v.l[1], #n','ExpressionAttributeNames':{'#n':'x'}}"),
            Map.entry("UpdateItem",
                    "{'TableName':'fuzz','Key':{'pk':{'S':'a'},'sk':{'N':'1'}},'UpdateExpression':'SET c = if_not_exists(c, :z) + :z, l = list_append(l, :l) REMOVE v.l[0] ADD n :z DELETE ss :ss',"
                            + "'ExpressionAttributeValues':{':z':{'N':'1'},':l':{'L':[{'S':'x'}]},':ss':{'SS':['a']}},'ReturnValues':'UPDATED_NEW'}"),
            Map.entry("UpdateItem",
                    "{'TableName':'fuzz','Key':{'pk':{'S':'b'},'sk':{'N':'1'}},'AttributeUpdates':{'v':{'Value':{'N':'1'},'Action':'ADD'},'w':{'Action':'DELETE'}},"
                            + "'Expected':{'v':{'ComparisonOperator':'LT','AttributeValueList':[{'N':'5'}]},'x':{'Exists':false}},'ConditionalOperator':'OR','ReturnValues':'ALL_NEW'}"),
            Map.entry("DeleteItem",
                    "{'TableName':'fuzz','Key':{'pk':{'S':'a'},'sk':{'N':'1'}},'ConditionExpression':'size(ss) BETWEEN :a AND :b AND NOT contains(ss, :c)',"
                            + "'ExpressionAttributeValues':{':a':{'N':'0'},':b':{'N':'9'},':c':{'S':'q'}},'ReturnValues':'ALL_OLD'}"),
            Map.entry("Query",
                    "{'TableName':'fuzz','IndexName':'by-x','KeyConditionExpression':'x = :x AND begins_with(y, :y)','FilterExpression':'w IN (:x, :y)','ExpressionAttributeValues':{':x':{'S':'a'},':y':{'S':'b'}},"
                            + "'Limit':5,'ScanIndexForward':false,'Select':'ALL_ATTRIBUTES','ExclusiveStartKey':{'pk':{'S':'a'},'sk':{'N':'1'},'x':{'S':'a'},'y':{'S':'bb'}}}"),
            Map.entry("Query",
                    "{'TableName':'fuzz','KeyConditions':{'pk':{'ComparisonOperator':'EQ','AttributeValueList':[{'S':'a'}]},'sk':{'ComparisonOperator':'BETWEEN','AttributeValueList':[{'N':'1'},{'N':'2'}]}},"
                            + "'QueryFilter':{'v':{'ComparisonOperator':'NOT_NULL'}},'AttributesToGet':['pk','v']}"),
            Map.entry("Scan",
                    "{'TableName':'fuzz','Segment':1,'TotalSegments':4,'Limit':3,'FilterExpression':'attribute_type(v, :t)','ExpressionAttributeValues':{':t':{'S':'M'}},'ReturnConsumedCapacity':'TOTAL'}"),
            Map.entry("BatchGetItem",
                    "{'RequestItems':{'fuzz':{'Keys':[{'pk':{'S':'a'},'sk':{'N':'1'}},{'pk':{'S':'b'},'sk':{'N':'2'}}],'ProjectionExpression':'pk','ConsistentRead':true}},'ReturnConsumedCapacity':'TOTAL'}"),
            Map.entry("BatchWriteItem",
                    "{'RequestItems':{'fuzz':[{'PutRequest':{'Item':{'pk':{'S':'a'},'sk':{'N':'2'},'x':{'S':'a'},'y':{'S':'b'}}}},{'DeleteRequest':{'Key':{'pk':{'S':'b'},'sk':{'N':'1'}}}}]}}"),
            Map.entry("TransactWriteItems",
                    "{'TransactItems':[{'Put':{'TableName':'fuzz','Item':{'pk':{'S':'t'},'sk':{'N':'1'}},'ConditionExpression':'attribute_not_exists(pk)'}},"
                            + "{'Update':{'TableName':'fuzz','Key':{'pk':{'S':'t'},'sk':{'N':'2'}},'UpdateExpression':'ADD v :v','ExpressionAttributeValues':{':v':{'N':'1'}}}},"
                            + "{'ConditionCheck':{'TableName':'fuzz','Key':{'pk':{'S':'t'},'sk':{'N':'3'}},'ConditionExpression':'attribute_not_exists(pk)'}},{'Delete':{'TableName':'fuzz','Key':{'pk':{'S':'t'},'sk':{'N':'4'}}}}],"
                            + "'ReturnConsumedCapacity':'INDEXES','ReturnItemCollectionMetrics':'SIZE'}"),
            Map.entry("TransactGetItems",
                    "{'TransactItems':[{'Get':{'TableName':'fuzz','Key':{'pk':{'S':'t'},'sk':{'N':'1'}},'ProjectionExpression':'pk'}},{'Get':{'TableName':'fuzz','Key':{'pk':{'S':'t'},'sk':{'N':'2'}}}}]}"),
            Map.entry("CreateTable",
                    "{'TableName':'fuzz','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':[{'AttributeName':'a','AttributeType':'S'},{'AttributeName':'b','AttributeType':'N'}],"
                            + "'KeySchema':[{'AttributeName':'a','KeyType':'HASH'},{'AttributeName':'b','KeyType':'RANGE'}],'GlobalSecondaryIndexes':[{'IndexName':'idx','KeySchema':[{'AttributeName':'b','KeyType':'HASH'}],"
                            + "'Projection':{'ProjectionType':'INCLUDE','NonKeyAttributes':['c']}}],'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'KEYS_ONLY'},'Tags':[{'Key':'a','Value':'b'}]}"),
            Map.entry("UpdateTable",
                    "{'TableName':'fuzz','BillingMode':'PROVISIONED','ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1},'DeletionProtectionEnabled':true,'TableClass':'STANDARD'}"),
            Map.entry("DescribeTable", "{'TableName':'fuzz'}"),
            Map.entry("ListTables", "{'ExclusiveStartTableName':'abc','Limit':10}"),
            Map.entry("UpdateTimeToLive",
                    "{'TableName':'fuzz','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'till'}}"),
            Map.entry("TagResource",
                    "{'ResourceArn':'arn:aws:dynamodb:us-east-1:000000000000:table/fuzz','Tags':[{'Key':'k','Value':'v'}]}"),
            Map.entry("DescribeStream", "{'StreamArn':'STREAM','Limit':10,'ExclusiveStartShardId':'SHARD'}"),
            Map.entry("GetShardIterator",
                    "{'StreamArn':'STREAM','ShardId':'SHARD','ShardIteratorType':'AFTER_SEQUENCE_NUMBER','SequenceNumber':'000000000000000000001'}"),
            Map.entry("GetRecords", "{'ShardIterator':'ITERATOR','Limit':10}"),
            Map.entry("ListStreams", "{'TableName':'fuzz','Limit':10,'ExclusiveStartStreamArn':'STREAM'}"));

    private static void createFuzz(DynamoDbClient client) {
        client.createTable(t -> t.tableName("fuzz").billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(a -> a.attributeName("pk").attributeType("S"),
                        a -> a.attributeName("sk").attributeType("N"),
                        a -> a.attributeName("x").attributeType("S"), a -> a.attributeName("y").attributeType("S"))
                .keySchema(k -> k.attributeName("pk").keyType("HASH"), k -> k.attributeName("sk").keyType("RANGE"))
                .localSecondaryIndexes(i -> i.indexName("by-y").projection(p -> p.projectionType("KEYS_ONLY"))
                        .keySchema(k -> k.attributeName("pk").keyType("HASH"), k -> k.attributeName("y").keyType("RANGE")))
                .globalSecondaryIndexes(i -> i.indexName("by-x").projection(p -> p.projectionType("ALL"))
                        .keySchema(k -> k.attributeName("x").keyType("HASH"), k -> k.attributeName("y").keyType("RANGE")))
                .streamSpecification(s -> s.streamEnabled(true).streamViewType("NEW_AND_OLD_IMAGES")));
    }

    /// Names of the stream, which are known only now, are put in.
    private static List<Map.Entry<String, String>> valid(DynamoDbServer server, DynamoDbClient client) {
        var stream = client.describeTable(t -> t.tableName("fuzz")).table().latestStreamArn();
        try (var streams = server.streams()) {
            var shard = streams.describeStream(d -> d.streamArn(stream)).streamDescription().shards().getFirst().shardId();
            var iterator = streams.getShardIterator(i -> i.streamArn(stream).shardId(shard).shardIteratorType("TRIM_HORIZON"))
                    .shardIterator();
            return VALID.stream()
                    .map(entry -> Map.entry(entry.getKey(), entry.getValue().replace('\'', '"').replace("STREAM\"", stream + "\"")
                            .replace("SHARD\"", shard + "\"").replace("ITERATOR", iterator)))
                    .toList();
        }
    }

    @Test
    void areCarriedOutOrRefused(@TempDir Path directory) throws Exception {
        run(directory, REQUESTS);
    }

    @Tag("long")
    @Test
    void manyAreCarriedOutOrRefused(@TempDir Path directory) throws Exception {
        run(directory, MANY_REQUESTS);
    }

    private void run(Path directory, int requests) throws Exception {
        var answers = new TreeMap<String, Integer>();
        var random = new Random(seed);
        try (var server = DynamoDbServer.start(directory);
                var client = server.client();
                var wire = new RawClient(server.uri().getPort())) {
            createFuzz(client);
            client.createTable(t -> t.tableName("kept").billingMode("PAY_PER_REQUEST")
                    .attributeDefinitions(a -> a.attributeName("pk").attributeType("S"))
                    .keySchema(k -> k.attributeName("pk").keyType("HASH")));
            for (var pk : List.of("a", "b", "c"))
                client.putItem(p -> p.tableName("kept").item(Map.of("pk", AttributeValue.fromS(pk))));
            var before = client.scan(x -> x.tableName("kept")).items();
            var valid = valid(server, client);
            var mutation = new MutatedRequest(random);
            for (int i = 0; i < requests; i++) {
                var request = valid.get(random.nextInt(valid.size()));
                var body = mutation.of(request.getValue());
                var prefix = request.getKey().matches(".*Stream|ListStreams|GetRecords|GetShardIterator")
                        ? "DynamoDBStreams_20120810."
                        : "DynamoDB_20120810.";
                var post = new SignedPost.Plain(server, "").withTarget(prefix + request.getKey()).sign("POST", body);
                var reply = wire.send(post.wire()).read();
                answers.merge(check(request.getKey() + " " + new String(body, UTF_8), reply), 1, Integer::sum);
            }
            assertEquals(before, client.scan(x -> x.tableName("kept")).items());
        }
        System.out.println("mutated requests, seed " + seed + ": " + answers);
        for (var floor : Map
                .of("200", requests / 20, "SerializationException", requests / 10, "ValidationException", requests / 10)
                .entrySet())
            assertTrue(answers.getOrDefault(floor.getKey(), 0) >= floor.getValue(),
                    () -> floor.getKey() + " is too rare: " + answers);
    }

    /// What it was: the error's type, or 200.
    private String check(String request, RawClient.Reply reply) {
        var crc = new CRC32();
        crc.update(reply.body());
        assertEquals("application/x-amz-json-1.0 " + crc.getValue(),
                reply.header("content-type") + " " + reply.header("x-amz-crc32"), request);
        if (reply.status() == 200)
            return "200";
        assertEquals(400, reply.status(), () -> "seed " + seed + ": " + request + "\n" + reply.text());
        var type = reply.text().replaceFirst("(?s)^\\{\"__type\":\"com\\.amazon[a-z0-9.]*#([A-Za-z]*)\".*}$", "$1");
        assertTrue(type.matches("[A-Za-z]+"), reply::text);
        return type;
    }
}
