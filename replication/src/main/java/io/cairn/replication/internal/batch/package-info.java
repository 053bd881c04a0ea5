/// How a batch looks in the log, on the wire and in the archive: one format for all three.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.batch;
