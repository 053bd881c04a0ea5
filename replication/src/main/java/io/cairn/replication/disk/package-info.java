/// Files as the log needs them, so that a test can own the disk: cut its power, tear its writes, fail its syncs.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.disk;
