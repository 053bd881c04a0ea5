@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.archive;
