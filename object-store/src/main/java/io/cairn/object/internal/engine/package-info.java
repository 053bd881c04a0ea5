/// Buckets and objects on the replicated log: evaluate under latches, one batch, one sync, answer.
@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.engine;
