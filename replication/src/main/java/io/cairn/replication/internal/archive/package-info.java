/// What lies in an archive: its formats, its names, and how blobs are written to and read from it.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.archive;
