package io.cairn.replication.contract;

import io.cairn.replication.testkit.LocalSubject;
import io.cairn.replication.testkit.LogContract;
import io.cairn.replication.testkit.Subject;
import java.nio.file.Path;

final class LocalLogContractTest extends LogContract {
    @Override
    protected Subject subject(Path directory, long seed) {
        return new LocalSubject(directory, seed, _ -> {
        });
    }
}
