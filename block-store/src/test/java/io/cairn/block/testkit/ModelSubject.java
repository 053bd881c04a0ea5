package io.cairn.block.testkit;

import io.cairn.block.BlockStore;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The model as a store under test. A crash keeps any prefix of what was not flushed.
final class ModelSubject implements BlockSubject {
    private final SplittableRandom random;
    private @Nullable ModelBlockStore known;

    ModelSubject(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public BlockStore open() {
        var opened = known == null ? new ModelBlockStore() : known.copy();
        known = opened;
        return opened;
    }

    @Override
    public void crash(BlockStore store) {
        var running = (ModelBlockStore) store;
        known = running.afterCrash(random.nextInt(running.changesSinceFlush().size() + 1));
    }

    @Override
    public void tend(BlockStore store) {
        ((ModelBlockStore) store).madeDurable();
    }

    @Override
    public void clean(BlockStore store) {
        tend(store);
    }

    @Override
    public int atomicBlocks() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        known = null;
    }
}
