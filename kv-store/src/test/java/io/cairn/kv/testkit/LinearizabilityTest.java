package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.ValueType;
import io.cairn.kv.testkit.ItemCall.Add;
import io.cairn.kv.testkit.ItemCall.Guard;
import io.cairn.kv.testkit.ItemCall.Read;
import io.cairn.kv.testkit.ItemCall.State;
import io.cairn.kv.testkit.ItemCall.Write;
import io.cairn.replication.testkit.Linearizability;
import io.cairn.replication.testkit.TimedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// The checker itself: it takes what could have been, and finds what could not; and the engine under it.
class LinearizabilityTest {
    private static final int RUNS = 60;
    private static final int CALLS_EACH = 40;
    private static final State X = new State("x", 0);
    private static final State Y = new State("y", 0);

    private static TimedCall<State> call(long invoked, long responded, ItemCall call) {
        return new TimedCall<>(0, "key", call, invoked, responded);
    }

    private static Write put(State state, State before) {
        return new Write(state, new Guard.Always(), true, before);
    }

    @SafeVarargs
    private static @Nullable String violation(TimedCall<State>... calls) {
        var all = new ArrayList<TimedCall<State>>();
        for (var call : calls)
            all.add(call);
        return Linearizability.violation(all, State.NONE);
    }

    @Example
    void aReadMayAnswerAWriteThatIsUnderWayAndThenMustOnlyAnswerIt() {
        assertNull(violation(call(0, 9, put(X, State.NONE)), call(1, 2, new Read(State.NONE)), call(3, 4, new Read(X))));
        assertNotNull(violation(call(0, 9, put(X, State.NONE)), call(1, 2, new Read(X)), call(3, 4, new Read(State.NONE))));
        assertNotNull(violation(call(0, 1, put(X, State.NONE)), call(2, 3, new Read(State.NONE))));
        assertNotNull(violation(call(0, 1, new Read(X)), call(2, 3, put(X, State.NONE))), "from the future");
    }

    @Example
    void oneOfTwoWritersWhoWantToBeFirstWins() {
        var won = new Write(X, new Guard.Absent(), true, State.NONE);
        assertNull(violation(call(0, 5, won), call(0, 5, new Write(Y, new Guard.Absent(), false, X))));
        assertNotNull(violation(call(0, 5, won), call(0, 5, new Write(Y, new Guard.Absent(), true, State.NONE))));
        assertNotNull(violation(call(0, 5, new Write(Y, new Guard.Absent(), false, State.NONE))));
    }

    @Example
    void anUpdateIsNotLost() {
        var first = call(0, 5, new Add(State.NONE, new State("", 1)));
        assertNull(violation(first, call(0, 5, new Add(new State("", 1), new State("", 2)))));
        assertNotNull(violation(first, call(0, 5, new Add(State.NONE, new State("", 1)))));
    }

    /// Small histories of any kind: the checker and a search through all orders agree.
    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void theCheckerAgreesWithASearchThroughAllOrders(@ForAll("histories") List<TimedCall<State>> calls) {
        boolean ordered = canBeOrdered(new ArrayList<>(calls), State.NONE);
        assertEquals(ordered, Linearizability.violation(calls, State.NONE) == null);
        Statistics.label("can be ordered").collect(ordered)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 5 && share < 95));
    }

    private static boolean canBeOrdered(List<TimedCall<State>> left, State state) {
        if (left.isEmpty())
            return true;
        for (var next : List.copyOf(left)) {
            boolean mayBeNext = left.stream().allMatch(other -> other.responded() >= next.invoked());
            var after = next.call().after(state);
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
    Arbitrary<List<TimedCall<State>>> histories() {
        var states = Arbitraries.of(State.NONE, X, Y, State.NONE);
        Arbitrary<ItemCall> reads = states.map(Read::new);
        Arbitrary<ItemCall> puts = Combinators.combine(Arbitraries.of(X, Y), states).as(LinearizabilityTest::put);
        Arbitrary<ItemCall> guarded = Combinators.combine(Arbitraries.of(X, Y), Arbitraries.of(true, false), states)
                .as((state, done, before) -> new Write(state, new Guard.Absent(), done, before));
        var times = Arbitraries.integers().between(0, 6);
        return Combinators.combine(Arbitraries.oneOf(reads, puts, puts, guarded), times, times)
                .as((call, begin, length) -> call(begin, begin + 1 + length, call)).list().ofMinSize(2).ofMaxSize(5)
                .uniqueElements();
    }

    private interface InTable { void run(Table table); }

    private static void inTables(int count, InTable test) {
        var directory = Scratch.make();
        try (var store = KvStore.open(directory)) {
            for (int i = 0; i < count; i++) {
                var definition = TableDefinition.of("clients-" + i, KeySchema.of("p"), Map.of("p", ValueType.S));
                test.run(store.createTable(definition));
                store.deleteTable(definition.name());
            }
        } finally {
            Scratch.delete(directory);
        }
    }

    @Example
    void whatClientsDoAtOnceIsLinearizable() {
        var seeds = new int[1];
        inTables(RUNS,
                table -> assertNull(Linearizability.violation(ConcurrentClients.run(table, CALLS_EACH, seeds[0]++), State.NONE)));
    }

    @Example
    void everyPlantedRaceIsFound() {
        var escaped = new ArrayList<PlantedRace>();
        for (var race : PlantedRace.values()) {
            var found = new ArrayList<Integer>();
            var run = new int[1];
            inTables(RUNS, table -> {
                if (found.isEmpty()
                        && Linearizability.violation(ConcurrentClients.run(race.plant(table), CALLS_EACH, run[0]),
                                State.NONE) != null)
                    found.add(run[0]);
                run[0]++;
            });
            System.out.println("planted race " + race + (found.isEmpty() ? " escaped" : " was found in run " + found.getFirst()));
            if (found.isEmpty())
                escaped.add(race);
        }
        assertEquals(List.of(), escaped);
    }
}
