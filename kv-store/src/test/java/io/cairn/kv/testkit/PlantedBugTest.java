package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.replication.testkit.SimMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import net.jqwik.api.Example;

/// The contract catches every planted bug, by its histories alone.
class PlantedBugTest {
    private static final int HISTORIES = 200;
    private static final int UNPLANTED = 40;

    private static final class Planted extends KvContract {
        private final LongFunction<KvSubject> bug;

        Planted(LongFunction<KvSubject> bug) {
            this.bug = bug;
        }

        @Override
        protected KvSubject subject(long seed) {
            return bug.apply(seed);
        }
    }

    private static Map<String, LongFunction<KvSubject>> bugs() {
        var bugs = new LinkedHashMap<String, LongFunction<KvSubject>>();
        bugs.put("SYNC_DROPPED", seed -> new LocalKvSubject(seed, log -> log, disks -> disks.power().ignoreSyncs()));
        bugs.put("SYNC_DROPPED, simulated", seed -> new SimKvSubject(seed, SimMachine.Fault.SYNC_DROPPED));
        bugs.put("TORN_BATCH", seed -> new SimKvSubject(seed, SimMachine.Fault.TORN_BATCH));
        bugs.put("EXPIRY_REMOVES_WHAT_WAS_RENEWED", seed -> new PlantedExpiry(new LocalKvSubject(seed)));
        for (var fault : PlantedFault.values())
            bugs.put(fault.name(), seed -> new LocalKvSubject(seed, fault::plant, _ -> {
            }));
        for (var bug : PlantedBug.values())
            bugs.put(bug.name(), seed -> new PlantedSubject(new LocalKvSubject(seed), bug::plant));
        return bugs;
    }

    @Example
    void everyPlantedBugIsCaught() {
        var escaped = new ArrayList<String>();
        bugs().forEach((name, bug) -> {
            int caught = historyThatCatches(bug);
            System.out.println("planted bug " + name + (caught < 0 ? " escaped" : " was caught by history " + caught));
            if (caught < 0)
                escaped.add(name);
        });
        assertEquals(List.of(), escaped);
    }

    /// What carries the bugs is no bug.
    @Example
    void nothingPlantedIsNotCaught() {
        var contract = new Planted(seed -> new PlantedSubject(new LocalKvSubject(seed, PlantedFault::nothing, _ -> {
        }), ForwardingTable::new));
        for (int i = 0; i < UNPLANTED; i++)
            contract.run(Histories.of(i));
    }

    private static int historyThatCatches(LongFunction<KvSubject> bug) {
        var contract = new Planted(bug);
        for (int i = 0; i < HISTORIES; i++) {
            try {
                contract.run(Histories.of(i));
            } catch (AssertionError | RuntimeException caught) { // a loss may show itself by anything
                return i;
            }
        }
        return -1;
    }
}
