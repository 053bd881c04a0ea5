package io.cairn.block.testkit;

import io.cairn.block.BlockDevice;
import io.cairn.replication.testkit.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Random histories, each told by its seed. Volumes are few, and of a size at which their map has more than one leaf.
public final class Histories {
    public static final int STEPS = 250;
    private static final int BLOCKS = 1300;
    private static final int LEAF_BLOCKS = 512;
    static final int MAX_VOLUMES = 5;

    private final RandomGenerator random;
    /// A crash ends one step of so many: of 3 in each third history, which goes less far between them.
    private final int crashes;
    private int tag;

    private Histories(RandomGenerator random) {
        this.random = random;
        crashes = random.nextInt(3) == 0 ? 3 : 12;
    }

    /// Drives the history of this seed through a machine, and holds all that it answers against the model. A failure is shrunk on more machines, and
    /// tells seed and steps.
    public static void check(BlockMachine machine, long seed) {
        check(machine, seed, STEPS, new Coverage());
    }

    /// @param steps how many
    /// @param coverage is told what was done
    public static void check(BlockMachine machine, long seed, int steps, Coverage coverage) {
        var history = of(seed, steps);
        try {
            HistoryRun.run(machine, seed, history, coverage);
        } catch (AssertionError | RuntimeException e) {
            throw Shrinking.of(machine, seed, history).failure(e);
        }
    }

    /// Makes the machine of one history.
    public interface BlockMachine { BlockSubject subject(long seed); }

    static List<Step> of(long seed, int count) {
        var histories = new Histories(new SplittableRandom(seed));
        var steps = new ArrayList<Step>();
        steps.add(new Step.Create(BLOCKS, 0));
        while (steps.size() < count)
            steps.add(histories.step());
        return List.copyOf(steps);
    }

    private Step step() {
        if (random.nextInt(crashes) > 0)
            return inner();
        var inside = random.nextInt(3) == 0 ? new Step.Flush(pick()) : inner();
        return new Step.Crash(inside, 1 + random.nextInt(random.nextInt(4) == 0 ? 30 : 4));
    }

    private int pick() {
        return random.nextInt(60);
    }

    private Step inner() {
        int dice = random.nextInt(100);
        if (dice < 2)
            return new Step.Create(random.nextInt(3) == 0 ? 1 + random.nextInt(4) : BLOCKS, ++tag);
        if (dice < 39)
            return write();
        if (dice < 42)
            return new Step.WriteThrough(write());
        if (dice < 49)
            return new Step.Trim(pick(), run());
        if (dice < 55)
            return new Step.Zero(pick(), run());
        if (dice < 59)
            return new Step.Read(pick(), run());
        if (dice < 62)
            return new Step.Allocate(pick(), run(), 1 + random.nextInt(4));
        if (dice < 68)
            return new Step.TakeSnapshot(pick(), ++tag);
        if (dice < 72)
            return new Step.Clone(pick(), new int[]{0, 0, 600, -1}[random.nextInt(4)], ++tag);
        if (dice < 77)
            return new Step.DeleteSnapshot(pick());
        if (dice < 79)
            return new Step.DeleteVolume(pick());
        if (dice < 82)
            return new Step.Flush(pick());
        if (dice < 84)
            return new Step.Resize(pick(), new int[]{0, 1, 300, -1}[random.nextInt(4)]);
        if (dice < 85)
            return new Step.Rename(pick(), ++tag);
        if (dice < 88)
            return new Step.UseDeleted(pick(), random.nextInt(UseDeleted.values().length));
        if (dice < 92)
            return new Step.Tend();
        if (dice < 94)
            return new Step.Clean();
        if (dice < 96)
            return new Step.Reopen();
        return new Step.Compare();
    }

    private Step.Write write() {
        return new Step.Write(pick(), run(), ++tag);
    }

    /// Many of whole blocks, many within one or two, some that begin or end where a leaf does, some at the end of the volume.
    private Step.Run run() {
        int block = switch (random.nextInt(8)) {
            case 0 -> LEAF_BLOCKS - 2 + random.nextInt(4);
            case 1 -> -1 - random.nextInt(3);
            case 2, 3 -> random.nextInt(8);
            default -> random.nextInt(BLOCKS);
        };
        int blocks = random.nextInt(4) == 0 ? 1 + random.nextInt(60) : 1 + random.nextInt(3);
        int whole = blocks * BlockDevice.BLOCK_BYTES;
        return switch (random.nextInt(5)) {
            case 0 -> new Step.Run(block, random.nextInt(BlockDevice.BLOCK_BYTES), 1 + random.nextInt(whole));
            case 1 -> new Step.Run(block, 512 * random.nextInt(8), 512 * (1 + random.nextInt(8)));
            case 2 -> random.nextInt(8) == 0 ? new Step.Run(block, 0, 0) : new Step.Run(block, 0, whole);
            default -> new Step.Run(block, 0, whole);
        };
    }

    /// What is asked of a device that is gone.
    enum UseDeleted {
        READ, WRITE, TRIM, ZERO, SNAPSHOT, ALTER, DELETE, ALLOCATION, STORED
    }

}
