package io.cairn.replication.contract;

import io.cairn.replication.testkit.LocalSubject;
import io.cairn.replication.testkit.LogContract;
import io.cairn.replication.testkit.Subject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

final class LocalLogContractTest extends LogContract {
    @Override
    protected Subject subject(Path directory, long seed) {
        return new LocalSubject(directory, seed, _ -> {
        });
    }

    @Override
    protected Map<String, Integer> floors() {
        var floors = new HashMap<>(super.floors());
        floors.put("acknowledged when the caller had committed it", 50);
        return floors;
    }
}
