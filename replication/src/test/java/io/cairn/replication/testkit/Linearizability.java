package io.cairn.replication.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether calls of many clients could have been made one after the other, each at some instant while it was under way, with the answers
/// that were given (Herlihy and Wing, "Linearizability", 1990). Keys are checked each for itself: linearizability is local.
///
/// Calls are given places one by one: any that began before the first answer of those without a place may be next (Wing and Gong, 1993). A set of
/// calls with places, together with what the key then holds, is never tried twice (Lowe, 2017).
///
/// @param <S> what a key holds
public final class Linearizability<S> {
    private record Tried<S>(BitSet placed, S state) {}

    /// A choice that can be taken back.
    private static final class Choice<S> {
        final BitSet placed;
        final S state;
        /// The next call to try from here.
        int next;

        Choice(BitSet placed, S state) {
            this.placed = placed;
            this.state = state;
        }
    }

    private final List<TimedCall<S>> calls;
    private final Set<Tried<S>> tried = new HashSet<>();

    private Linearizability(List<TimedCall<S>> calls) {
        this.calls = calls.stream().sorted(Comparator.comparingLong((TimedCall<S> call) -> call.invoked())).toList();
    }

    /// Null when the calls of every key can be ordered; else what cannot, in words.
    ///
    /// @param initially what every key holds before
    public static <S> @Nullable String violation(List<TimedCall<S>> calls, S initially) {
        var byKey = new LinkedHashMap<Object, List<TimedCall<S>>>();
        for (var call : calls)
            byKey.computeIfAbsent(call.key(), _ -> new ArrayList<>()).add(call);
        for (var ofKey : byKey.entrySet()) {
            var violation = new Linearizability<>(ofKey.getValue()).search(initially);
            if (violation != null)
                return "key " + ofKey.getKey() + ": " + violation;
        }
        return null;
    }

    private @Nullable String search(S initially) {
        var choices = new ArrayDeque<Choice<S>>();
        choices.push(new Choice<>(new BitSet(), initially));
        var furthest = choices.getFirst();
        while (!choices.isEmpty()) {
            var choice = choices.getFirst();
            if (choice.placed.cardinality() == calls.size())
                return null;
            if (choice.placed.cardinality() > furthest.placed.cardinality())
                furthest = choice;
            var next = next(choice);
            if (next == null)
                choices.pop();
            else
                choices.push(next);
        }
        return explanation(furthest);
    }

    /// The next way to go on from here that was not tried, or null.
    private @Nullable Choice<S> next(Choice<S> choice) {
        int first = choice.placed.nextClearBit(0);
        long firstAnswer = Long.MAX_VALUE; // of the calls without a place that begin before it
        for (int i = first; i < calls.size() && calls.get(i).invoked() <= firstAnswer; i++)
            if (!choice.placed.get(i))
                firstAnswer = Math.min(firstAnswer, calls.get(i).responded());
        for (int i = Math.max(first, choice.next); i < calls.size() && calls.get(i).invoked() <= firstAnswer; i++) {
            if (choice.placed.get(i))
                continue;
            var after = calls.get(i).call().after(choice.state);
            if (after == null)
                continue;
            var placed = (BitSet) choice.placed.clone();
            placed.set(i);
            if (!tried.add(new Tried<>(placed, after)))
                continue;
            choice.next = i + 1;
            return new Choice<>(placed, after);
        }
        return null;
    }

    private String explanation(Choice<S> furthest) {
        var text = new StringBuilder("after ").append(furthest.placed.cardinality()).append(" of ").append(calls.size())
                .append(" calls it holds ").append(furthest.state).append("; none of these can be next:");
        calls.stream().filter(call -> !furthest.placed.get(calls.indexOf(call))).limit(8)
                .forEach(call -> text.append("\n  ").append(call));
        return text.toString();
    }
}
