/// Where each block of a volume or snapshot lies: persistent radix trees that share what they have in common, kept in rows and, as far as they
/// are used, in memory. Start reading at [io.cairn.block.internal.map.BlockMaps].
@org.jspecify.annotations.NullMarked
package io.cairn.block.internal.map;
