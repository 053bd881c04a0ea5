package io.cairn.block;

import io.cairn.replication.testkit.EngineArchitectureContract;

/// The rules for the packages of every engine.
class ArchitectureTest extends EngineArchitectureContract {
    ArchitectureTest() {
        super("io.cairn.block");
    }
}
