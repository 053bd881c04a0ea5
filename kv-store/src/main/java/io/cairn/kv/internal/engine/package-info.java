/// The store on a replicated log: how a write is checked, evaluated and made one batch, and how pages are read.
/// Start reading at [io.cairn.kv.internal.engine.LogKvStore].
@org.jspecify.annotations.NullMarked
package io.cairn.kv.internal.engine;
