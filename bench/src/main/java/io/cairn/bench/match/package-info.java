/// Rules of a comparison that hold for every engine: contestants take turns at scenarios, round by round. Start reading at
/// [io.cairn.bench.match.Match].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.match;
