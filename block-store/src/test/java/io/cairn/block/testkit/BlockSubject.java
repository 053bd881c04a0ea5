package io.cairn.block.testkit;

import io.cairn.block.BlockStore;

/// A store under test with the machine that it runs on. One history.
public interface BlockSubject extends AutoCloseable {
    /// Opens the store, the first time or again.
    BlockStore open();

    /// The power is cut at the machine's `operations`th operation from now, 1 or more. One that cannot do this is crashed between steps alone.
    default void cutAfter(int operations) {}

    /// Ends the store, whatever is under way: nothing is there but what was synced, and perhaps some of the rest. [#open] is next.
    void crash(BlockStore store);

    /// Lets the store do what goes on behind, and waits for it: checkpoints, giving up what was deleted.
    default void tend(BlockStore store) {}

    /// Lets the store move blocks out of half-empty files, and waits for it.
    default void clean(BlockStore store) {}

    /// Fails when something is wrong inside a store that answers rightly; called after [#tend].
    default void checkInside(BlockStore store) {}

    /// The atomic write unit: after a crash, a write of so many whole blocks or fewer is there with all of them, or with none.
    default int atomicBlocks() {
        return 1;
    }

    @Override
    void close();
}
