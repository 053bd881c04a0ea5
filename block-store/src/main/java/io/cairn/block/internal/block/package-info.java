/// What a block looks like where it lies.
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.block;
