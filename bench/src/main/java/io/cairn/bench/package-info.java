/// Measurements, each a program of its own with a `main`. Start reading at [io.cairn.bench.LogCommits].
@org.jspecify.annotations.NullMarked
package io.cairn.bench;
