package io.cairn.kv.internal.engine;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Takes some top-level attributes of items: those whose names are given, or all.
///
/// @param names in UTF-8, in byte order; null for all
record Projector(byte @Nullable [][] names) {
    private static final Projector ALL = new Projector(null);

    static Projector of(IndexDefinition index, KeySchema base) {
        var wanted = new TreeSet<>(index.key().names());
        wanted.addAll(base.names());
        return switch (index.projection().kind()) {
            case ALL -> ALL;
            case KEYS_ONLY -> keys(wanted);
            case INCLUDE -> {
                wanted.addAll(index.projection().names());
                yield keys(wanted);
            }
        };
    }

    static Projector keys(Collection<String> names) {
        var utf8 = names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        Arrays.sort(utf8, Arrays::compareUnsigned);
        return new Projector(utf8);
    }

    /// One pass over both, which are sorted.
    Item project(Item item) {
        if (names == null)
            return item;
        var bytes = item.encoded();
        var taken = new byte[bytes.length];
        int length = 0;
        int count = 0;
        int wanted = 0;
        int entry = item.entriesAt();
        for (int i = item.count(); i > 0 && wanted < names.length; i--) {
            int nameAt = Encoded.afterVarint(bytes, entry);
            int value = nameAt + Encoded.varint(bytes, entry);
            int end = Encoded.end(bytes, value);
            int order = -1;
            while (wanted < names.length) {
                order = Arrays.compareUnsigned(bytes, nameAt, value, names[wanted], 0, names[wanted].length);
                if (order <= 0)
                    break;
                wanted++;
            }
            if (order == 0) {
                System.arraycopy(bytes, entry, taken, length, end - entry);
                length += end - entry;
                count++;
                wanted++;
            }
            entry = end;
        }
        return Item.ofEntries(taken, 0, length, count);
    }
}
