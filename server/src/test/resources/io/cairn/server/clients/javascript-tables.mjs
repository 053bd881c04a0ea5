// The JavaScript SDK v3's clients for DynamoDB, its document client and its streams, against a running server:
// node javascript-tables.mjs ENDPOINT PREFIX. The last two lines are the operations that it carried out and `passed N checks`.
import * as sdk from "@aws-sdk/client-dynamodb";
import * as documents from "@aws-sdk/lib-dynamodb";
import * as streaming from "@aws-sdk/client-dynamodb-streams";

const [endpoint, prefix] = process.argv.slice(2);
const client = new sdk.DynamoDBClient({ endpoint });
const streams = new streaming.DynamoDBStreamsClient({ endpoint });
const used = new Set();
for (const each of [client, streams])
  each.middlewareStack.add((next, context) => async (args) => {
    const answer = await next(args);
    used.add(context.commandName.replace(/Command$/, ""));
    return answer;
  }, { step: "initialize", name: "noteOperation" });
const documentClient = documents.DynamoDBDocumentClient.from(client);
const TableName = prefix + "-music";
const send = (name, input) => client.send(new sdk[name + "Command"]({ TableName, ...input }));
const document = (name, input) => documentClient.send(new documents[name + "Command"]({ TableName, ...input }));
let checks = 0;

function check(condition, what) {
  if (!condition) throw new Error("failed: " + what);
  checks++;
}

const same = (left, right, what) => check(JSON.stringify(left) === JSON.stringify(right), `${what}: ${JSON.stringify(left)}`);

async function refused(code, call) {
  try {
    await call();
  } catch (e) {
    check(e.name === code, `${e.name}, not ${code}: ${e.message}`);
    return e;
  }
  throw new Error("failed: not refused with " + code);
}

await send("CreateTable", {
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [["artist", "S"], ["song", "N"], ["genre", "S"]].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  KeySchema: [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "song", KeyType: "RANGE" }],
  GlobalSecondaryIndexes: [{
    IndexName: "by-genre", Projection: { ProjectionType: "ALL" },
    KeySchema: [{ AttributeName: "genre", KeyType: "HASH" }, { AttributeName: "song", KeyType: "RANGE" }],
  }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
});
await sdk.waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
const { Table } = await send("DescribeTable");
check(Table.TableStatus === "ACTIVE" && Table.CreationDateTime instanceof Date, "the table is made");
const names = [];
for await (const page of sdk.paginateListTables({ client, pageSize: 1 }, {})) names.push(...page.TableNames);
check(names.includes(TableName), "the table is listed");

// Plain values by the document client; every type by the plain one.
const song = { artist: "A", song: 1, note: "é\u{1F600}", list: [1, "x", null, true, { deep: [0.5] }], labels: new Set(["a", "b"]), bytes: new Uint8Array([0, 255]) };
await document("Put", { Item: song });
const got = (await document("Get", { Key: { artist: "A", song: 1 }, ConsistentRead: true })).Item;
same([got.note, got.list, [...got.labels].sort(), [...got.bytes]], [song.note, song.list, ["a", "b"], [0, 255]], "a document comes back");
await send("PutItem", { Item: { artist: { S: "A" }, song: { N: "2" }, ns: { NS: ["1", "2.50"] }, bs: { BS: [new Uint8Array([7])] }, nil: { NULL: true } } });
const plain = (await send("GetItem", { Key: { artist: { S: "A" }, song: { N: "2" } } })).Item;
same([plain.ns.NS.sort(), [...plain.bs.BS[0]], plain.nil.NULL], [["1", "2.5"], [7], true], "sets come back");
const failed = await refused("ConditionalCheckFailedException", () => document("Put", {
  Item: song, ConditionExpression: "attribute_not_exists(artist)", ReturnValuesOnConditionCheckFailure: "ALL_OLD",
}));
check(failed.Item.note.S === song.note || failed.Item.note === song.note, "a failed condition tells the item");
const updated = await document("Update", {
  Key: { artist: "A", song: 1 }, UpdateExpression: "SET #n = :n, #l[0] = #l[0] + :one", ExpressionAttributeNames: { "#n": "note", "#l": "list" },
  ExpressionAttributeValues: { ":n": "new", ":one": 1 }, ReturnValues: "UPDATED_NEW",
});
same([updated.Attributes.note, updated.Attributes.list[0]], ["new", 2], "an update tells what it changed");
const removed = await document("Delete", { Key: { artist: "A", song: 2 }, ReturnValues: "ALL_OLD", ReturnConsumedCapacity: "TOTAL" });
check(removed.Attributes.nil === null && removed.ConsumedCapacity.CapacityUnits === 1, "a delete tells what it removed");

for (let from = 0; from < 100; from += 25) {
  const written = await document("BatchWrite", {
    RequestItems: { [TableName]: Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { artist: "B", song: from + i, genre: ["jazz", "rock"][i % 2], even: i % 2 === 0 } } })) },
  });
  same(written.UnprocessedItems, {}, "a batch is written");
}
const songs = [];
let pages = 0;
for await (const page of documents.paginateQuery({ client: documentClient, pageSize: 15 }, {
  TableName, KeyConditionExpression: "artist = :a and song between :f and :t", FilterExpression: "even = :e",
  ExpressionAttributeValues: { ":a": "B", ":f": 10, ":t": 49, ":e": true },
})) {
  songs.push(...page.Items.map((item) => item.song));
  pages++;
}
same(songs, Array.from({ length: 40 }, (_, i) => 10 + i).filter((i) => i % 25 % 2 === 0), "a query in pages");
check(pages === 3, pages + " pages");
const jazz = await document("Query", { IndexName: "by-genre", KeyConditionExpression: "genre = :g", ExpressionAttributeValues: { ":g": "jazz" }, Limit: 3, ScanIndexForward: false });
same(jazz.Items.map((item) => item.song), [99, 97, 95], "a query of an index, backward");
same(Object.keys(jazz.LastEvaluatedKey).sort(), ["artist", "genre", "song"], "where it goes on");
let count = 0;
for (let Segment = 0; Segment < 3; Segment++)
  for await (const page of documents.paginateScan({ client: documentClient, pageSize: 20 }, { TableName, Segment, TotalSegments: 3 })) count += page.Count;
check(count === 101, `segments together have ${count}`);
const some = await document("BatchGet", { RequestItems: { [TableName]: { Keys: [{ artist: "B", song: 3 }, { artist: "B", song: 4 }, { artist: "X", song: 0 }] } } });
same(some.Responses[TableName].map((item) => item.song).sort(), [3, 4], "a batch of keys");

const writes = [
  { Put: { TableName, Item: { artist: "T", song: 1, v: 1 } } },
  { Update: { TableName, Key: { artist: "T", song: 2 }, UpdateExpression: "ADD v :v", ExpressionAttributeValues: { ":v": 5 } } },
];
for (let i = 0; i < 2; i++) await document("TransactWrite", { TransactItems: writes, ClientRequestToken: prefix });
const read = await document("TransactGet", { TransactItems: [1, 2, 3].map((s) => ({ Get: { TableName, Key: { artist: "T", song: s } } })) });
same(read.Responses.map((answer) => answer.Item?.v ?? null), [1, 5, null], "a transaction, once under its token");
const canceled = await refused("TransactionCanceledException", () => document("TransactWrite", {
  TransactItems: [{ Delete: { TableName, Key: { artist: "T", song: 1 } } },
    { ConditionCheck: { TableName, Key: { artist: "T", song: 3 }, ConditionExpression: "attribute_exists(artist)" } }],
}));
same(canceled.CancellationReasons.map((reason) => reason.Code), ["None", "ConditionalCheckFailed"], "the reasons of a cancellation");

const { Streams } = await streams.send(new streaming.ListStreamsCommand({ TableName }));
const { StreamArn } = Streams[0];
const { StreamDescription } = await streams.send(new streaming.DescribeStreamCommand({ StreamArn }));
const told = [];
for (const { ShardId } of StreamDescription.Shards) {
  const { ShardIterator } = await streams.send(new streaming.GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }));
  const { Records } = await streams.send(new streaming.GetRecordsCommand({ ShardIterator }));
  told.push(...Records.filter((r) => r.dynamodb.Keys.artist.S === "A" && r.dynamodb.Keys.song.N === "1"));
}
same(told.map((r) => r.eventName), ["INSERT", "MODIFY"], "the stream tells an item's life");
check(told[1].dynamodb.OldImage.note.S === song.note && told[1].dynamodb.NewImage.note.S === "new", "with both images");

await send("UpdateTimeToLive", { TimeToLiveSpecification: { Enabled: true, AttributeName: "till" } });
check((await send("DescribeTimeToLive")).TimeToLiveDescription.TimeToLiveStatus === "ENABLED", "time to live");
const ResourceArn = Table.TableArn;
await client.send(new sdk.TagResourceCommand({ ResourceArn, Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }] }));
await client.send(new sdk.UntagResourceCommand({ ResourceArn, TagKeys: ["b"] }));
same((await client.send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))).Tags, [{ Key: "a", Value: "1" }], "tags");
await send("UpdateTable", { DeletionProtectionEnabled: true });
await refused("ValidationException", () => send("DeleteTable"));
await send("UpdateTable", { DeletionProtectionEnabled: false });
check((await client.send(new sdk.DescribeLimitsCommand({}))).AccountMaxReadCapacityUnits === 80000, "limits");
check(endpoint.includes((await client.send(new sdk.DescribeEndpointsCommand({}))).Endpoints[0].Address), "endpoints");
check((await send("DescribeContinuousBackups")).ContinuousBackupsDescription.ContinuousBackupsStatus === "DISABLED", "backups");
await refused("ResourceNotFoundException", () => client.send(new sdk.GetItemCommand({ TableName: "none", Key: { artist: { S: "x" } } })));
await refused("UnknownOperationException", () => client.send(new sdk.ListBackupsCommand({})));

await send("DeleteTable");
await sdk.waitUntilTableNotExists({ client, maxWaitTime: 30 }, { TableName });
console.log([...used].sort().join(" "));
console.log(`passed ${checks} checks`);
