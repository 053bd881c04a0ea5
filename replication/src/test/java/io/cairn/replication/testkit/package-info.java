/// What proves a log: a disk in memory whose power can be cut, a simulated log, and the contract that every log keeps. Begin at [LogContract].
@org.jspecify.annotations.NullMarked
package io.cairn.replication.testkit;
