package io.cairn.block.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The histories catch every planted fault.
final class PlantedFaultTest {
    private static final int HISTORIES = 20;
    private static final int UNPLANTED = 8;
    private static final int STEPS = 150;

    @Test
    void everyPlantedFaultIsCaught() {
        var escaped = new ArrayList<PlantedFault>();
        for (var fault : PlantedFault.values()) {
            int caught = historyThatCatches(fault);
            System.out.println("planted fault " + fault + (caught < 0 ? " escaped" : " was caught by history " + caught));
            if (caught < 0)
                escaped.add(fault);
        }
        assertEquals(List.of(), escaped);
    }

    private static int historyThatCatches(PlantedFault fault) {
        for (int i = 0; i < HISTORIES; i++)
            try {
                HistoryRun.run(seed -> fault.on(new ModelSubject(seed)), i, Histories.of(i, STEPS));
            } catch (AssertionError caught) {
                return i;
            }
        return -1;
    }

    /// What carries the faults is none.
    @Test
    void nothingPlantedIsNotCaught() {
        for (int i = 0; i < UNPLANTED; i++)
            HistoryRun.run(seed -> new PlantedSubject(new ModelSubject(seed), (right, _) -> new ForwardingBlockStore(right)), i,
                    Histories.of(i, STEPS));
    }

    /// Creating a volume, one change or two, and a look at them.
    @Test
    void aFailingHistoryIsShrunk() {
        var failure = assertThrows(AssertionError.class,
                () -> Histories.check(seed -> PlantedFault.TRIM_LEAVES_THE_LAST_BLOCK.on(new ModelSubject(seed)), 1));
        var message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("history of seed 1: step "), message);
        assertTrue(message.lines().filter(line -> line.startsWith("  ")).count() <= 3, message);
        assertTrue(message.contains("  Trim["), message);
    }

    @Test
    void aSeedNamesOneHistory() {
        assertEquals(Histories.of(7, 100), Histories.of(7, 100));
    }
}
