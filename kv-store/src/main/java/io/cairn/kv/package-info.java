/// Tables of items with DynamoDB's semantics, durable and in this process. Start reading at [io.cairn.kv.KvStore].
@org.jspecify.annotations.NullMarked
package io.cairn.kv;
