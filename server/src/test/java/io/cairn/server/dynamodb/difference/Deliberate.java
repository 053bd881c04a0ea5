package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Corrections.shortened;
import static io.cairn.server.dynamodb.difference.Corrections.text;
import static io.cairn.server.dynamodb.difference.Corrections.validation;

import io.cairn.server.dynamodb.difference.Corrections.Correction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where DynamoDB Local answers otherwise than the service, each with AWS's word for it. An entry turns Local's answer into the service's; what then
/// is still unlike Cairn's is a difference that nobody named. In the order in which they are tried.
///
/// @param word AWS's
record Deliberate(String name, Page page, String word, Correction correction) {
    /// What an update may find wrong in its item; of two such mistakes each server names another.
    static final String OF_AN_UPDATE = "(The document path provided in the update expression is invalid for update|An operand in the update expression has an incorrect data type|The provided expression refers to an attribute that does not exist in the item|DynamoDB only supports precision up to 38 digits)";

    /// What is wrong with the items that a request meets, and with what it makes of them.
    private static final String OF_AN_ITEM = "(ConditionalCheckFailedException: The conditional request failed|TransactionCanceledException: .*|ValidationException: ("
            + OF_AN_UPDATE
            + "|Item size has exceeded the maximum allowed size|One or more parameter values are not valid\\. The update expression attempted to update a secondary index key .*|Transaction request cannot include multiple operations on one item|The table does not have the specified index: .*|Invalid attribute value type))";

    /// What is wrong with a request whatever the items are.
    private static final String OF_A_REQUEST = "ValidationException: (Key attributes must be scalars; .*|One or more parameter values were invalid: (An (string|number|binary) set  may not be empty|Value must be provided when Exists is .*|Cannot update attribute .*|Only DELETE action .*|(ADD|DELETE) action .*)|1 validation error detected: .*|ExpressionAttribute(Names|Values) can only be specified when using expressions.*|Value provided in ExpressionAttribute(Names|Values) unused in expressions: .*|Invalid (Condition|Update|Projection)Expression: .*|Input collection .*|KeyConditionExpressions? (must|cannot) .*|Invalid KeyConditionExpression: .*|Invalid operator used in KeyConditionExpression: .*|ExpressionAttribute(Names|Values) contains invalid .*|Transaction request cannot include multiple operations on one item)";

    static final List<Deliberate> ALL = List.of(
            of("MESSAGE_MEMBER", Page.ERRORS,
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\", \"message\":\"...\"}",
                    pair -> pair.local().isOk() || upper(pair.local().error())
                            || !(pair.local().body().get("Message") instanceof String message)
                                    ? null
                                    : pair.local().with("Message", null).with("message", message)),
            of("STORED_NUMBERS", Page.NAMING, "Leading and trailing zeroes are trimmed.", Corrections::numbers),
            of("COLLECTIONS", Page.LOCAL,
                    "Item collection metrics and sizes are not tracked. In operation responses, nulls are returned instead of item collection metrics.",
                    Corrections::collections),
            of("CAPACITY_UNASKED", Page.PUT, "NONE - No ConsumedCapacity details are included in the response.",
                    pair -> pair.local().isOk() && pair.request().operation().equals("DeleteItem")
                            && List.of("null", "NONE")
                                    .contains(String.valueOf(pair.request().body().get("ReturnConsumedCapacity")))
                                            ? pair.local().with("ConsumedCapacity", null)
                                            : null),
            of("STOPPED_AT_LIMIT", Page.QUERY,
                    "If DynamoDB processes the number of items up to the limit while processing the results, it stops the operation and returns the matching values up to that point, and a key in LastEvaluatedKey",
                    Corrections::stoppedAtLimit),
            of("EMPTY_READ", Page.UNITS,
                    "If you perform a read operation on an item that does not exist, DynamoDB still consumes provisioned read throughput",
                    Corrections::emptyRead),
            of("MISSING_IN_BATCH", Page.UNITS,
                    "If you perform a read operation on an item that does not exist, DynamoDB still consumes provisioned read throughput",
                    Corrections::missingInBatch),
            of("TABLE_READ_UNITS", Page.CAPACITY,
                    "The total number of read capacity units consumed on a table or an index.",
                    Corrections::tableReadUnits),
            of("TRANSACTION_UNITS", Page.UNITS,
                    "Transactional write requests require two write capacity units to perform one write per second for items up to 1 KB.",
                    Corrections::transactionUnits),
            of("NO_ROW", Page.INDEXES, "A global secondary index only tracks data items where its key attributes actually exist.",
                    Corrections::noRow),
            of("DELETED_NOTHING", Page.UNITS,
                    "One write request unit represents one write operation per second, for an item up to 1 KB in size.",
                    Corrections::deletedNothing),
            of("NOTHING_TO_REMOVE", Page.UPDATE,
                    "DELETE - Causes nothing to happen; there is no attribute to delete.",
                    Corrections::nothingToRemove),
            of("INDEX_KEY_STOOD", Page.VIOLATIONS,
                    "In these cases, the items remain in the table, but the index doesn't have a corresponding entry for that item.",
                    Corrections::indexKeyStood),
            of("SMALL_INDEX_ROWS", Page.INDEXES,
                    "A projection is the set of attributes that is copied from a table into a secondary index.",
                    Corrections::smallIndexRows),
            of("UPDATED_PART", Page.UPDATE,
                    "UPDATED_OLD - Returns only the updated attributes, as they appeared before the UpdateItem operation.",
                    Corrections::updatedPart),
            of("DESCRIPTION", Page.DESCRIPTION, "Unique identifier for the table for which the backup was created.",
                    Corrections::description),
            of("LOCAL_FAILS", Page.COMMON,
                    "InternalFailure: The request processing has failed because of an unknown error, exception or failure.",
                    // It says nothing that could be held against another answer, and may have done anything: the history ends there.
                    pair -> pair.local().status() == 500 && pair.local().line().equals(
                            "InternalFailure: The request processing has failed because of an unknown error, exception or failure.")
                                    ? pair.cairn()
                                    : null),
            of("REASON_TEXTS", Page.TRANSACT,
                    "One or more parameter values were invalid. ... The update expression attempted to update the secondary index key to unsupported type.",
                    Corrections::reasonTexts),
            of("REASON_FULL_STOP", Page.TRANSACT, "Code: ConditionalCheckFailed; Message: The conditional request failed.",
                    Corrections::reasonsWithoutFullStop),
            of("TRANSACTION_ITEM", Page.TRANSACT,
                    "Validation Error: Code: ValidationError; Messages: ... An operand in the update expression has an incorrect data type. ... The provided expression refers to an attribute that does not exist in the item.",
                    Corrections::cancelled),
            of("RETURN_VALUES", Page.PUT, "PutItem does not recognize any values other than NONE or ALL_OLD.",
                    validation("Return values set to invalid value", "ReturnValues can only be ALL_OLD or NONE")),
            of("RETURN_VALUES_ENUM", Page.PUT, "Valid Values: NONE | ALL_OLD | UPDATED_OLD | ALL_NEW | UPDATED_NEW",
                    validation("Return values set to invalid value",
                            "1 validation error detected: Value '[^']*' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: .*")),
            of("CONSTRAINT_COUNT", Page.COMMON,
                    "ValidationError: The input fails to satisfy the constraints specified by an AWS service.",
                    validation("Value '?(?<value>[^;']*)'?(?<rest> at [^;]* failed to satisfy constraint: [^;]*)",
                            "1 validation error detected: Value '?(?<value>[^']*)'?(?<rest> at .*)")),
            of("TABLE_NAME", Page.TABLE,
                    "Length Constraints: Minimum length of 3. Maximum length of 255. Pattern: [a-zA-Z0-9_.-]+",
                    validation("Invalid table/index name\\.  Table/index names must be .*",
                            "[12] validation errors? detected: Value '[^']*' at '(tableName|indexName)' failed to satisfy constraint: Member must .*")),
            of("TABLE_GONE", Page.ERRORS,
                    "Message: Requested resource not found. Example: Table which is being requested does not exist, or is too early in the CREATING state.",
                    text("ResourceNotFoundException: Cannot do operations on a non-existent table",
                            "ResourceNotFoundException: Requested resource not found(: Table: .* not found)?")),
            of("CONSISTENT_GSI", Page.QUERY, "Strongly consistent reads are not supported on global secondary indexes.",
                    validation("Consistent read cannot be true when (querying|scanning) a GSI",
                            "Consistent reads are not supported on global secondary indexes")),
            of("KEY_COUNT", Page.GET, "For the primary key, you must provide all of the attributes.",
                    validation("(The number of conditions on the keys is invalid|One of the required keys was not given a value)",
                            "The provided key element does not match the schema")),
            of("KEY_TYPE", Page.DELETE_REQUEST,
                    "All of the table's primary key attributes must be specified, and their data types must match those of the table's key schema.",
                    validation("(One or more parameter values were invalid: Type mismatch for key|Invalid attribute value type)",
                            "The provided key element does not match the schema")),
            of("ITEM_KEY_TYPE", Page.DELETE_REQUEST,
                    "All of the table's primary key attributes must be specified, and their data types must match those of the table's key schema.",
                    validation("(One or more parameter values were invalid: Type mismatch for key|Invalid attribute value type)",
                            "One or more parameter values were invalid: Type mismatch for key [a-z]+ expected: [SNB] actual: [A-Z]+")),
            of("INDEX_KEY_NAMED", Page.PUT,
                    "If you specify any attributes that are part of an index key, then the data types for those attributes must match those of the schema in the table's attribute definition.",
                    shortened("One or more parameter values were invalid: Type mismatch for Index Key",
                            " [a-z]+ Expected: [SNB] Actual: [A-Z]+ IndexName: .*")),
            of("INDEX_KEY_TYPE", Page.PUT,
                    "If you specify any attributes that are part of an index key, then the data types for those attributes must match those of the schema in the table's attribute definition.",
                    validation("Invalid attribute value type",
                            "(One or more parameter values were invalid: Type mismatch for Index Key .*|The update expression attempted to update the secondary index key to unsupported type)")),
            of("INDEX_KEY_UPDATED", Page.TRANSACT,
                    "The update expression attempted to update the secondary index key to unsupported type.",
                    text("(ok|ValidationException: One or more parameter values were invalid: Type mismatch for Index Key)",
                            "ValidationException: The update expression attempted to update the secondary index key to unsupported type")),
            of("SEGMENT", Page.SCAN,
                    "The value for Segment must be greater than or equal to 0, and less than the value provided for TotalSegments.",
                    validation(
                            "1 validation error detected: Value '(?<n>\\d+)' at 'segment' failed to satisfy constraint: Member must have value less than or equal to \\d+",
                            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: (?<n>\\d+) is not less than TotalSegments: \\d+")),
            of("LIMIT", Page.QUERY, "Limit: Valid Range: Minimum value of 1.",
                    validation("Limit must be greater than or equal to 1",
                            "1 validation error detected: Value '.*' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")),
            of("REQUIRED", Page.GET, "Required: Yes",
                    validation(
                            "(Cannot have null key for GetItem, DeleteItem, or UpdateItem|AttributesToGet cannot be empty|Item to put in PutItem cannot be null|BatchWriteItem cannot have a null or no requests set|BatchGetItem must have some requests set|.* must be provided)",
                            "1 validation error detected: Value (null|'\\{\\}'|'\\[\\]') at '(key|item|transactItems|requestItems|attributesToGet)' failed to satisfy constraint: Member must (not be null|have length greater than or equal to 1)")),
            of("EMPTY_LIST", Page.TRANSACT, "Array Members: Minimum number of 1 item.",
                    validation("Value null at '(?<at>[a-zA-Z]+)' failed to satisfy constraint: Member must not be null",
                            "1 validation error detected: Value '\\[\\]' at '(?<at>[a-zA-Z]+)' failed to satisfy constraint: Member must have length greater than or equal to 1")),
            of("ENUM_IGNORED", Page.PUT,
                    "ReturnConsumedCapacity: Valid Values: INDEXES | TOTAL | NONE; ReturnItemCollectionMetrics: Valid Values: SIZE | NONE; Select: Valid Values: ALL_ATTRIBUTES | ALL_PROJECTED_ATTRIBUTES | SPECIFIC_ATTRIBUTES | COUNT",
                    text(".*",
                            "ValidationException: 1 validation error detected: Value '[^']*' at '(returnItemCollectionMetrics|returnConsumedCapacity|select)' failed to satisfy constraint: Member must satisfy enum value set: .*")),
            of("ON_DEMAND_UNITS", Page.TABLE, "If you set BillingMode as PAY_PER_REQUEST, you cannot specify this property.",
                    text("ok",
                            "ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")),
            of("HASH_FIRST", Page.TABLE,
                    "The first element must have a KeyType of HASH, and the second element must have a KeyType of RANGE.",
                    validation("No Hash Key specified in schema\\.  All Dynamo DB tables must have exactly one hash key",
                            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type")),
            of("FETCHED_NOTHING", Page.LOCAL_INDEXES,
                    "If you query a local secondary index, you can also request attributes that are not projected in to the index. DynamoDB automatically fetches those attributes from the table.",
                    Corrections::fetchedNothing),
            of("FETCHED_IN_SCAN", Page.LOCAL_INDEXES,
                    "If you query a local secondary index, you can also request attributes that are not projected in to the index. DynamoDB automatically fetches those attributes from the table.",
                    Corrections::fetchedInScan),
            of("PAGE_SIZE", Page.QUERY,
                    "if the processed dataset size exceeds 1 MB before DynamoDB reaches this limit, it stops the operation",
                    Corrections::pageSize),
            of("RANGE_BYTES", Page.LIMITS, "The minimum length of a sort key value is 1 byte. The maximum length is 1024 bytes.",
                    text("(ok|ValidationException: One or more parameter values were invalid: Size limit exceeded)",
                            "ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")),
            of("KEY_BYTES", Page.LIMITS,
                    "The minimum length of a partition key value is 1 byte. The maximum length is 2048 bytes.",
                    validation(
                            "(Hash primary key values must be under 2048 bytes, and range primary key values must be under 1024 bytes|One or more parameter values were invalid: Size limit exceeded)",
                            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")),
            of("ONE_ITEM_FIRST", Page.TRANSACT,
                    "no two actions can target the same item. For example, you cannot both ConditionCheck and Update the same item.",
                    text("(ValidationException: " + OF_AN_UPDATE + "|TransactionCanceledException: .*)",
                            "ValidationException: Transaction request cannot include multiple operations on one item")),
            of("UNDEFINED_ORDER", Page.UPDATE,
                    "One or more substitution tokens for attribute names in an expression.",
                    validation(
                            "Invalid [A-Za-z]+: An expression attribute (name|value) used in .* is not defined; attribute (name|value): .*",
                            "Invalid [A-Za-z]+: An expression attribute (name|value) used in .* is not defined; attribute (name|value): .*")),
            of("PRECISION", Page.NAMING, "Numbers can have up to 38 digits of precision. Exceeding this results in an exception.",
                    validation(
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)DynamoDB only supports precision up to 38 digits(?<for>( for key :x)?)",
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)Attempting to store more than 38 significant digits in a Number(?<for>( for key :x)?)")),
            of("INDEX_KEY_LEGACY", Page.UPDATE, "DELETE - Nothing happens; there is no attribute to delete.",
                    text("ValidationException: Updates on index keys must be of the same data type as the key attribute",
                            "(ok|ValidationException: The update expression attempted to update the secondary index key to unsupported type)")),
            of("INDEX_KEY_EMPTY", Page.PUT,
                    "Attribute values of type String and Binary must have a length greater than zero if the attribute is used as a key attribute for a table or index.",
                    validation(
                            "One or more parameter values are not valid\\. (The update expression attempted to update a secondary index key|A value specified for a secondary index key).*",
                            "(The update expression attempted to update the secondary index key to unsupported type|One or more parameter values are not valid\\. The AttributeValue for a key attribute cannot contain an empty (string|binary) value.*)")),
            of("TABLE_EXISTS", Page.TABLE, "You attempted to recreate an existing table.",
                    text("ResourceInUseException: Cannot create preexisting table",
                            "ResourceInUseException: Table already exists: .*")),
            of("EMPTY_INDEXES", Page.TABLE,
                    "One or more global secondary indexes (the maximum is 20) to be created on the table.",
                    validation("GSI list is empty/invalid",
                            "One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty")),
            of("INDEX_UNITS", Page.TABLE,
                    "If you set BillingMode as PROVISIONED, you must specify this property.",
                    validation(
                            "(No provisioned throughput specified for the (global secondary index|table)|No defined key schema\\. .*|Two keys can not have the same name)",
                            "One or more parameter values were invalid: (ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED|ProvisionedThroughput is not specified for index: .*)")),
            of("KEY_UNDEFINED", Page.TABLE, "The attributes in KeySchema must also be defined in the AttributeDefinitions array.",
                    validation(
                            "((Hash|Range) Key not specified in Attribute Definitions\\.  Type unknown\\.|Global Secondary Index (hash|range) key not specified in Attribute Definitions\\.Type unknown\\.|No Attribute Schema Defined|Local Secondary indices (must have the same hash key as the main table|are not allowed on hash tables, only hash and range tables)|The number of attributes in key schema must match the number of attributes defined in attribute definitions\\.)",
                            "(Invalid KeySchema: Some index key attribute have no definition|One or more parameter values were invalid: (Some index key attributes are not defined in AttributeDefinitions\\. .*|Some AttributeDefinitions are not used\\. .*|Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions))")),
            of("INDEX_GONE", Page.CHANGE,
                    "The operation tried to access a nonexistent table or index.",
                    text("ResourceNotFoundException: Requested resource not found",
                            "ResourceNotFoundException: Requested resource not found: Index: .* not found for table: .*")),
            of("INDEX_EXISTS", Page.CHANGE, "Create - add a new global secondary index to the table.",
                    validation("Attempting to create an index which already exists",
                            "One or more parameter values were invalid: Index already exists: .*")),
            of("TABLE_REQUIRED", Page.CHANGE, "TableName: Required: Yes",
                    validation("Value null at 'tableName' failed to satisfy constraint: Member must not be null",
                            "The parameter 'TableName' is required but was not present in the request")),
            of("NOTHING_TO_CHANGE", Page.CHANGE, "You can only perform one of the following operations at once",
                    validation("Nothing to update", "At least one of ProvisionedThroughput, BillingMode, .* is required")),
            of("SAME_UNITS", Page.CHANGE, "Modify the provisioned throughput settings of the table.",
                    validation("The requested throughput value equals the current value",
                            "The provisioned throughput for the table will not change\\. .*")),
            of("INDEX_BUSY", Page.CHANGE, "The operation conflicts with the resource's availability.",
                    text("(ResourceInUseException: .* while indexes are in (CREATING|DELETING).*|ResourceInUseException: .*Index is being (created|deleted).*|LimitExceededException: .*Only 1 online index.*)",
                            "(ok|ResourceNotFoundException: Requested resource not found: Index: .* not found for table: .*|ValidationException: .*(Index already exists: .*|will not change\\. .*|when BillingMode is PAY_PER_REQUEST))")),
            of("NO_KEY", Page.PUT, "When you add an item, the primary key attributes are the only required attributes.",
                    validation("One of the required keys was not given a value",
                            "One or more parameter values were invalid: Missing the key [a-z]+ in the item")),
            of("NO_NUMBER", Page.NAMING,
                    "Numbers can be positive, negative, or zero. Numbers can have up to 38 digits of precision.",
                    validation(
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)A value provided cannot be converted into a number(?<for>( for key :x)?)",
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)The parameter cannot be converted to a numeric value(: .*?)?(?<for>( for key :x)?)")),
            of("START_KEY", Page.QUERY, "The primary key of the first item that this operation will evaluate.",
                    validation(
                            "(Exclusive Start Key must have same size as table's key schema|Exclusive start key must lie within the segment|The provided starting key is invalid|Type mismatch for attribute to update)",
                            "The provided starting key is invalid: .*")),
            of("START_KEY_PARTITION", Page.QUERY,
                    "Use the value that was returned for LastEvaluatedKey in the previous operation.",
                    validation("The provided starting key does not match the range key predicate",
                            "The provided starting key is outside query boundaries based on provided conditions")),
            of("KEY_CONDITION_FIRST", Page.QUERY, "The condition must perform an equality test on a single partition key value.",
                    validation("Value provided in ExpressionAttributeValues unused in expressions: keys: .*",
                            "(Invalid operator used in KeyConditionExpression: .*|Either the KeyConditions or KeyConditionExpression parameter must be specified in the request\\.|Invalid condition in KeyConditionExpression: .*|KeyConditionExpressions? (must|cannot) .*|Invalid KeyConditionExpression: .*)")),
            of("DUPLICATES", Page.NAMING, "Each value within a set must be unique.",
                    validation(
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)One or more parameter values were invalid: Input collection .*contains duplicates\\.?(?<for>( for key :x)?)",
                            "(?<in>(ExpressionAttributeValues contains invalid value: )?)One or more parameter values were invalid: Input collection \\[.*\\](of type BS)? ?contains duplicates\\.(?<for>( for key :x)?)")),
            of("START_KEY_AT_BOUND", Page.QUERY,
                    "Use the value that was returned for LastEvaluatedKey in the previous operation.",
                    pair -> pair.local().message().equals("The provided starting key does not match the range key predicate")
                            && pair.cairn().isOk()
                            && Corrections.scanned(pair.cairn()).signum() == 0 ? pair.cairn() : null),
            of("REQUEST_FIRST", Page.COMMON, "The input fails to satisfy the constraints specified by an AWS service.",
                    text(OF_AN_ITEM, OF_A_REQUEST)),
            of("UPDATE_ORDER", Page.TRANSACT,
                    "The document path provided in the update expression is invalid for update. ... An operand in the update expression has an incorrect data type. ... The provided expression refers to an attribute that does not exist in the item.",
                    pair -> Corrections.hasSeveralActions(pair.request())
                            ? validation(Deliberate.OF_AN_UPDATE, Deliberate.OF_AN_UPDATE).of(pair)
                            : null),
            of("LOCAL_INDEX_KEYS", Page.TABLE,
                    "The key schema must begin with the same partition key as the table.",
                    validation(
                            "Local Secondary indices (must have the same hash key as the main table|are not allowed on hash tables, only hash and range tables)",
                            "One or more parameter values were invalid: (Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex|Index KeySchema does not have the same leading hash key as table KeySchema for index: .*)")),
            of("SAME_KEY_TWICE", Page.TABLE,
                    "The second element must have a KeyType of RANGE.",
                    validation("Two keys can not have the same name",
                            "One or more parameter values were invalid: Both the Hash Key and the Range Key element in the KeySchema have the same name")),
            of("TOKEN_MISMATCH", Page.TRANSACT,
                    "If you submit a request with the same client token but a change in other parameters within the 10-minute idempotency window, DynamoDB returns an IdempotentParameterMismatch exception.",
                    // Seldom, Local gives the exception without a word.
                    text("IdempotentParameterMismatchException: ", "IdempotentParameterMismatchException: .+")),
            of("EXPIRY_NAMED", Page.EXPIRY,
                    "The name of the TTL attribute used to store the expiration time for items in the table.",
                    shortened("TimeToLive is active on a different AttributeName", ": current AttributeName is [a-z]+")),
            of("EXPIRY_REQUIRED", Page.EXPIRY,
                    "TimeToLiveSpecification: Required: Yes. AttributeName: Required: Yes. Enabled: Required: Yes.",
                    validation(
                            "(AttributeName cannot be null when time to live is being enabled|TimeToLiveSpecification cannot be null)",
                            "[12] validation errors? detected: Value null at 'timeToLiveSpecification.* failed to satisfy constraint: Member must not be null")),
            of("MISSED_KEY_FIRST", Page.QUERY, "The condition must perform an equality test on a single partition key value.",
                    validation("Query condition missed key schema element",
                            "(One or more parameter values were invalid: Secondary index .* does not project one or more filter attributes: .*|ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName)")),
            of("UNPROCESSED", Page.BATCH_WRITE,
                    "If any requested operations fail because the table's provisioned throughput is exceeded or an internal processing failure occurs, the failed operations are returned in the UnprocessedItems response parameter.",
                    // While an index is being made, Local may leave something out: the history ends there.
                    pair -> Corrections.leavesSomething(pair.local()) && pair.cairn().isOk() ? pair.cairn() : null),
            of("TOO_LARGE_AND_WRONG", Page.LIMITS, "The maximum item size in DynamoDB is 400 KB",
                    // It is both; which of them is told has no word of AWS.
                    pair -> Json.text(pair.request().body()).length() > 380_000
                            ? text("ValidationException: Item size has exceeded the maximum allowed size",
                                    "(ValidationException|SerializationException): .*").of(pair)
                            : null),
            of("PATH_IN_KEY", Page.COMPONENTS,
                    "Each primary key attribute must be a scalar (meaning that it can hold only a single value).",
                    pair -> pair.request().operation().equals("TransactWriteItems")
                            ? text("ok", "ValidationException: Key attributes must be scalars; .*").of(pair)
                            : null),
            of("METRICS_OF_WHAT", Page.TRANSACT, "ReturnItemCollectionMetrics: Valid Values: SIZE | NONE",
                    pair -> pair.request().body().get("ReturnItemCollectionMetrics") instanceof List<?>
                            ? text(".*", "SerializationException: Unrecognized collection type class java\\.lang\\.String")
                                    .of(pair)
                            : null),
            of("SCAN_FROM", Page.SCAN, "The primary key of the first item that this operation will evaluate.",
                    // Partitions are in the order of a hash, each server's own.
                    pair -> pair.request().operation().equals("Scan") && pair.request().body().containsKey("ExclusiveStartKey")
                            && pair.local().isOk() && pair.cairn().isOk() ? pair.cairn() : null),
            of("MISSED_KEY", Page.QUERY, "The condition must perform an equality test on a single partition key value.",
                    shortened("Query condition missed key schema element", ": [a-z]+")),
            of("FILTERED_WHOLE", Page.INDEXES,
                    "A projection is the set of attributes that is copied from a table into a secondary index.", pair -> {
                        var body = pair.request().body();
                        boolean filtered = body.containsKey("FilterExpression") || body.containsKey("ScanFilter");
                        return pair.request().operation().equals("Scan") && body.containsKey("IndexName") && filtered
                                && pair.local().isOk()
                                && pair.cairn().isOk()
                                && Corrections.scanned(pair.local()).compareTo(Corrections.scanned(pair.cairn())) == 0
                                        ? pair.cairn()
                                        : null;
                    }));

    /// Those that need two of Local's own threads to meet: one of 20,000 histories may show them, or none.
    static final Set<String> OF_CHANCE = Set.of("TOKEN_MISMATCH", "UNPROCESSED");

    private static Deliberate of(String name, Page page, String word, Correction correction) {
        return new Deliberate(name, page, word, correction);
    }

    /// Types whose message has a capital in the API's model.
    private static boolean upper(String type) {
        return List.of("TransactionCanceledException", "IdempotentParameterMismatchException", "SerializationException")
                .contains(type);
    }

    /// What the service answers where Local gave `pair.local()`; null where this difference has no part in it.
    @Nullable
    Answer service(Pair pair) {
        return correction.of(pair);
    }

    /// AWS's word, and where it stands.
    String source() {
        return "\"" + word + "\" (" + page + ")";
    }
}
