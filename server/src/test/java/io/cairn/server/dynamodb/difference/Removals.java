package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Updates that only remove attributes, or members of sets. Where there is no item the service makes none, but DynamoDB Local does: it is taken out
/// again, so that the history can go on.
final class Removals {
    private Removals() {}

    static boolean isOne(Map<String, ?> update) {
        if (update.get("UpdateExpression") instanceof String text)
            return !text.matches("(?is).*\\b(SET|ADD)\\b.*");
        var updates = Tree.map(update.get("AttributeUpdates"));
        return !updates.isEmpty()
                && updates.values().stream().allMatch(action -> "DELETE".equals(Tree.map(action).get("Action")));
    }

    static void mend(Request request, Subject cairn, Subject local) throws IOException {
        for (var update : updates(request)) {
            if (!isOne(update))
                continue;
            var item = object("TableName", Objects.requireNonNull(update.get("TableName")), "Key",
                    Objects.requireNonNull(update.get("Key")));
            var stands = object("TableName", Objects.requireNonNull(update.get("TableName")), "Key",
                    Objects.requireNonNull(update.get("Key")), "ConsistentRead", true);
            var answer = cairn.send(Request.of("GetItem", stands));
            if (!answer.isOk() || !answer.body().containsKey("Item"))
                local.send(Request.of("DeleteItem", item));
        }
    }

    private static List<Map<String, ?>> updates(Request request) {
        var all = new ArrayList<Map<String, ?>>();
        if (request.operation().equals("UpdateItem"))
            all.add(request.body());
        if (request.operation().equals("TransactWriteItems"))
            for (var item : Tree.maps(request.body().get("TransactItems")))
                if (item.containsKey("Update"))
                    all.add(Tree.map(item.get("Update")));
        return all;
    }
}
