package io.cairn.block.testkit;

/// The model keeps its own contract: what the named examples say is what histories compare with.
final class ModelBlockStoreTest extends BlockStoreContract {
    @Override
    protected BlockSubject subject(long seed) {
        return new ModelSubject(seed);
    }
}
