/// What the object store keeps in its spaces: keys and rows, each drawn beside the code that reads and writes it.
@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.row;
