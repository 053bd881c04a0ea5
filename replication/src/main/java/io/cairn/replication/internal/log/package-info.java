/// The embedded log: recycled files, one committer, one sync a group. Start reading at [io.cairn.replication.internal.log.LocalLog].
@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.log;
