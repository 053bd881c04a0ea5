package io.cairn.block.internal.engine;

import io.cairn.block.testkit.BlockStoreContract;
import io.cairn.block.testkit.BlockSubject;
import io.cairn.block.testkit.EncryptedSubject;

/// The contract on volumes that are all encrypted: on files, or for odd seeds on disks whose power is cut, with cleaning going on beside the steps of every third.
final class EncryptedStoreContractTest extends BlockStoreContract {
    @Override
    protected BlockSubject subject(long seed) {
        return new EncryptedSubject(seed % 3 == 0
                ? LogBlockSubject.busy(seed)
                : seed % 2 == 0 ? LogBlockSubject.onFiles(seed) : LogBlockSubject.onMemoryDisks(seed));
    }
}
