/// What a block of an encrypted volume looks like where it lies, and the keys that it takes to make or read one.
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.encryption;
