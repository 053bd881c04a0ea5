package io.cairn.kv.testkit;

import io.cairn.kv.StreamView;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One step of a history.
sealed interface Step {
    record Do(Write write) implements Step {}

    /// @param token null for none
    record Transact(List<Write> writes, @Nullable String token) implements Step {}

    /// Sends the last transaction that had a token once more.
    record TransactAgain() implements Step {}

    record Get(List<Address> items) implements Step {}

    record Address(String table, Map<String, Value> key) {}

    /// All pages.
    record Ask(Wanted wanted) implements Step {}

    /// One page from a key that need not be there.
    record AskFrom(Wanted wanted, Map<String, Value> startKey) implements Step {}

    /// All pages of all segments.
    record Walk(String table, @Nullable String index, @Nullable Asked filter, int limit, int segments) implements Step {}

    /// Adds the index where there is none, and drops it where there is one.
    record TurnIndex(String table) implements Step {}

    /// Switches the stream on with this view, or off where there is one.
    record TurnStream(String table, StreamView view) implements Step {}

    record TurnExpiry(String table) implements Step {}

    record Drop(String table) implements Step {}

    /// Lets expire and be filled what is due.
    record Tend() implements Step {}

    record Advance(int seconds) implements Step {}

    record Reopen() implements Step {}

    /// Begins the step, and the power is cut after so many more operations of the machine.
    record Crash(Step inside, int after) implements Step {}
}
