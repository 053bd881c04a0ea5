package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.Table;
import io.cairn.kv.Value;
import io.cairn.kv.WriteResult;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Expiry that goes by what an item said when it was put first, and so removes what was renewed.
final class PlantedExpiry extends PlantedSubject {
    private final Map<Item, Long> seconds;

    PlantedExpiry(KvSubject subject) {
        this(subject, new HashMap<>());
    }

    private PlantedExpiry(KvSubject subject, Map<Item, Long> seconds) {
        super(subject, table -> new Noting(table, seconds));
        this.seconds = seconds;
    }

    private static final class Noting extends ForwardingTable {
        private final Map<Item, Long> seconds;

        Noting(Table table, Map<Item, Long> seconds) {
            super(table);
            this.seconds = seconds;
        }

        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            if (table.describe().name().equals(Histories.SONGS) && item.get(Histories.TTL) instanceof Value.N(var second))
                seconds.putIfAbsent(table.keyOf(item), second.longValue());
            return table.putAsync(item, condition);
        }
    }

    @Override
    public void tend(KvStore store) {
        long now = clock().instant().getEpochSecond();
        if (store.tableNames().contains(Histories.SONGS))
            seconds.forEach((key, second) -> {
                if (second > 0 && second < now)
                    store.table(Histories.SONGS).delete(key);
            });
        super.tend(store);
    }
}
