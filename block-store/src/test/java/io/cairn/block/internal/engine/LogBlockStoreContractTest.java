package io.cairn.block.internal.engine;

import io.cairn.block.testkit.BlockStoreContract;
import io.cairn.block.testkit.BlockSubject;

/// The contract on real files.
final class LogBlockStoreContractTest extends BlockStoreContract {
    @Override
    protected BlockSubject subject(long seed) {
        return LogBlockSubject.onFiles(seed);
    }
}
