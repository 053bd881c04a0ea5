package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Table;
import io.cairn.kv.Update;
import io.cairn.kv.WriteResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mistakes that only show themselves to several clients at once, each planted into a right table. [Linearizability] must find every one.
enum PlantedRace {
    /// A cache that is not told of writes.
    STALE_READ(table -> new ForwardingTable(table) {
        private final Map<Item, Item> cache = new ConcurrentHashMap<>();

        @Override
        public @Nullable Item get(Item key) {
            var cached = cache.get(key);
            if (cached != null && ThreadLocalRandom.current().nextInt(4) == 0)
                return cached;
            var item = table.get(key);
            if (item != null)
                cache.put(key, item);
            return item;
        }
    }),
    /// Read, changed and put, without a latch.
    LOST_UPDATE(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> updateAsync(Item key, Update update, @Nullable Condition condition) {
            var before = table.get(key);
            pause();
            var after = update.apply(before, key);
            if (after == null)
                return table.deleteAsync(key, null).thenApply(_ -> new WriteResult(before, null));
            return table.putAsync(after, null).thenApply(_ -> new WriteResult(before, after));
        }
    }),
    /// The condition is looked at first and the item put later.
    TWO_WINNERS(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            if (condition == null)
                return table.putAsync(item, null);
            var before = table.get(table.keyOf(item));
            if (!condition.holds(before))
                return CompletableFuture.failedFuture(KvRefusedException.conditionFailed(before));
            pause();
            return table.putAsync(item, null);
        }
    }),
    /// The same of a deletion.
    DELETED_THE_NEXT_ITEM(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> deleteAsync(Item key, @Nullable Condition condition) {
            var before = table.get(key);
            if (condition == null || !condition.holds(before))
                return table.deleteAsync(key, condition);
            pause();
            return table.deleteAsync(key, null).thenApply(_ -> new WriteResult(before, null));
        }
    }),
    /// Told done before it is.
    ACKNOWLEDGED_TOO_EARLY(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            if (condition != null)
                return table.putAsync(item, condition);
            var before = table.get(table.keyOf(item));
            CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS).execute(() -> {
                var _ = table.putAsync(item, null);
            });
            return CompletableFuture.completedFuture(new WriteResult(before, item));
        }
    }),
    /// The answer's old item is read before the latch is taken.
    OLD_ITEM_TOO_OLD(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            var before = table.get(table.keyOf(item));
            pause();
            return table.putAsync(item, condition).thenApply(done -> new WriteResult(before, done.after()));
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final UnaryOperator<Table> race;

    PlantedRace(UnaryOperator<Table> race) {
        this.race = race;
    }

    Table plant(Table table) {
        return race.apply(table);
    }

    private static void pause() {
        LockSupport.parkNanos(200_000);
    }
}
