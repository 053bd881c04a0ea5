package io.cairn.kv.testkit;

/// A call to one item and when it was under way.
///
/// @param invoked before it was made, in nanoseconds of one clock
/// @param responded after its answer came
record TimedCall(int client, String key, ItemCall call, long invoked, long responded) {}
