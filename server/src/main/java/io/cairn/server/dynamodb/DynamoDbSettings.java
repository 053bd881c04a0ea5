package io.cairn.server.dynamodb;

/// What the DynamoDB face is told at start.
///
/// @param region its name in ARNs
/// @param account the account's 12 digits
public record DynamoDbSettings(String region, String account) {
    public static final DynamoDbSettings DEFAULT = new DynamoDbSettings("us-east-1", "000000000000");

    String tableArn(String table) {
        return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + table;
    }
}
