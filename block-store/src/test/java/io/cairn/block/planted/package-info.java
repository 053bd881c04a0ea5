/// Violations that the architecture test must see.
@org.jspecify.annotations.NullMarked
package io.cairn.block.planted;
