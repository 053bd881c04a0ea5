package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.PutCondition;
import io.cairn.object.Versioning;
import io.cairn.object.testkit.KeyCall.*;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.*;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// The checker itself: it takes what could have been, and finds what could not.
class LinearizabilityTest {
    private static final int RUNS = 200;

    private static TimedCall call(long invoked, long responded, KeyCall call) {
        return new TimedCall(0, "key", call, invoked, responded);
    }

    private static Write put(String etag) {
        return new Write(etag, PutCondition.ALWAYS, Answer.DONE);
    }

    private static @Nullable String violation(TimedCall... calls) {
        return Linearizability.violation(List.of(calls));
    }

    @Example
    void aReadMayAnswerAWriteThatIsUnderWayAndThenMustOnlyAnswerIt() {
        assertNull(violation(call(0, 9, put("x")), call(1, 2, new Read("")), call(3, 4, new Read("x"))));
        assertNotNull(violation(call(0, 9, put("x")), call(1, 2, new Read("x")), call(3, 4, new Read(""))));
    }

    @Example
    void aReadAfterAWriteAnswersIt() {
        assertNull(violation(call(0, 1, put("x")), call(2, 3, new Read("x"))));
        assertNotNull(violation(call(0, 1, put("x")), call(2, 3, new Read(""))));
        assertNotNull(violation(call(0, 1, put("x")), call(2, 3, put("y")), call(4, 5, new Read("x"))));
        assertNotNull(violation(call(0, 1, new Read("x")), call(2, 3, put("x"))), "from the future");
    }

    @Example
    void oneOfTwoWritersWhoWantToBeFirstWins() {
        var won = new Write("x", PutCondition.IF_ABSENT, Answer.DONE);
        var too = new Write("y", PutCondition.IF_ABSENT, Answer.DONE);
        var lost = new Write("y", PutCondition.IF_ABSENT, Answer.PRECONDITION_FAILED);
        assertNull(violation(call(0, 5, won), call(0, 5, lost)));
        assertNotNull(violation(call(0, 5, won), call(0, 5, too)));
        assertNull(violation(call(0, 5, won), call(0, 5, too), call(1, 4, new Delete(PutCondition.ALWAYS, true, Answer.DONE))));
        assertNotNull(violation(call(0, 5, lost)));
    }

    @Example
    void anUpdateIsNotLost() {
        var match = new PutCondition.IfMatch("x");
        assertNull(violation(call(0, 1, put("x")), call(2, 9, new Write("y", match, Answer.DONE)),
                call(2, 9, new Write("z", match, Answer.PRECONDITION_FAILED))));
        assertNotNull(violation(call(0, 1, put("x")), call(2, 9, new Write("y", match, Answer.DONE)),
                call(2, 9, new Write("z", match, Answer.DONE))));
        assertNull(violation(call(0, 1, new Write("y", match, Answer.NO_SUCH_KEY))));
        assertNull(violation(call(0, 1, put("x")), call(2, 3, new Write("y", new PutCondition.IfMatch("*"), Answer.DONE))));
    }

    @Example
    void aDeletionTellsWhatWasThere() {
        var there = new Delete(PutCondition.ALWAYS, true, Answer.DONE);
        var nothing = new Delete(PutCondition.ALWAYS, false, Answer.DONE);
        assertNull(violation(call(0, 1, put("x")), call(2, 9, there), call(2, 9, nothing), call(10, 11, new Read(""))));
        assertNotNull(violation(call(0, 1, put("x")), call(2, 9, there), call(2, 9, there)));
        assertNotNull(violation(call(0, 1, put("x")), call(2, 3, nothing)));
    }

    @Example
    void aWriteThatWasNeverAnsweredTakesEffectLateOrNot() {
        var never = call(0, TimedCall.NEVER, new Write("x", PutCondition.ALWAYS, Answer.NEVER));
        assertNull(violation(never));
        assertNull(violation(never, call(1, 2, new Read("")), call(3, 4, new Read("")), call(5, 6, new Read("x"))));
        assertNotNull(violation(never, call(1, 2, new Read("x")), call(3, 4, new Read(""))));
    }

    @Example
    void keysAreCheckedEachForItself() {
        var right = call(0, 1, put("x"));
        var wrong = new TimedCall(3, "other", new Read("x"), 0, 1);
        assertTrue(String.valueOf(violation(right, wrong)).startsWith("key other: "), "the key is named");
    }

    /// Small histories of any kind: the checker and a search through all orders agree.
    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void theCheckerAgreesWithASearchThroughAllOrders(@ForAll("histories") List<TimedCall> calls) {
        boolean ordered = canBeOrdered(new ArrayList<>(calls), KeyCall.NONE);
        assertEquals(ordered, Linearizability.violation(calls) == null);
        Statistics.label("can be ordered").collect(ordered)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 8 && share < 92));
    }

    private static boolean canBeOrdered(List<TimedCall> left, String etag) {
        if (left.stream().noneMatch(TimedCall::isAnswered))
            return true;
        for (var next : List.copyOf(left)) {
            boolean mayBeNext = left.stream().allMatch(other -> other.responded() >= next.invoked());
            var after = next.call().after(etag);
            if (!mayBeNext || after == null)
                continue;
            left.remove(next);
            boolean ordered = canBeOrdered(left, after);
            left.add(next);
            if (ordered)
                return true;
        }
        return false;
    }

    @Provide
    Arbitrary<List<TimedCall>> histories() {
        var etags = Arbitraries.of("x", "y");
        Arbitrary<PutCondition> conditions = Arbitraries.of(PutCondition.ALWAYS, PutCondition.ALWAYS,
                PutCondition.ALWAYS, PutCondition.IF_ABSENT,
                new PutCondition.IfMatch("x"), new PutCondition.IfMatch("*"));
        var answers = Arbitraries.frequency(Tuple.of(12, Answer.DONE), Tuple.of(1, Answer.PRECONDITION_FAILED),
                Tuple.of(1, Answer.NO_SUCH_KEY));
        Arbitrary<KeyCall> reads = Arbitraries.of("", "x", "y").map(Read::new);
        Arbitrary<KeyCall> writes = Combinators.combine(etags, conditions, answers).as(Write::new);
        Arbitrary<KeyCall> deletions = Combinators.combine(Arbitraries.of(true, false), answers)
                .as((existed, answer) -> new Delete(PutCondition.ALWAYS, existed, answer));
        var kinds = Arbitraries.oneOf(reads, writes, writes, deletions);
        var times = Arbitraries.integers().between(0, 8);
        return Combinators.combine(kinds, times, times, Arbitraries.integers().between(0, 9))
                .as((call, begin, length, never) -> never == 0 && call instanceof Write write
                        ? call(begin, TimedCall.NEVER, new Write(write.written(), write.condition(), Answer.NEVER))
                        : call(begin, begin + 1 + length, call))
                .list().ofMinSize(3).ofMaxSize(6).uniqueElements();
    }

    @Example
    void everyPlantedRaceIsFound() {
        var escaped = new ArrayList<PlantedRace>();
        for (var race : PlantedRace.values()) {
            int found = runThatFinds(race);
            System.out.println("planted race " + race + (found < 0 ? " escaped" : " was found in run " + found));
            if (found < 0)
                escaped.add(race);
        }
        assertEquals(List.of(), escaped);
    }

    private static int runThatFinds(PlantedRace race) {
        for (int run = 0; run < RUNS; run++) {
            var bucket = race.plant(new ModelObjectStore(0).createBucket("bucket"));
            if (Linearizability.violation(ConcurrentClients.run(bucket, LinearizabilityContract.CLIENTS,
                    LinearizabilityContract.CALLS_EACH, run)) != null)
                return run;
        }
        return -1;
    }

    @Example
    void aLongRunIsCheckedInAMoment() {
        var bucket = new ModelObjectStore(0).createBucket("bucket");
        bucket.setVersioning(Versioning.SUSPENDED);
        var calls = ConcurrentClients.run(bucket, LinearizabilityContract.CLIENTS, 300, 7);
        long begin = System.nanoTime();
        assertNull(Linearizability.violation(calls));
        System.out.println("%d calls checked in %d ms".formatted(calls.size(), (System.nanoTime() - begin) / 1_000_000));
        assertTrue(calls.size() >= 2400, () -> "only " + calls.size());
    }
}
