package io.cairn.bench.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.score.Goal.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The arithmetic between rounds, figures and goals.
class FigureTest {
    private static Figure figure(Score... scores) {
        return new Figure("put", "PUT", "eight connections", Unit.OPERATIONS, "ours", List.of(), List.of(scores), List.of());
    }

    private static Score measured(String name, double cpu, double... values) {
        return new Score.Measured(name, Arrays.stream(values).mapToObj(value -> new Round(value, cpu, 5, 10)).toList());
    }

    @Test
    void medianIsTheMiddleOfTheSortedValuesOrHalfwayBetweenTheTwoThere() {
        assertEquals(new Spread(1, 3, 9), Spread.of(List.of(9.0, 1.0, 3.0)));
        assertEquals(new Spread(1, 2.5, 9), Spread.of(List.of(9.0, 1.0, 3.0, 2.0)));
        assertEquals(new Spread(7, 7, 7), Spread.of(List.of(7.0)));
        assertTrue(Double.isNaN(Spread.of(List.of(1.0, Double.NaN)).median()));
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }

    @Test
    void ratiosAreOfMediansAndOnlyOfWhoWasMeasured() {
        var figure = figure(measured("ours", 50, 90, 100, 110), measured("peer", 20, 200, 10, 50),
                new Score.Absent("gone", "did not start"));
        assertEquals(Map.of("peer", 2.0), figure.ratios());
        assertTrue(Double.isNaN(figure.ratioTo("gone")));
        assertTrue(Double.isNaN(figure.ratioTo("never heard of")));
    }

    @Test
    void goalsAreJudgedByMediansAndTheBoundItselfIsReached() {
        var figure = figure(measured("ours", 50, 90, 100, 110), measured("peer", 20, 125));
        assertEquals(Verdict.REACHED, new Goal.AtLeast(100).judge(figure));
        assertEquals(Verdict.MISSED, new Goal.AtLeast(100.1).judge(figure));
        assertEquals(Verdict.REACHED, new Goal.AtMost(100).judge(figure));
        assertEquals(Verdict.MISSED, new Goal.AtMost(99.9).judge(figure));
        assertEquals(Verdict.REACHED, new Goal.CpuAtMost(50).judge(figure));
        assertEquals(Verdict.MISSED, new Goal.CpuAtMost(49).judge(figure));
        assertEquals(Verdict.REACHED, new Goal.TimesPeer("peer", 0.8).judge(figure));
        assertEquals(Verdict.MISSED, new Goal.TimesPeer("peer", 0.81).judge(figure));
    }

    @Test
    void whatWasNotMeasuredIsNotJudged() {
        var without = figure(new Score.Absent("ours", "wrong answer"), measured("peer", 20, 125));
        assertEquals(Verdict.UNKNOWN, new Goal.AtLeast(1).judge(without));
        var noPeer = figure(measured("ours", Double.NaN, 100));
        assertEquals(Verdict.UNKNOWN, new Goal.TimesPeer("peer", 0.1).judge(noPeer));
        assertEquals(Verdict.UNKNOWN, new Goal.CpuAtMost(1).judge(noPeer));
    }
}
