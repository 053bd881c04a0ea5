package io.cairn.block.testkit;

/// A call to one block and when it was under way. A call to several is one to each of them: blocks are written one by one.
///
/// @param invoked before it was made, in nanoseconds of one clock
/// @param responded after its answer came
record TimedCall(int client, long block, BlockCall call, long invoked, long responded) {}
