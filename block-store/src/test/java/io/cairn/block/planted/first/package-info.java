/// One half of a planted cycle: the architecture test must see it.
@org.jspecify.annotations.NullMarked
package io.cairn.block.planted.first;
