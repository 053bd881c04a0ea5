/// The block store's part of the scoreboard: who takes part, at which work, to reach which goals. Start reading at
/// [io.cairn.bench.volumes.VolumeSuite].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.volumes;
