package io.cairn.kv;

import io.cairn.replication.testkit.EngineArchitectureContract;

/// The rules for the packages of every engine.
class ArchitectureTest extends EngineArchitectureContract {
    ArchitectureTest() {
        super("io.cairn.kv");
    }
}
