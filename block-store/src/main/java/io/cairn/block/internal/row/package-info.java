/// What the rows of the store say, and the notes between two checkpoints.
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.row;
