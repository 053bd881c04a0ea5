package io.cairn.server.dynamodb.difference;

import io.cairn.kv.testkit.ApiCall;
import io.cairn.kv.testkit.ApiHistories;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// The history of a seed, of at least 30 requests. Every second one is the test kit's, which the model answers too. The others have what the test kit
/// has not: keys of all types, projections, the members that expressions replaced, batches of writes, and requests with something wrong;
/// every twelfth makes its own tables, and alters and drops them.
final class Histories {
    private static final int REQUESTS = 40;
    private static final int SPOILED = 8;
    private static final int OWN = 12;
    private static final int MISTAKES = 8;
    private static final int MIN_REQUESTS = 30;
    /// From a history that is too short to the one that goes on.
    private static final long SHORT = 1L << 40;
    private final String lane;
    private final ApiHistories modelled;
    private final List<TableShape> fixed;

    /// @param lane of tables: histories of different lanes do not meet
    Histories(String lane) {
        this.lane = lane;
        this.modelled = new ApiHistories("-" + lane);
        this.fixed = TableShape.fixed("-" + lane);
    }

    /// All that are to be there before the first history.
    List<TableShape> tables() {
        var all = new ArrayList<>(fixed);
        modelled.tables().forEach(table -> all.add(TableShape.of(table)));
        return all;
    }

    String ownPrefix() {
        return "own-" + lane + "-";
    }

    History of(long seed) {
        return seed % 2 == 0 ? modelled(seed) : raw(seed);
    }

    private History modelled(long seed) {
        var draws = new Draws(new SplittableRandom(seed));
        var questions = new ArrayList<Question>();
        var mistakes = new Mistakes(draws);
        var requests = new IdentityHashMap<ApiCall, Request>(); // what is sent again is sent as it was
        for (long from = seed; questions.size() < MIN_REQUESTS; from += SHORT)
            for (var call : modelled.of(from)) {
                var request = requests.computeIfAbsent(call, one -> measured(draws, Request.of(one)));
                var bad = draws.oneIn(MISTAKES) ? mistakes.in(request) : null;
                if (bad != null)
                    questions.add(new Question(bad, null, true));
                questions.add(new Question(request, call, false));
            }
        return new History("seed " + seed, modelled.tables().stream().map(TableShape::of).toList(), false, modelled.tables(),
                questions);
    }

    private static Request measured(Draws draws, Request request) {
        if (!draws.oneIn(2))
            return request;
        var measured = request.with("ReturnConsumedCapacity", draws.of("NONE", "TOTAL", "INDEXES", "INDEXES"));
        return switch (request.operation()) {
            case "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems" ->
                measured.with("ReturnItemCollectionMetrics", draws.of("SIZE", "SIZE", "NONE"));
            default -> measured;
        };
    }

    private History raw(long seed) {
        var draws = new Draws(new SplittableRandom(seed));
        var values = new Values(draws);
        boolean own = draws.oneIn(OWN);
        var tables = new ArrayList<TableShape>();
        tables.add(own ? TableShape.draw(draws, ownPrefix() + "Alpha") : draws.of(fixed));
        if (draws.oneIn(2))
            tables.add(own ? TableShape.draw(draws, ownPrefix() + "Beta") : other(draws, tables.getFirst()));
        var history = new ArrayList<Request>();
        if (own)
            for (var table : tables)
                history.add(Request.of("CreateTable", table.create(draws.oneIn(2))));
        var items = new ItemDraws(draws, values, tables);
        var pages = new PageDraws(draws, values, tables);
        var about = new TableDraws(draws, tables, ownPrefix());
        var spoiled = new Spoiled(draws, values);
        for (int i = 0; i < 6; i++) {
            draws.begin();
            history.add(items.put());
        }
        while (history.size() < REQUESTS) {
            draws.begin();
            int kind = draws.below(own ? 24 : 15);
            var request = kind < 9 ? items.draw() : kind < 15 ? pages.draw() : about.draw();
            boolean bad = !request.body().isEmpty() && draws.mistake(SPOILED);
            history.add(bad ? spoiled.of(request) : request);
            // The same again, under the same token.
            if (request.body().containsKey("ClientRequestToken") && draws.oneIn(2))
                history.add(draws.oneIn(4) ? request.with("TransactItems", List.of()) : request);
        }
        return new History("seed " + seed, tables, own, List.of(), history.stream().map(Question::of).toList());
    }

    private TableShape other(Draws draws, TableShape than) {
        var others = new ArrayList<>(fixed);
        others.remove(than);
        return draws.of(others);
    }
}
