package io.cairn.bench.volumes;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Random reads or writes of 4 KiB by a library in this process. A block has its number and its version at both ends.
///
/// @param flushEvery a flush follows so many writes of a thread; 0 for never
/// @param directory on the file system of all contestants' data
/// @param seeds the last one used
record EmbeddedScenario(String id, String title, boolean writes, int flushEvery, int threads, List<Goal> goals, Path directory,
        AtomicLong seeds)
        implements
            Scenario<EmbeddedVolume> {
    private static final int READ_BACK = 1000;
    private static final int END = EmbeddedVolume.BLOCK_BYTES - Long.BYTES;

    @Override
    public Unit unit() {
        return Unit.OPERATIONS;
    }

    @Override
    public String method() {
        var flushes = switch (flushEvery) {
            case 0 -> "no flush";
            case 1 -> "a flush after every write";
            default -> "a flush after every " + flushEvery + " writes of a thread";
        };
        return "%d thread%s in the harness's own process, CPU of all of it, one call after the other; ".formatted(threads,
                threads == 1 ? "" : "s")
                + (writes
                        ? flushes + "; before each round dirty pages are written back (sync); after it " + READ_BACK
                                + " blocks are read back, each with the version written last"
                        : "all blocks are in the page cache; number and version at both ends of every block are compared");
    }

    @Override
    public void prepare(EmbeddedVolume volume) throws Exception {
        if (volume.version(0) > 0)
            return; // another line has filled it
        var block = block();
        for (int i = 0; i < volume.blocks(); i++)
            write(volume, i, block);
        volume.flush();
    }

    @Override
    public Work run(EmbeddedVolume volume, Duration time) throws Exception {
        if (writes) { // what the rounds before have left is not this one's
            volume.flush();
            DirtyPages.writeBack(directory);
        }
        int share = volume.blocks() / threads;
        var tally = Load.during(time, volume, threads, number -> {
            var random = new SplittableRandom(seeds.incrementAndGet());
            var block = block();
            return index -> {
                int which = number * share + random.nextInt(share); // its own: which version is there must be known
                if (writes) {
                    write(volume, which, block);
                    if (flushEvery > 0 && (index / threads + 1) % flushEvery == 0)
                        volume.flush();
                } else
                    check(volume, which, block);
                return 1;
            };
        });
        if (writes)
            readBack(volume);
        return tally.work(tally.operationsPerSecond());
    }

    private void readBack(EmbeddedVolume volume) throws IOException {
        var random = new SplittableRandom(seeds.incrementAndGet());
        var block = block();
        for (int i = 0; i < READ_BACK; i++)
            check(volume, random.nextInt(volume.blocks()), block);
    }

    private static ByteBuffer block() {
        var bytes = new byte[EmbeddedVolume.BLOCK_BYTES];
        new Random(20_260_101).nextBytes(bytes);
        return ByteBuffer.allocateDirect(EmbeddedVolume.BLOCK_BYTES).put(bytes);
    }

    private static long stamp(int block, long version) {
        return version << 32 | block;
    }

    private static void write(EmbeddedVolume volume, int which, ByteBuffer block) throws IOException {
        long version = volume.version(which) + 1;
        block.putLong(0, stamp(which, version)).putLong(END, stamp(which, version));
        volume.write((long) which * EmbeddedVolume.BLOCK_BYTES, block.clear());
        volume.written(which, version);
    }

    private static void check(EmbeddedVolume volume, int which, ByteBuffer block) throws IOException {
        volume.read((long) which * EmbeddedVolume.BLOCK_BYTES, block.clear());
        long stamp = stamp(which, volume.version(which));
        if (block.getLong(0) != stamp || block.getLong(END) != stamp)
            throw new WrongAnswerException(
                    "block %d has %x and %x at its ends, not %x".formatted(which, block.getLong(0), block.getLong(END), stamp));
    }
}
