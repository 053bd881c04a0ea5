/// Bulk bytes: how an extent looks in a file, and the files that hold them.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.extent;
