/// The contract of logs, run against each, and the planted faults that it must see.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.contract;
