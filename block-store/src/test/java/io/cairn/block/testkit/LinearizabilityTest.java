package io.cairn.block.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.cairn.block.BlockDevice;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.testkit.BlockCall.Read;
import io.cairn.block.testkit.BlockCall.Write;
import io.cairn.replication.testkit.Linearizability;
import io.cairn.replication.testkit.TimedCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The checker itself: it takes what could have been, and finds what could not.
final class LinearizabilityTest {
    private static final int RUNS = 30;

    private static TimedCall<List<Integer>> call(long invoked, long responded, BlockCall call) {
        return new TimedCall<>(0, 0, call, invoked, responded);
    }

    @SafeVarargs
    private static @Nullable String violation(TimedCall<List<Integer>>... calls) {
        var all = new ArrayList<TimedCall<List<Integer>>>();
        for (var call : calls)
            all.add(call);
        return Linearizability.violation(all, BlockCall.ZEROS);
    }

    @Test
    void aReadMayAnswerAWriteThatIsUnderWayAndThenMustOnlyAnswerIt() {
        var write = call(0, 9, new Write(0, 2, 1));
        assertNull(violation(write, call(1, 2, new Read(0, List.of(0, 0))), call(3, 4, new Read(0, List.of(1, 1)))));
        assertNotNull(violation(write, call(1, 2, new Read(0, List.of(1))), call(3, 4, new Read(1, List.of(0)))));
        assertNotNull(violation(write, call(1, 2, new Read(0, List.of(1, 0)))), "half of it");
        assertNotNull(violation(call(0, 1, new Write(0, 8, 1)), call(2, 3, new Read(3, List.of(0)))), "an old one");
        assertNotNull(violation(call(0, 1, new Read(0, List.of(1))), call(2, 3, new Write(0, 8, 1))), "from the future");
    }

    @Test
    void ofTwoWritesAtOnceEitherIsTheLast() {
        var one = call(0, 9, new Write(0, 5, 1));
        var other = call(0, 9, new Write(3, 8, 2));
        assertNull(violation(one, other, call(10, 11, new Read(0, List.of(1, 1, 1, 1, 1, 2, 2, 2)))));
        assertNull(violation(one, other, call(10, 11, new Read(0, List.of(1, 1, 1, 2, 2, 2, 2, 2)))));
        assertNotNull(violation(one, other, call(10, 11, new Read(0, List.of(1, 1, 1, 0, 0, 2, 2, 2)))));
        assertNotNull(violation(one, other, call(10, 11, new Read(0, List.of(1, 1, 1, 1, 2, 2, 2, 2)))), "cells of both");
        assertNotNull(violation(one, other, call(10, 11, new Read(3, List.of(1))), call(12, 13, new Read(4, List.of(2)))));
    }

    @Test
    void everyPlantedRaceIsCaught() {
        var escaped = new ArrayList<PlantedRace>();
        for (var race : PlantedRace.values()) {
            int caught = runThatCatches(race);
            System.out.println("planted race " + race + (caught < 0 ? " escaped" : " was caught by run " + caught));
            if (caught < 0)
                escaped.add(race);
        }
        assertEquals(List.of(), escaped);
    }

    private static int runThatCatches(PlantedRace race) {
        for (int seed = 0; seed < RUNS; seed++)
            try (var store = race.on(new ModelBlockStore())) {
                var volume = store.createVolume(
                        VolumeDefinition.of((ConcurrentClients.FIRST_BLOCK + 100) * BlockDevice.BLOCK_BYTES));
                var calls = ConcurrentClients.run(volume, ConcurrentClients.MAX_CALLS_EACH, seed, Thread::yield);
                if (Linearizability.violation(calls, BlockCall.ZEROS) != null)
                    return seed;
            } catch (AssertionError e) { // a cell of two writes
                return seed;
            }
        return -1;
    }
}
