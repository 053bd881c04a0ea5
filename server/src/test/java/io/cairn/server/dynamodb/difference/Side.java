package io.cairn.server.dynamodb.difference;

import static io.cairn.server.dynamodb.difference.Json.object;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the two servers.
record Side(Endpoint endpoint) implements Subject {
    private static final int MAX_PAGES = 60;
    private static final int WAITS = 1500;
    private static final int BATCH = 25;

    @Override
    public Answer send(Request request) throws IOException {
        var answer = request.walks() ? walk(request) : endpoint.send(request);
        if (request.operation().equals("UpdateTable") && answer.isOk())
            awaitIndexes(String.valueOf(request.body().get("TableName")));
        return answer;
    }

    /// All pages, of all segments, or the first that is refused.
    private Answer walk(Request request) throws IOException {
        var pages = new ArrayList<Answer>();
        var segments = request.body().get("TotalSegments");
        if (segments instanceof Integer count && !request.body().containsKey("Segment")) {
            for (int segment = 0; segment < count; segment++) {
                var refused = walk(request.with("Segment", segment), pages);
                if (refused != null)
                    return refused;
            }
        } else {
            var refused = walk(request, pages);
            if (refused != null)
                return refused;
        }
        return Answer.ofPages(pages);
    }

    private @Nullable Answer walk(Request request, List<Answer> pages) throws IOException {
        var next = request;
        while (true) {
            var page = endpoint.send(next);
            if (!page.isOk())
                return page;
            pages.add(page);
            var last = page.body().get("LastEvaluatedKey");
            if (last == null)
                return null;
            if (pages.size() == MAX_PAGES)
                throw new IOException("a walk without end: " + request);
            next = request.with("ExclusiveStartKey", last);
        }
    }

    /// What is made is filled, what is dropped is gone.
    private void awaitIndexes(String table) throws IOException {
        for (int i = 0; i < WAITS; i++) {
            var text = Json.text(endpoint.send("DescribeTable", Json.text(object("TableName", table))).body());
            if (!text.contains("\"CREATING\"") && !text.contains("\"DELETING\"") && !text.contains("\"UPDATING\""))
                return;
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void clear(TableShape table) throws IOException {
        var keys = new ArrayList<Object>();
        for (var page : send(Request.walk("Scan", object("TableName", table.name()))).pages())
            for (var item : Tree.maps(page.get("Items"))) {
                var key = new LinkedHashMap<>(item);
                key.keySet().retainAll(table.keyNames());
                keys.add(object("DeleteRequest", object("Key", key)));
            }
        for (int at = 0; at < keys.size(); at += BATCH) {
            var some = keys.subList(at, Math.min(at + BATCH, keys.size()));
            var answer = endpoint.send("BatchWriteItem", Json.text(object("RequestItems", Map.of(table.name(), some))));
            if (!answer.isOk() || !Tree.map(answer.body().get("UnprocessedItems")).isEmpty())
                throw new IOException("could not clear " + table.name() + ": " + answer);
        }
    }

    @Override
    public void drop(String prefix) throws IOException {
        var answer = endpoint.send("ListTables", "{}");
        for (var name : Tree.list(answer.body().get("TableNames")))
            if (name instanceof String text && text.startsWith(prefix))
                endpoint.send("DeleteTable", Json.text(object("TableName", text)));
    }
}
