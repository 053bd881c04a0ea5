package io.cairn.block.internal.engine;

import io.cairn.block.testkit.BlockStoreContract;
import io.cairn.block.testkit.BlockSubject;

/// The contract while checkpoints, sweeps and cleaning go on beside whatever it does.
final class BusyStoreContractTest extends BlockStoreContract {
    @Override
    protected BlockSubject subject(long seed) {
        return LogBlockSubject.busy(seed);
    }
}
