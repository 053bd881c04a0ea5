/// What the machine can do at best, by the same clocks: the ceiling over every contestant. Start reading at
/// [io.cairn.bench.limits.RawLimits].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.limits;
