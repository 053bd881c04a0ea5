package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import java.util.ArrayList;
import net.jqwik.api.*;

/// The contract catches every planted bug, by its histories alone; the named examples come on top.
class PlantedBugTest {
    private static final int HISTORIES = 1000;
    private static final int MIN_PART_BYTES = 1030;

    private static final class Planted extends ObjectStoreContract {
        private final PlantedBug bug;

        Planted(PlantedBug bug) {
            this.bug = bug;
        }

        @Override
        protected ObjectStore open() {
            return bug.plant(new ModelObjectStore(MIN_PART_BYTES));
        }

        @Override
        protected long minPartBytes() {
            return MIN_PART_BYTES;
        }

        @Override
        protected ObjectStore reopen(ObjectStore store) {
            ((ForwardingStore) store).reopened();
            return store;
        }
    }

    @Example
    void everyPlantedBugIsCaught() {
        var escaped = new ArrayList<PlantedBug>();
        for (var bug : PlantedBug.values()) {
            int caught = historyThatCatches(bug);
            System.out.println("planted bug " + bug + (caught < 0 ? " escaped" : " was caught by history " + caught));
            if (caught < 0)
                escaped.add(bug);
        }
        assertEquals(new ArrayList<>(), escaped);
    }

    private static int historyThatCatches(PlantedBug bug) {
        var contract = new Planted(bug);
        var histories = Histories.histories().sampleStream().iterator();
        for (int i = 0; i < HISTORIES; i++) {
            try {
                contract.answerLikeTheModel(histories.next());
            } catch (AssertionError | ObjectRefusedException caught) { // a lost object may show itself by a refusal
                return i;
            }
        }
        return -1;
    }
}
