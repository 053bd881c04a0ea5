package io.cairn.server.dynamodb.difference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Both answers to one request.
///
/// @param tables that there are
record Pair(Request request, List<TableShape> tables, Answer cairn, Answer local) {
    private static final int MAX_LINE = 260;

    @Nullable
    TableShape table(@Nullable Object name) {
        for (var table : tables)
            if (table.name().equals(name))
                return table;
        return null;
    }

    /// Of the index that is asked; null for none.
    @Nullable
    String sortKey() {
        var table = table(request.body().get("TableName"));
        return table == null ? null : table.sortKey(request.body().get("IndexName"));
    }

    boolean isEqual() {
        return Comparison.normal(request, sortKey(), cairn).equals(Comparison.normal(request, sortKey(), local));
    }

    /// The same with Local's answer as the service gives it, by all [Deliberate] differences that apply; those are added to `used`.
    Pair corrected(List<Deliberate> used) {
        var pair = this;
        for (var difference : Deliberate.ALL) {
            var service = difference.service(pair);
            if (service == null || service.equals(pair.local))
                continue;
            pair = new Pair(request, tables, cairn, service);
            used.add(difference);
        }
        return pair;
    }

    /// What kind of difference it is: for counting, and so that a shrunk history shows the same one.
    String signature() {
        return request.operation() + ": Local " + brief(local, cairn) + " / Cairn " + brief(cairn, local);
    }

    private String brief(Answer answer, Answer other) {
        if (!answer.isOk() && answer.line().equals(other.line()))
            return Comparison.normal(request, sortKey(), answer).substring(0,
                    Math.min(MAX_LINE, Comparison.normal(request, sortKey(), answer).length()));
        if (!answer.isOk())
            return answer.line().substring(0, Math.min(MAX_LINE, answer.line().length()));
        if (!other.isOk())
            return "ok";
        return "ok, differing " + new ArrayList<>(Comparison.differing(request, local, cairn));
    }
}
