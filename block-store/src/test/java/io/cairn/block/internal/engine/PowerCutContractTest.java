package io.cairn.block.internal.engine;

import io.cairn.block.testkit.BlockStoreContract;
import io.cairn.block.testkit.BlockSubject;

/// The contract on disks whose power is cut in the middle of what goes on.
final class PowerCutContractTest extends BlockStoreContract {
    @Override
    protected BlockSubject subject(long seed) {
        return LogBlockSubject.onMemoryDisks(seed);
    }
}
