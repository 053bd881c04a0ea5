/// Volumes that are no faster than their limits. Start reading at [io.cairn.block.internal.limit.LimitedVolume].
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.limit;
