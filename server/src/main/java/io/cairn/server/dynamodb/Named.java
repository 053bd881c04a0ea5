package io.cairn.server.dynamodb;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import java.util.List;

/// Values under the names that [io.cairn.kv.Legacy] has for them.
final class Named {
    private static final byte[] LONE = new byte[0];

    private Named() {}

    /// The value of an item of one, which stands under the empty name, under `0`.
    static Item first(Item value) {
        return list(List.of(value));
    }

    /// The values of items of one each, under `0`, `1`, ...
    static Item list(List<Item> values) {
        var writer = new ItemWriter();
        for (int i = 0; i < values.size(); i++) {
            var value = values.get(i);
            writer.name(Integer.toString(i)).encoded(value.encoded(), value.find(LONE));
        }
        return writer.item();
    }
}
