/// The commands of `bin/cairn bench`. Start reading at [io.cairn.bench.Bench]; engine-neutral rules are in `match`, `score`, `report`,
/// `process`, `http` and `limits`, an engine's contestants and scenarios in a package of its own.
@org.jspecify.annotations.NullMarked
package io.cairn.bench;
