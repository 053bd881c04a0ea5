package io.cairn.object.testkit;

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
/// The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993) with Lowe's memory of what was tried ("Testing for
/// linearizability", 2017): begun and answered calls stand in a list by time; whatever call begins before the first answer may be the
/// next; a set of calls already ordered, together with what the register then holds, is never tried twice. With `c` clients at most
/// `2^c` such sets lie between two answers, so that the cost grows with the number of calls.
final class Linearizability {
    /// Where a call begins, or its answer.
    private static final class Event {
        final TimedCall call;
        final int index;
        final boolean begins;
        final @Nullable Event answer;
        @Nullable
        Event before;
        @Nullable
        Event next;

        Event(TimedCall call, int index, boolean begins, @Nullable Event answer) {
            this.call = call;
            this.index = index;
            this.begins = begins;
            this.answer = answer;
        }

        long time() {
            return begins ? call.invoked() : call.responded();
        }
    }

    private record Tried(BitSet ordered, String etag) {}

    /// A call that was given the next place, and what the register held before it.
    private record Ordered(Event event, String before) {}

    private final Event head;
    private final int count;
    private int unanswered;
    private final BitSet ordered = new BitSet();
    private final Set<Tried> tried = new HashSet<>();
    private final List<Ordered> order = new ArrayList<>();
    private List<Ordered> longest = List.of();
    private String stuck = "";

    private Linearizability(List<TimedCall> calls) {
        count = calls.size();
        var events = new ArrayList<Event>();
        for (int i = 0; i < count; i++) {
            var answer = calls.get(i).isAnswered() ? new Event(calls.get(i), i, false, null) : null;
            var begin = new Event(calls.get(i), i, true, answer);
            events.add(begin);
            if (answer != null)
                events.add(answer);
            else
                unanswered++;
        }
        // at the same instant calls overlap: the doubt is the store's
        events.sort(Comparator.comparingLong(Event::time).thenComparing(event -> !event.begins));
        head = new Event(new TimedCall(-1, "", new KeyCall.Read(KeyCall.NONE), 0, 0), -1, true, null);
        var last = head;
        for (var event : events) {
            last.next = event;
            event.before = last;
            last = event;
        }
    }

    /// Null when the calls of every key can be ordered; else what cannot, in words.
    static @Nullable String violation(List<TimedCall> calls) {
        var byKey = new LinkedHashMap<String, List<TimedCall>>();
        for (var call : calls)
            byKey.computeIfAbsent(call.key(), _ -> new ArrayList<>()).add(call);
        for (var ofKey : byKey.entrySet()) {
            var violation = new Linearizability(ofKey.getValue()).search();
            if (violation != null)
                return "key " + ofKey.getKey() + ": " + violation;
        }
        return null;
    }

    private @Nullable String search() {
        var etag = KeyCall.NONE;
        int answered = count - unanswered;
        var event = head.next;
        while (answered > 0) {
            if (event == null)
                throw new IllegalStateException("an answer is missing from the list");
            if (event.begins) {
                var after = event.call.call().after(etag);
                if (after != null && isNew(event, after)) {
                    order.add(new Ordered(event, etag));
                    ordered.set(event.index);
                    etag = after;
                    answered -= event.answer == null ? 0 : 1;
                    lift(event);
                    event = head.next;
                } else
                    event = event.next;
                continue;
            }
            remember(event, etag); // answered before it could be ordered: an earlier choice was wrong
            if (order.isEmpty())
                return explanation();
            var last = order.removeLast();
            ordered.clear(last.event().index);
            etag = last.before();
            answered += last.event().answer == null ? 0 : 1;
            put(last.event());
            event = last.event().next;
        }
        return null;
    }

    private boolean isNew(Event event, String after) {
        var with = (BitSet) ordered.clone();
        with.set(event.index);
        return tried.add(new Tried(with, after));
    }

    private static void lift(Event event) {
        unlink(event);
        if (event.answer != null)
            unlink(event.answer);
    }

    private static void unlink(Event event) {
        if (event.before != null)
            event.before.next = event.next;
        if (event.next != null)
            event.next.before = event.before;
    }

    /// Undoes [#lift], the last not yet undone.
    private static void put(Event event) {
        if (event.answer != null)
            link(event.answer);
        link(event);
    }

    private static void link(Event event) {
        if (event.before != null)
            event.before.next = event;
        if (event.next != null)
            event.next.before = event;
    }

    private void remember(Event event, String etag) {
        if (!stuck.isEmpty() && order.size() <= longest.size())
            return;
        longest = List.copyOf(order);
        stuck = "holding '" + etag + "', could not be: " + event.call;
    }

    private String explanation() {
        var text = new StringBuilder("after ").append(longest.size()).append(" of ").append(count).append(" calls the register, ")
                .append(stuck);
        for (var last : longest.subList(Math.max(0, longest.size() - 10), longest.size()))
            text.append("\n  before it: ").append(last.event().call);
        return text.toString();
    }
}
