package io.cairn.bench.match;

import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One kind of work, done alike by every contestant that can do it.
///
/// @param <C> what it needs of a contestant
public interface Scenario<C extends Contestant> {
    /// Short, stable: `put-4k`.
    String id();

    String title();

    /// How it is measured and how answers are checked, for the report.
    String method();

    Unit unit();

    List<Goal> goals();

    /// Why this contestant takes no part, if it does not.
    default Optional<String> excludes(C contestant) {
        return Optional.empty();
    }

    /// Whether rounds are timed and repeated; otherwise there is one, without warm-up, of whatever length it takes.
    default boolean timed() {
        return true;
    }

    /// Brings in what the rounds need. Once a contestant.
    default void prepare(C contestant) throws Exception {}

    /// One round: works for about `time`, then checks what only can be checked afterwards.
    ///
    /// @throws WrongAnswerException and the contestant has no figure here
    Work run(C contestant, Duration time) throws Exception;
}
