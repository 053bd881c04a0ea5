package io.cairn.block.testkit;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.testkit.Linearizability;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/// What every block store does for clients that call at once: each block is a register, of which a write may change a part.
public abstract class LinearizabilityContract {
    private static final int RUNS = 12;
    private static final int MAX_SNAPSHOTS = 3;

    /// A machine of its own for each call.
    protected abstract BlockSubject subject(long seed);

    @Test
    void callsOfSeveralClientsAreLinearizableByBlock() {
        try (var machine = subject(1); var store = machine.open()) {
            for (int seed = 0; seed < RUNS; seed++)
                beLinearizable(machine, store, seed);
        }
    }

    /// What four clients do at once to a volume of their own, while the store does what goes on behind, and snapshots come and go; for classes beside this
    /// one that run it more often.
    public static void beLinearizable(BlockSubject machine, BlockStore store, long seed) {
        var volume = store
                .createVolume(VolumeDefinition.of((ConcurrentClients.FIRST_BLOCK + 100) * BlockDevice.BLOCK_BYTES));
        var snapshots = new ArrayDeque<Snapshot>();
        var calls = ConcurrentClients.run(volume, ConcurrentClients.MAX_CALLS_EACH, seed, () -> {
            snapshots.add(volume.snapshot(SnapshotDefinition.UNNAMED));
            machine.tend(store);
            if (snapshots.size() == MAX_SNAPSHOTS) // the newest, which was the head a moment ago, as often as the oldest
                (Math.floorMod(seed, 2) == 0 ? snapshots.removeLast() : snapshots.removeFirst()).delete();
        });
        assertNull(Linearizability.violation(calls, BlockCall.ZEROS), () -> "seed " + seed);
        snapshots.forEach(Snapshot::delete);
        volume.delete();
    }
}
