package io.cairn.block.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whether calls of many clients could have been made one after the other, each at some instant while it was under way, with the answers
/// that were given (Herlihy and Wing, "Linearizability", 1990). Blocks are checked each for itself: linearizability is local.
///
/// Calls are given places one by one: any that began before the first answer of those without a place may be next (Wing and Gong, 1993). A set of
/// calls with places, together with what the block then holds, is never tried twice (Lowe, 2017).
final class Linearizability {
    private record Tried(BitSet placed, List<Integer> cells) {}

    /// A choice that can be taken back.
    private static final class Choice {
        final BitSet placed;
        final List<Integer> cells;
        /// The next call to try from here.
        int next;

        Choice(BitSet placed, List<Integer> cells) {
            this.placed = placed;
            this.cells = cells;
        }
    }

    private final List<TimedCall> calls;
    private final Set<Tried> tried = new HashSet<>();

    private Linearizability(List<TimedCall> calls) {
        this.calls = calls.stream().sorted(Comparator.comparingLong(TimedCall::invoked)).toList();
    }

    /// Null when the calls of every block can be ordered; else what cannot, in words. All blocks begin as zeros.
    static @Nullable String violation(List<TimedCall> calls) {
        var byBlock = new TreeMap<Long, List<TimedCall>>();
        for (var call : calls)
            byBlock.computeIfAbsent(call.block(), _ -> new ArrayList<>()).add(call);
        for (var ofBlock : byBlock.entrySet()) {
            var violation = new Linearizability(ofBlock.getValue()).search();
            if (violation != null)
                return "block " + ofBlock.getKey() + ": " + violation;
        }
        return null;
    }

    private @Nullable String search() {
        var choices = new ArrayDeque<Choice>();
        choices.push(new Choice(new BitSet(), BlockCall.ZEROS));
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
    private @Nullable Choice next(Choice choice) {
        int first = choice.placed.nextClearBit(0);
        long firstAnswer = Long.MAX_VALUE; // of the calls without a place that begin before it
        for (int i = first; i < calls.size() && calls.get(i).invoked() <= firstAnswer; i++)
            if (!choice.placed.get(i))
                firstAnswer = Math.min(firstAnswer, calls.get(i).responded());
        for (int i = Math.max(first, choice.next); i < calls.size() && calls.get(i).invoked() <= firstAnswer; i++) {
            if (choice.placed.get(i))
                continue;
            var after = calls.get(i).call().after(choice.cells);
            if (after == null)
                continue;
            var placed = (BitSet) choice.placed.clone();
            placed.set(i);
            if (!tried.add(new Tried(placed, after)))
                continue;
            choice.next = i + 1;
            return new Choice(placed, after);
        }
        return null;
    }

    private String explanation(Choice furthest) {
        var text = new StringBuilder("after ").append(furthest.placed.cardinality()).append(" of ").append(calls.size())
                .append(" calls it holds ").append(furthest.cells).append("; none of these can be next:");
        calls.stream().filter(call -> !furthest.placed.get(calls.indexOf(call))).limit(8)
                .forEach(call -> text.append("\n  ").append(call));
        return text.toString();
    }
}
