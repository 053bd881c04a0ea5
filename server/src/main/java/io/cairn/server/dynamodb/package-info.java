/// Amazon DynamoDB's protocol over a store of items. A request is decoded by [io.cairn.server.dynamodb.wire.RequestDecoder], routed by
/// [io.cairn.server.dynamodb.DynamoDbFace], and served by the class of its kind.
@org.jspecify.annotations.NullMarked
package io.cairn.server.dynamodb;
