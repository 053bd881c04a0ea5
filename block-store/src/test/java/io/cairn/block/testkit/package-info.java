/// What every block store does, whatever stores it: a model so small that it is plainly right, random histories with crashes that compare any
/// implementation with it, and planted faults that show what these histories see. Start reading at [io.cairn.block.testkit.BlockStoreContract];
/// a test of one's own begins with [io.cairn.block.testkit.Histories#check].
@org.jspecify.annotations.NullMarked
package io.cairn.block.testkit;
