/// The same random requests to this server and to DynamoDB Local, and whether they answer alike. Start reading at [HistoryGenerator], what is
/// asked, and [Deliberate], where the two may differ.
@org.jspecify.annotations.NullMarked
package io.cairn.server.dynamodb.difference;
