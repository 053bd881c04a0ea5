package io.cairn.object.testkit;

import io.cairn.object.ObjectStore;

/// The model keeps its own contract: what the named examples say is what histories compare with.
class ModelObjectStoreTest extends ObjectStoreContract {
    private static final int MIN_PART_BYTES = 1030;

    @Override
    protected ObjectStore open() {
        return new ModelObjectStore(MIN_PART_BYTES);
    }

    @Override
    protected long minPartBytes() {
        return MIN_PART_BYTES;
    }

    @Override
    protected ObjectStore reopen(ObjectStore store) {
        return store;
    }
}
