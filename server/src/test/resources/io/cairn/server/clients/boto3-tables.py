"""boto3's resource and client for DynamoDB against a running server: boto3-tables.py ENDPOINT PREFIX. The last two lines are the operations that it
carried out and `passed N checks`."""
import sys
import threading
import time
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

endpoint, prefix = sys.argv[1:]
resource = boto3.resource("dynamodb", endpoint_url=endpoint)
client = resource.meta.client
streams = boto3.client("dynamodbstreams", endpoint_url=endpoint)
checks = 0
used = set()


def note(model, http_response, **_):
    if http_response.status_code < 300:
        used.add(model.name)


client.meta.events.register("after-call.dynamodb", note)
streams.meta.events.register("after-call.dynamodb-streams", note)
streams.meta.events.register("after-call.dynamodbstreams", note)


def check(condition, what):
    global checks
    if not condition:
        sys.exit("failed: " + what)
    checks += 1


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        check(e.response["Error"]["Code"] == code, "%s, not %s" % (e.response["Error"]["Code"], code))
        return e.response
    sys.exit("failed: not refused with " + code)


name = prefix + "-Music"
table = resource.create_table(
    TableName=name,
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": a, "AttributeType": t} for a, t in (("artist", "S"), ("song", "S"), ("year", "N"), ("genre", "S"))],
    KeySchema=[{"AttributeName": "artist", "KeyType": "HASH"}, {"AttributeName": "song", "KeyType": "RANGE"}],
    LocalSecondaryIndexes=[{"IndexName": "by-year", "Projection": {"ProjectionType": "ALL"},
                            "KeySchema": [{"AttributeName": "artist", "KeyType": "HASH"}, {"AttributeName": "year", "KeyType": "RANGE"}]}],
    GlobalSecondaryIndexes=[{"IndexName": "by-genre", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]},
                             "KeySchema": [{"AttributeName": "genre", "KeyType": "HASH"}, {"AttributeName": "year", "KeyType": "RANGE"}]}],
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    Tags=[{"Key": "team", "Value": "blue"}])
table.wait_until_exists()
check(table.table_status == "ACTIVE" and table.item_count == 0, "the table is made")
check(name in [t.name for t in resource.tables.all()], "the table is listed")
check(client.list_tags_of_resource(ResourceArn=table.table_arn)["Tags"] == [{"Key": "team", "Value": "blue"}], "its tag is listed")

# Every type, as boto3 has them.
item = {"artist": "A", "song": "one", "n": Decimal("1.50"), "big": Decimal("12345678901234567890123456789012345678"), "b": Binary(b"\x00\xff"),
        "yes": True, "none": None, "l": [1, "x", [Decimal("0.1")]], "m": {"deep": {"é": "\U0001f600"}}, "ss": {"a", "b"}, "ns": {1, 2}, "bs": {Binary(b"x")}}
table.put_item(Item=item)
got = table.get_item(Key={"artist": "A", "song": "one"}, ConsistentRead=True)["Item"]
check(got == item, "every type comes back: %r" % got)
refused("ConditionalCheckFailedException", table.put_item, Item=item, ConditionExpression=Attr("artist").not_exists())
updated = table.update_item(Key={"artist": "A", "song": "one"}, UpdateExpression="SET #n = #n + :one REMOVE b ADD ss :c",
                            ConditionExpression=Attr("n").between(1, 2) & Attr("m.deep").exists() & ~Attr("ss").contains("z"),
                            ExpressionAttributeNames={"#n": "n"}, ExpressionAttributeValues={":one": 1, ":c": {"c"}}, ReturnValues="UPDATED_NEW")
check(updated["Attributes"] == {"n": Decimal("2.5"), "ss": {"a", "b", "c"}}, "an update tells what it changed")
check(table.delete_item(Key={"artist": "A", "song": "one"}, ReturnValues="ALL_OLD")["Attributes"]["n"] == Decimal("2.5"), "a delete tells what it removed")
check("Item" not in table.get_item(Key={"artist": "A", "song": "one"}), "it is gone")

with table.batch_writer(overwrite_by_pkeys=["artist", "song"]) as batch:
    for i in range(120):
        batch.put_item(Item={"artist": "A%d" % (i % 2), "song": "s%03d" % i, "year": 2100 - i, "genre": ["jazz", "rock", "folk"][i % 3], "note": "n" * 50})
        batch.put_item(Item={"artist": "A%d" % (i % 2), "song": "s%03d" % i, "year": 2000 + i, "genre": ["jazz", "rock", "folk"][i % 3], "note": "n%d" % i})
    batch.delete_item(Key={"artist": "A0", "song": "s000"})
check(table.scan(Select="COUNT")["Count"] == 119, "the batch writer wrote all")

songs = table.query(KeyConditionExpression=Key("artist").eq("A1") & Key("song").begins_with("s00"), ProjectionExpression="song", ScanIndexForward=False)
check([i["song"] for i in songs["Items"]] == ["s009", "s007", "s005", "s003", "s001"], "a query by prefix, backward")
jazz = table.query(IndexName="by-genre", KeyConditionExpression=Key("genre").eq("jazz") & Key("year").gte(2090), FilterExpression=Attr("note").ne("n93"))
check([int(i["year"]) for i in jazz["Items"]] == [2090 + d for d in range(30) if (90 + d) % 3 == 0 and d != 3], "a query of an index")
check(set(jazz["Items"][0]) == {"artist", "song", "genre", "year", "note"}, "what the index projects")
years = table.query(IndexName="by-year", KeyConditionExpression=Key("artist").eq("A0") & Key("year").between(2010, 2014))
check([int(i["year"]) for i in years["Items"]] == [2010, 2012, 2014], "a query of a local index")

pages = list(client.get_paginator("query").paginate(TableName=name, KeyConditionExpression=Key("artist").eq("A1"), PaginationConfig={"PageSize": 25}))
check([p["Count"] for p in pages] == [25, 25, 10], "a paginator's pages: %s" % [p["Count"] for p in pages])
limited = client.get_paginator("scan").paginate(TableName=name, PaginationConfig={"PageSize": 10, "MaxItems": 33})
check(len(limited.build_full_result()["Items"]) == 33, "a paginator that ends early")
parts = [list(client.get_paginator("scan").paginate(TableName=name, Segment=s, TotalSegments=3)) for s in range(3)]
check(sum(p["Count"] for part in parts for p in part) == 119, "segments together")

batch = resource.batch_get_item(RequestItems={name: {"Keys": [{"artist": "A1", "song": "s%03d" % i} for i in range(1, 40, 2)] + [{"artist": "X", "song": "x"}]}})
check(len(batch["Responses"][name]) == 20 and batch["UnprocessedKeys"] == {}, "a batch of keys")

one, two = {"artist": "T", "song": "1"}, {"artist": "T", "song": "2"}
writes = [{"Put": {"TableName": name, "Item": dict(one, v=1)}},
          {"Update": {"TableName": name, "Key": two, "UpdateExpression": "ADD v :v", "ExpressionAttributeValues": {":v": 5}}}]
client.transact_write_items(TransactItems=writes, ClientRequestToken=prefix)
client.transact_write_items(TransactItems=writes, ClientRequestToken=prefix)
got = client.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": one}}, {"Get": {"TableName": name, "Key": two}}])
check([r["Item"]["v"] for r in got["Responses"]] == [1, 5], "a transaction, once under its token")
answer = refused("TransactionCanceledException", client.transact_write_items, TransactItems=[
    {"ConditionCheck": {"TableName": name, "Key": one, "ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": 9},
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
    {"Delete": {"TableName": name, "Key": two}}])
check([r["Code"] for r in answer["CancellationReasons"]] == ["ConditionalCheckFailed", "None"], "the reasons of a cancellation")
check(answer["CancellationReasons"][0]["Item"]["v"] == {"N": "1"}, "the item that failed")
refused("IdempotentParameterMismatchException", client.transact_write_items, TransactItems=writes[:1], ClientRequestToken=prefix)

errors = []


def count(times):
    try:
        for _ in range(times):
            table.update_item(Key={"artist": "counter", "song": "x"}, UpdateExpression="ADD c :one", ExpressionAttributeValues={":one": 1})
    except Exception as e:  # told by the check below
        errors.append(e)


threads = [threading.Thread(target=count, args=(25,)) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
check(not errors and table.get_item(Key={"artist": "counter", "song": "x"})["Item"]["c"] == 100, "no count is lost: %s" % errors)

stream = streams.list_streams(TableName=name)["Streams"][0]["StreamArn"]
check(stream == table.latest_stream_arn, "the stream is listed")
names = []
for shard in streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]:
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    while iterator:
        page = streams.get_records(ShardIterator=iterator, Limit=50)
        names += [r["eventName"] for r in page["Records"] if r["dynamodb"]["Keys"]["artist"] == {"S": "A"}]
        iterator = page.get("NextShardIterator") if page["Records"] else None
check(names == ["INSERT", "MODIFY", "REMOVE"], "the stream tells an item's life: %s" % names)

client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "till"})
check(client.describe_time_to_live(TableName=name)["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "till"}, "time to live")
client.tag_resource(ResourceArn=table.table_arn, Tags=[{"Key": "a", "Value": "1"}])
client.untag_resource(ResourceArn=table.table_arn, TagKeys=["team"])
check(client.list_tags_of_resource(ResourceArn=table.table_arn)["Tags"] == [{"Key": "a", "Value": "1"}], "tags are changed")
table.update(AttributeDefinitions=[{"AttributeName": "note", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[
    {"Create": {"IndexName": "by-note", "Projection": {"ProjectionType": "KEYS_ONLY"}, "KeySchema": [{"AttributeName": "note", "KeyType": "HASH"}]}}])
for _ in range(200):
    status = [i["IndexStatus"] for i in client.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"] if i["IndexName"] == "by-note"]
    if status == ["ACTIVE"]:
        break
    time.sleep(0.05)
check(table.query(IndexName="by-note", KeyConditionExpression=Key("note").eq("n77"))["Items"] == [{"artist": "A1", "song": "s077", "note": "n77"}], "an index added later")
check(client.describe_limits()["TableMaxReadCapacityUnits"] == 40000, "limits")
check(client.describe_endpoints()["Endpoints"][0]["Address"] in endpoint, "endpoints")
check(client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]["ContinuousBackupsStatus"] == "DISABLED", "backups")
refused("ValidationException", table.query, KeyConditionExpression=Key("song").eq("x"))
refused("ResourceNotFoundException", resource.Table("none").get_item, Key={"artist": "x", "song": "x"})
refused("UnknownOperationException", client.list_backups)

table.delete()
table.wait_until_not_exists()
check(name not in client.list_tables()["TableNames"], "the table is gone")
print(" ".join(sorted(used)))
print("passed %d checks" % checks)
