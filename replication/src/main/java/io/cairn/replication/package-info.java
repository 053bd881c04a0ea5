/// One log under every engine: ordered, durable batches and the store they are applied to.
/// Start reading at [io.cairn.replication.ReplicatedLog].
@org.jspecify.annotations.NullMarked
package io.cairn.replication;
