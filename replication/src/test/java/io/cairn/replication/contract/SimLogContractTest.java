package io.cairn.replication.contract;

import io.cairn.replication.testkit.LogContract;
import io.cairn.replication.testkit.SimSubject;
import io.cairn.replication.testkit.Subject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

final class SimLogContractTest extends LogContract {
    @Override
    protected Subject subject(Path directory, long seed) {
        return new SimSubject(directory, seed);
    }

    @Override
    protected Map<String, Integer> floors() {
        var floors = new HashMap<>(super.floors());
        floors.remove("checkpoint"); // a simulated one is not opened
        floors.put("leader changed", 60);
        return floors;
    }
}
