package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.kv.testkit.ApiAnswer;
import io.cairn.kv.testkit.ApiModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends histories to both servers, asks the model what it would say, and tells where they differ. One thread, and nobody else changes what the
/// servers hold.
final class Differ {
    private static final int MAX_SHRINKS = 120;
    private final Subject cairn;
    private final Subject local;
    private final Histories histories;
    private final Tally tally;

    Differ(Subject cairn, Subject local, Histories histories, Tally tally) {
        this.cairn = cairn;
        this.local = local;
        this.histories = histories;
        this.tally = tally;
    }

    /// @param what kind of difference it is
    record Difference(String what, Pair pair, @Nullable String model) {
        @Override
        public String toString() {
            return pair.request() + "\n    Local " + pair.local() + "\n    Cairn " + pair.cairn()
                    + (model == null ? "" : "\n    " + model);
        }
    }

    void makeTables() throws IOException {
        for (var table : histories.tables()) {
            var request = Request.of("CreateTable", table.create(true));
            for (var side : List.of(cairn, local)) {
                var answer = side.send(request);
                if (!answer.isOk())
                    throw new IOException(request + ": " + answer);
            }
        }
    }

    /// Differences that nobody named. What follows a change that only one of them made says nothing, so it is not asked.
    List<Difference> run(History history) throws IOException {
        var model = history.modelled().isEmpty() ? null : new ApiModel(history.modelled());
        var found = new ArrayList<Difference>();
        boolean alike = true;
        for (var question : history.questions()) {
            alike = ask(history, question, model, found);
            if (!alike)
                break;
        }
        if (alike)
            for (var table : history.tables())
                compareAll(table, model, found);
        clear(history);
        return found;
    }

    /// Whether both hold the same afterwards.
    private boolean ask(History history, Question question, @Nullable ApiModel model, List<Difference> found) throws IOException {
        var request = question.request();
        var pair = answers(history, request);
        var corrected = judged(pair, found);
        var call = question.call();
        if (model != null && call != null) {
            var said = model.answer(call);
            judge("Cairn", pair, said, pair.cairn(), found);
            judge("Local", pair, said, corrected.local(), found);
        }
        if (question.bad() && (pair.cairn().isOk() || corrected.local().isOk()))
            found.add(new Difference("not refused: " + request.operation(), pair, null));
        if (pair.cairn().isOk() && pair.local().isOk())
            Removals.mend(request, cairn, local);
        // Local may have done what it says it could not.
        boolean told = pair.local().status() != 500 && !pair.local().message().startsWith("Cannot have null key")
                && !Corrections.leavesSomething(pair.local());
        return !request.changesItems() || pair.cairn().isOk() == pair.local().isOk() && told;
    }

    private static void judge(String who, Pair pair, ApiAnswer model, Answer answer, List<Difference> found) {
        var difference = Judge.difference(pair.request(), pair.sortKey(), model, answer);
        if (difference != null)
            found.add(new Difference("model and " + who + ": " + pair.request().operation() + " " + answer.line(), pair,
                    difference));
    }

    private Pair answers(History history, Request request) throws IOException {
        return new Pair(request, history.tables(), cairn.send(request), local.send(request));
    }

    /// With Local's answer as the service would give it.
    private Pair judged(Pair pair, List<Difference> found) {
        tally.count(pair);
        if (pair.isEqual())
            return pair;
        var used = new ArrayList<Deliberate>();
        var corrected = pair.corrected(used);
        if (corrected.isEqual())
            used.forEach(tally::count);
        else
            found.add(new Difference(corrected.signature(), pair, null));
        return corrected;
    }

    private void compareAll(TableShape table, @Nullable ApiModel model, List<Difference> found) throws IOException {
        var request = Request.walk("Scan", object("TableName", table.name(), "ConsistentRead", true));
        var pair = new Pair(request, List.of(table), cairn.send(request), local.send(request));
        var corrected = judged(pair, found);
        if (model == null)
            return;
        for (var answer : List.of(pair.cairn(), corrected.local())) {
            var difference = Judge.difference(request, model.items(table.name()), answer);
            if (difference != null)
                found.add(new Difference("model and what was left", pair, difference));
        }
    }

    private void clear(History history) throws IOException {
        for (var side : List.of(cairn, local))
            if (history.own())
                side.drop(histories.ownPrefix());
            else
                for (var table : history.tables())
                    side.clear(table);
    }

    /// The shortest history found that still differs in the same way: requests are dropped as long as it does.
    History shrink(History history, String what) throws IOException {
        var shortest = new ArrayList<>(history.questions());
        int runs = 0;
        for (int size = Math.max(1, shortest.size() / 2); size > 0; size /= 2)
            for (int at = shortest.size() - size; at >= 0 && runs < MAX_SHRINKS; at -= size) {
                var fewer = new ArrayList<>(shortest);
                fewer.subList(at, Math.min(at + size, fewer.size())).clear();
                runs++;
                if (run(history.with(fewer)).stream().anyMatch(difference -> Objects.equals(difference.what, what)))
                    shortest = fewer;
            }
        return history.with(shortest);
    }
}
