package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.server.dynamodb.wire.JsonWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// TagResource, UntagResource, ListTagsOfResource.
final class Tags {
    static final int MAX_TAGS = 50;

    private Tags() {}

    static void check(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS)
            throw validation("One or more parameter values were invalid: Too many tags: a table has at most " + MAX_TAGS);
        for (var key : tags.keySet())
            if (key.startsWith("aws:"))
                throw validation("One or more parameter values were invalid: Tag keys must not begin with aws: " + key);
    }

    static void tag(Call call) {
        change(call, tags -> {
            for (var tag : call.request().structures("Tags"))
                tags.put(tag.requiredString("Key"), tag.requiredString("Value"));
            check(tags);
        });
    }

    static void untag(Call call) {
        change(call, tags -> call.request().strings("TagKeys").forEach(tags::remove));
    }

    private static void change(Call call, Consumer<Map<String, String>> change) {
        var _ = call.alter(call.request().requiredString("ResourceArn"), table -> {
            var settings = Settings.of(table);
            var tags = new TreeMap<>(settings.tags());
            change.accept(tags);
            return table.definition().withSettings(settings.withTags(tags).item());
        });
        call.answer(JsonWriter.start().beginObject().endObject());
    }

    static void list(Call call) {
        var table = call.table(call.request().requiredString("ResourceArn")).describe();
        var json = JsonWriter.start().beginObject().name("Tags").beginArray();
        Settings.of(table).tags()
                .forEach((key, value) -> json.beginObject().name("Key").string(key).name("Value").string(value).endObject());
        call.answer(json.endArray().endObject());
    }
}
