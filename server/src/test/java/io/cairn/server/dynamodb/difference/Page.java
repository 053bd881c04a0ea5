package io.cairn.server.dynamodb.difference;

/// Where AWS says what [Deliberate] quotes.
enum Page {
    ERRORS("amazondynamodb/latest/developerguide/Programming.Errors.html"),
    LOCAL("amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html"),
    UNITS("amazondynamodb/latest/developerguide/read-write-operations.html"),
    LIMITS("amazondynamodb/latest/developerguide/Constraints.html"),
    UPDATES("amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html"),
    DELETE_REQUEST("amazondynamodb/latest/APIReference/API_DeleteRequest.html"),
    NAMING("amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"),
    LOCAL_INDEXES("amazondynamodb/latest/developerguide/LSI.html"), INDEXES("amazondynamodb/latest/developerguide/GSI.html"),
    PUT("amazondynamodb/latest/APIReference/API_PutItem.html"), UPDATE("amazondynamodb/latest/APIReference/API_UpdateItem.html"),
    GET("amazondynamodb/latest/APIReference/API_GetItem.html"), QUERY("amazondynamodb/latest/APIReference/API_Query.html"),
    SCAN("amazondynamodb/latest/APIReference/API_Scan.html"),
    TRANSACT("amazondynamodb/latest/APIReference/API_TransactWriteItems.html"),
    CAPACITY("amazondynamodb/latest/APIReference/API_Capacity.html"),
    COMMON("amazondynamodb/latest/APIReference/CommonErrors.html"),
    COLLECTIONS("amazondynamodb/latest/APIReference/API_ItemCollectionMetrics.html"),
    TABLE("amazondynamodb/latest/APIReference/API_CreateTable.html"),
    VIOLATIONS("amazondynamodb/latest/developerguide/GSI.OnlineOps.ViolationDetection.html"),
    COMPONENTS("amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html"),
    BATCH_WRITE("amazondynamodb/latest/APIReference/API_BatchWriteItem.html"),
    EXPIRY("amazondynamodb/latest/APIReference/API_TimeToLiveSpecification.html"),
    CHANGE("amazondynamodb/latest/APIReference/API_UpdateTable.html"),
    DESCRIPTION("amazondynamodb/latest/APIReference/API_TableDescription.html");

    private final String path;

    Page(String path) {
        this.path = path;
    }

    @Override
    public String toString() {
        return "https://docs.aws.amazon.com/" + path;
    }
}
