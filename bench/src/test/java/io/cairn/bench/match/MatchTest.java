package io.cairn.bench.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.score.Entrant;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Round;
import io.cairn.bench.score.Score;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Turns, warm-up, and what becomes of a contestant that answers wrongly.
class MatchTest {
    private static final Duration TIME = Duration.ofMillis(20);
    private final List<String> journal = new ArrayList<>();

    private record Fake(String name, AtomicLong cpu) implements Contestant {
        Fake(String name) {
            this(name, new AtomicLong());
        }

        @Override
        public Entrant entrant() {
            return new Entrant(name, "1", "none", name);
        }

        @Override
        public long cpuNanos() {
            return cpu.get();
        }

        @Override
        public void close() {}
    }

    /// Answers wrongly in its `wrongTurn`th turn, counted from 0, if that is the turn of `wrongName`.
    private final class Turns implements Scenario<Fake> {
        private final String wrongName;
        private final int wrongTurn;
        private final boolean timed;
        private int turns;

        Turns(String wrongName, int wrongTurn, boolean timed) {
            this.wrongName = wrongName;
            this.wrongTurn = wrongTurn;
            this.timed = timed;
        }

        @Override
        public String id() {
            return "turns";
        }

        @Override
        public String title() {
            return "Turns";
        }

        @Override
        public String method() {
            return "by counting";
        }

        @Override
        public Unit unit() {
            return Unit.OPERATIONS;
        }

        @Override
        public List<Goal> goals() {
            return List.of();
        }

        @Override
        public boolean timed() {
            return timed;
        }

        @Override
        public Optional<String> excludes(Fake contestant) {
            return contestant.name.equals("lame") ? Optional.of("cannot run") : Optional.empty();
        }

        @Override
        public void prepare(Fake contestant) {
            journal.add("prepare " + contestant.name);
        }

        @Override
        public Work run(Fake contestant, Duration time) {
            journal.add(contestant.name);
            if (contestant.name.equals(wrongName) && turns++ == wrongTurn)
                throw new WrongAnswerException("5 is not 4");
            return new Work(10, 100, 50_000, 20_000);
        }
    }

    private Match match(int rounds) {
        return new Match(1, rounds, TIME, line -> {
        });
    }

    @Test
    void allWarmUpThenTurnsAlternateAndNobodyAlwaysBegins() {
        var result = scores(new Turns("", 0, true), 3, "a", "b");
        assertEquals(List.of("prepare a", "a", "prepare b", "b", "a", "b", "b", "a", "a", "b"), journal);
        assertEquals(
                new Score.Measured("a", List.of(new Round(100, 5, 2, 10), new Round(100, 5, 2, 10), new Round(100, 5, 2, 10))),
                result.getFirst());
    }

    @Test
    void oneWrongAnswerTakesAllFiguresOfItsContestantAndOnlyThose() {
        var result = scores(new Turns("a", 2, true), 3, "a", "b");
        assertEquals(new Score.Absent("a", "wrong answer: 5 is not 4"), result.getFirst());
        assertEquals(3, assertInstanceOf(Score.Measured.class, result.get(1)).rounds().size());
    }

    @Test
    void whoCannotTakePartIsNamedWithTheReason() {
        var result = scores(new Turns("", 0, true), 1, "a", "lame");
        assertEquals(new Score.Absent("lame", "cannot run"), result.get(1));
        assertTrue(journal.stream().noneMatch(entry -> entry.contains("lame")));
    }

    @Test
    void whatIsNotTimedRunsOnceWithoutWarmUp() {
        var result = scores(new Turns("", 0, false), 5, "a");
        assertEquals(List.of("prepare a", "a"), journal);
        assertEquals(1, assertInstanceOf(Score.Measured.class, result.getFirst()).rounds().size());
    }

    private List<Score> scores(Turns turns, int rounds, String... names) {
        try {
            return match(rounds).run(turns, Arrays.stream(names).map(Fake::new).toList()).scores();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void loadCountsEveryOperationOfEveryWorkerOnce() throws Exception {
        var seen = ConcurrentHashMap.<Long>newKeySet();
        var tally = Load.count(1000, new Fake("a"), 3, number -> index -> {
            assertTrue(seen.add(index), "twice: " + index);
            return 2;
        });
        assertEquals(1000, tally.operations());
        assertEquals(2000, tally.amount());
        assertEquals(1000, seen.size());
        assertTrue(seen.stream().allMatch(index -> index < 1000));
    }

    @Test
    void loadTellsWhatAWorkerThrew() {
        var thrown = assertThrows(WrongAnswerException.class, () -> Load.during(TIME, new Fake("a"), 2, number -> index -> {
            if (index >= 7)
                throw new WrongAnswerException("wrong at " + number);
            return 1;
        }));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("wrong at "));
    }
}
