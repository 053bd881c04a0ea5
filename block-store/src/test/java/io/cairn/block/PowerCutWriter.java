package io.cairn.block;

import io.cairn.replication.LogOptions;
import io.cairn.replication.testkit.Acknowledgements;
import java.nio.file.Path;

/// The process whose power goes: clients that follow their plans and tell on standard output `CLIENT STEPS` for each flush that was answered, until the
/// end comes.
final class PowerCutWriter {
    static final int CLIENTS = 4;
    /// Small files, so that a round fills, flushes and recycles some.
    static final BlockStoreOptions OPTIONS = BlockStoreOptions.DEFAULT
            .withLog(LogOptions.DEFAULT.withFileBytes(4 << 20).withFlushBytes(8 << 20));

    private PowerCutWriter() {}

    /// @param arguments directory, seed, round, milliseconds until the cut, whether flushes are flushes
    static void main(String[] arguments) {
        var directory = Path.of(arguments[0]);
        boolean flushes = Boolean.parseBoolean(arguments[4]);
        var store = BlockStore.open(directory, OPTIONS);
        var volume = volume(store);
        var told = Acknowledgements.toStandardOutput();
        told.cutPowerAfter(Integer.parseInt(arguments[3]), directory);
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            var plan = new DiskPlan(client, Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
            Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        var step = plan.next();
                        plan.carryOut(step, volume);
                        if (step.flush()) {
                            if (flushes)
                                (client % 2 == 0 ? volume.flush() : volume.flushHere()).join();
                            told.tell(client + " " + plan.steps());
                        }
                    }
                } catch (Throwable e) {
                    // The disk is gone, and whoever started this ends it; if the disk is there, the test misses the cut.
                }
            });
        }
    }

    /// A cut may have come before it was made.
    static Volume volume(BlockStore store) {
        return store.volumes().isEmpty() ? store.createVolume(VolumeDefinition.of(1L << 30)) : store.volumes().getFirst();
    }
}
