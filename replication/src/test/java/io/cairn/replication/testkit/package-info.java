/// What proves a log: a disk in memory whose power can be cut, a simulated log, and the contract that every log keeps. Begin at [LogContract].
///
/// And what proves an engine on a log: [Linearizability] of what its clients do at once, [EngineArchitectureContract] for its packages.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.testkit;
