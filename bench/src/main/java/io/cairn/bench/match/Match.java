package io.cairn.bench.match;

import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Round;
import io.cairn.bench.score.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One scenario for all contestants. All are prepared, each has its rounds of warm-up (a JVM needs some
/// ten seconds of load until it runs compiled code alone), then rounds alternate, so that whatever disturbs the
/// machine hits all alike; each round another contestant begins, so that none always follows the same one.
///
/// A contestant that fails or answers wrongly leaves the scenario; the others go on.
///
/// @param warmUps rounds of each contestant before those that count
/// @param rounds counted rounds of each contestant
/// @param time of one round
/// @param progress gets a line about each round as it ends
public record Match(int warmUps, int rounds, Duration time, Consumer<String> progress) {
    public Match {
        if (warmUps < 0 || rounds < 1 || time.isNegative() || time.isZero())
            throw new IllegalArgumentException("need warm-ups >= 0, rounds >= 1 and a time above 0: warmUps=" + warmUps
                    + ", rounds=" + rounds + ", time=" + time);
    }

    /// @param contestants the first is the subject of the goals
    public <C extends Contestant> Figure run(Scenario<? super C> scenario, List<C> contestants) throws InterruptedException {
        var present = new ArrayList<C>();
        var scores = new LinkedHashMap<String, List<Round>>();
        var absent = new LinkedHashMap<String, String>();
        for (var contestant : contestants) {
            var name = contestant.entrant().name();
            scores.put(name, new ArrayList<>());
            var reason = scenario.excludes(contestant);
            if (reason.isPresent())
                absent.put(name, reason.get());
            else if (turn(scenario, contestant, absent, scores.get(name), true))
                present.add(contestant);
        }
        int count = scenario.timed() ? rounds : 1;
        for (int round = 0; round < count; round++) {
            var order = rotated(present, round);
            for (var contestant : order)
                if (!turn(scenario, contestant, absent, scores.get(contestant.entrant().name()), false))
                    present.remove(contestant);
        }
        return new Figure(scenario.id(), scenario.title(), scenario.method(), scenario.unit(),
                contestants.getFirst().entrant().name(), scenario.goals(), scored(scores, absent), List.of());
    }

    /// Returns whether the contestant stays in.
    private <C extends Contestant> boolean turn(Scenario<? super C> scenario, C contestant, Map<String, String> absent,
            @Nullable List<Round> rounds, boolean first) throws InterruptedException {
        var name = contestant.entrant().name();
        try {
            if (first) {
                scenario.prepare(contestant);
                for (int i = 0; i < warmUps && scenario.timed(); i++)
                    scenario.run(contestant, time);
            } else if (rounds != null) {
                var round = round(scenario.run(contestant, time), contestant.embedded());
                rounds.add(round);
                progress.accept("%-10s %-22s %12s %-7s CPU %.1f us, client %.1f us".formatted(scenario.id(), name,
                        (round.value() < 100 ? "%,.2f" : "%,.0f").formatted(round.value()), scenario.unit().symbol(),
                        round.serverCpuMicros(), round.clientCpuMicros()));
            }
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // whatever it is, it costs the contestant its figure and not the others theirs
            var reason = e instanceof WrongAnswerException ? "wrong answer: " + e.getMessage() : "failed: " + e;
            absent.put(name, reason);
            progress.accept("%-10s %-22s %s".formatted(scenario.id(), name, reason));
            return false;
        }
    }

    private static Round round(Work work, boolean embedded) {
        return new Round(work.value(), micros(work.contestantCpuNanos(), work.operations()),
                embedded ? Double.NaN : micros(work.clientCpuNanos(), work.operations()), work.operations());
    }

    private static double micros(long nanos, long operations) {
        return nanos < 0 ? Double.NaN : nanos / 1e3 / operations;
    }

    private static <C> List<C> rotated(List<C> contestants, int by) {
        var order = new ArrayList<C>();
        for (int i = 0; i < contestants.size(); i++)
            order.add(contestants.get((i + by) % contestants.size()));
        return order;
    }

    private static List<Score> scored(Map<String, List<Round>> rounds, Map<String, String> absent) {
        var scores = new ArrayList<Score>();
        rounds.forEach((name, its) -> {
            var reason = absent.get(name);
            scores.add(reason != null ? new Score.Absent(name, reason) : new Score.Measured(name, its));
        });
        return scores;
    }
}
