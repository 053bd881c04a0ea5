package io.cairn.block.testkit;

import io.cairn.block.BlockStore;

/// A machine whose store gets something wrong.
final class PlantedSubject implements BlockSubject {
    private final BlockSubject subject;
    private final Plant plant;
    private boolean crashed;

    /// Plants a fault on a store that was opened.
    interface Plant {
        /// @param afterCrash whether a crash is what ended the store before
        ForwardingBlockStore on(BlockStore right, boolean afterCrash);
    }

    PlantedSubject(BlockSubject subject, Plant plant) {
        this.subject = subject;
        this.plant = plant;
    }

    private static BlockStore right(BlockStore store) {
        return ((ForwardingBlockStore) store).right;
    }

    @Override
    public BlockStore open() {
        var planted = plant.on(subject.open(), crashed);
        crashed = false;
        return planted;
    }

    @Override
    public void cutAfter(int operations) {
        subject.cutAfter(operations);
    }

    @Override
    public void crash(BlockStore store) {
        subject.crash(right(store));
        crashed = true;
    }

    @Override
    public void tend(BlockStore store) {
        subject.tend(right(store));
    }

    @Override
    public void clean(BlockStore store) {
        subject.clean(right(store));
    }

    @Override
    public int atomicBlocks() {
        return subject.atomicBlocks();
    }

    @Override
    public void close() {
        subject.close();
    }
}
