/// The block store on a replicated log. Start reading at [io.cairn.block.internal.engine.LogBlockStore]; [io.cairn.block.internal.engine.Journal] is how
/// a write becomes durable.
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.engine;
