/// Volumes whose contents last as long as the process: files that are written in place, without a log, a sync or a map. Start reading at
/// [io.cairn.block.internal.ephemeral.EphemeralFile].
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.ephemeral;
