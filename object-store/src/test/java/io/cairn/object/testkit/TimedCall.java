package io.cairn.object.testkit;

/// A call to one key and when it was under way.
///
/// @param invoked before it was made, in nanoseconds of one clock
/// @param responded after its answer came; [#NEVER] when none came
record TimedCall(int client, String key, KeyCall call, long invoked, long responded) {
    static final long NEVER = Long.MAX_VALUE;

    boolean isAnswered() { return responded != NEVER; }

    @Override
    public String toString() {
        return "client %d [%d, %s] %s".formatted(client, invoked, isAnswered() ? Long.toString(responded) : "never", call);
    }
}
