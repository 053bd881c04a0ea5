package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came back. All pages of a walk are one answer with the member `Pages`.
record Answer(int status, Map<String, @Nullable Object> body) {
    static final String PAGES = "Pages";
    private static final int MAX_SHOWN = 3000;

    static Answer of(int status, String text) {
        return new Answer(status, Tree.map(Json.parse(text)));
    }

    static Answer ofPages(List<Answer> pages) {
        var bodies = new ArrayList<@Nullable Object>();
        pages.forEach(page -> bodies.add(page.body));
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put(PAGES, bodies);
        return new Answer(200, body);
    }

    boolean isOk() { return status == 200; }

    /// The error's name without its namespace; empty for none.
    String error() {
        var type = body.get("__type");
        return type instanceof String text ? text.substring(text.indexOf('#') + 1) : "";
    }

    /// Empty for none. Some types have it under another name.
    String message() {
        return body.get("message") instanceof String text ? text : body.get("Message") instanceof String other ? other : "";
    }

    /// `ok`, or the error's name, `: ` and its message.
    String line() {
        return isOk() ? "ok" : error() + ": " + message();
    }

    Answer with(String member, @Nullable Object value) {
        var other = new LinkedHashMap<String, @Nullable Object>(body);
        if (value == null)
            other.remove(member);
        else
            other.put(member, value);
        return new Answer(status, other);
    }

    List<Map<String, @Nullable Object>> pages() {
        return Tree.maps(body.get(PAGES));
    }

    @Override
    public String toString() {
        var text = status + " " + Json.text(body);
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }
}
