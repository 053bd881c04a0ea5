package io.cairn.block;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// What one client of a volume does in a round, step by step: whoever has its seed knows it. Each client has blocks of its own.
final class DiskPlan {
    static final int BLOCKS = 256;
    private final int client;
    private final int round;
    private final SplittableRandom random;
    private int steps;

    /// One step.
    ///
    /// @param tag of what is written; 0 for zeros
    /// @param flush whether a flush follows
    record Step(int from, int to, long tag, boolean flush) {
        void apply(long[] blocks) {
            for (int block = from; block < to; block++)
                blocks[block] = tag == 0 ? 0 : tag << 8 | block;
        }
    }

    DiskPlan(int client, long seed, int round) {
        this.client = client;
        this.round = round;
        random = new SplittableRandom(seed * 31 + client * 1_000L + round);
    }

    Step next() {
        steps++;
        int count = 1 + random.nextInt(4);
        int from = random.nextInt(BLOCKS - count + 1);
        boolean trim = random.nextInt(12) == 0;
        return new Step(from, from + count, trim ? 0 : (long) round << 32 | (long) client << 24 | steps, random.nextInt(6) == 0);
    }

    /// How many steps were taken.
    int steps() {
        return steps;
    }

    long offset(int block) {
        return (long) (client * BLOCKS + block) * BlockDevice.BLOCK_BYTES;
    }

    void carryOut(Step step, Volume volume) {
        long at = offset(step.from);
        int bytes = (step.to - step.from) * BlockDevice.BLOCK_BYTES;
        if (step.tag == 0) {
            volume.trim(at, bytes).join();
            return;
        }
        var content = ByteBuffer.allocate(bytes);
        for (int block = step.from; block < step.to; block++)
            for (int i = 0; i < BlockDevice.BLOCK_BYTES; i += 8)
                content.putLong(step.tag << 8 | block);
        volume.write(at, content.flip()).join();
    }
}
