/// Block volumes with snapshots, in one directory of this process. Start reading at [io.cairn.block.BlockStore].
@org.jspecify.annotations.NullMarked
package io.cairn.block;
