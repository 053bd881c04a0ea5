/// What a comparison found: figures, goals and the arithmetic between them; knows neither engines nor processes. Start reading at
/// [io.cairn.bench.score.Scoreboard].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.score;
