package io.cairn.server.dynamodb.difference;

import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.ApiAnswer;
import io.cairn.server.dynamodb.difference.Json.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether an answer is the one that the model gives.
final class Judge {
    /// Of which the model knows nothing.
    private static final List<String> UNTOLD = List.of("ConsumedCapacity", "ItemCollectionMetrics");

    private Judge() {}

    /// Null when it is; else what the model says.
    static @Nullable String difference(Request request, @Nullable String sortKey, ApiAnswer model, Answer answer) {
        var expected = model.refused() == null ? done(request, sortKey, model) : refused(model.refused(), model);
        var found = answer.isOk() ? told(request, sortKey, model, answer) : refusal(answer);
        return expected.equals(found) ? null : "model " + expected + ", but " + found;
    }

    private static String done(Request request, @Nullable String sortKey, ApiAnswer model) {
        var members = Tree.map(ValueJson.of(model.members()));
        if (request.walks() && !Comparison.isOrdered(request))
            return Comparison.merged(request, sortKey, List.of(members), false);
        return Comparison.normal(request, sortKey, new Answer(200, members));
    }

    private static String told(Request request, @Nullable String sortKey, ApiAnswer model, Answer answer) {
        if (request.walks() && !Comparison.isOrdered(request))
            return Comparison.merged(request, sortKey, answer.pages(), false);
        var known = answer;
        for (var name : UNTOLD)
            known = known.with(name, null);
        for (var name : model.untold())
            known = known.with(name, null);
        if (request.walks())
            known = Answer
                    .ofPages(known.pages().stream().map(page -> new Answer(200, page).with("ConsumedCapacity", null)).toList());
        return Comparison.normal(request, sortKey, known);
    }

    private static String refused(Reason reason, ApiAnswer model) {
        return type(reason) + " " + Comparison.text(ValueJson.of(model.members())) + model.codes();
    }

    private static String refusal(Answer answer) {
        var codes = new ArrayList<String>();
        for (var cause : Tree.maps(answer.body().get("CancellationReasons")))
            codes.add(String.valueOf(cause.get("Code")));
        var item = answer.body().get("Item");
        return answer.error() + " " + Comparison.text(item == null ? Map.of() : Map.of("Item", item)) + codes;
    }

    private static String type(Reason reason) {
        return switch (reason) {
            case VALIDATION -> "ValidationException";
            case CONDITION_FAILED -> "ConditionalCheckFailedException";
            case TRANSACTION_CANCELED -> "TransactionCanceledException";
            case TOKEN_MISMATCH -> "IdempotentParameterMismatchException";
            case NOT_FOUND -> "ResourceNotFoundException";
            default -> throw new IllegalArgumentException("the model does not refuse so: " + reason);
        };
    }

    /// What a history's requests must have left behind: every item of the table, and no other.
    static @Nullable String difference(Request scan, Set<Map<String, Value>> items, Answer answer) {
        var members = Map.<String, Object>of("Items", List.copyOf(items), "Count", items.size(), "ScannedCount", items.size());
        return difference(scan, null, new ApiAnswer(null, members, List.of(), List.of()), answer);
    }
}
