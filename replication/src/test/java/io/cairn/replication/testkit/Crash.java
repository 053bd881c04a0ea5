package io.cairn.replication.testkit;

import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.internal.log.LocalLog;

/// Ends a log as a killed process would, for tests of engines.
public final class Crash {
    private Crash() {}

    /// What was proposed and is not yet durable may be lost; nothing is flushed.
    public static void crash(ReplicatedLog log) {
        switch (log) {
            case LocalLog local -> local.crash();
            case SimLog simulated -> simulated.crash();
            default -> throw new IllegalArgumentException("no way to crash a " + log.getClass().getSimpleName());
        }
    }
}
