/// How Amazon DynamoDB's JSON protocol (API version 2012-08-10) is read and written: its model, requests to members and items, answers and
/// errors from items. Knows items, but no table. Start reading at [io.cairn.server.dynamodb.wire.RequestDecoder].
@org.jspecify.annotations.NullMarked
package io.cairn.server.dynamodb.wire;
