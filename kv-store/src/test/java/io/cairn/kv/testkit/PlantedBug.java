package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KeyCondition;
import io.cairn.kv.KeyCondition.Comparison;
import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Page;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.kv.Update;
import io.cairn.kv.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mistakes that a table might make in what it answers and checks, each planted into the engine's by a wrapper of a few lines. The contract must
/// catch every one.
enum PlantedBug {
    CONDITION_ON_THE_NEW_ITEM(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            return condition == null || condition.holds(item)
                    ? table.putAsync(item, null)
                    : CompletableFuture.failedFuture(KvRefusedException.conditionFailed(table.get(table.keyOf(item))));
        }
    }), CONDITION_OF_A_DELETION_IGNORED(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> deleteAsync(Item key, @Nullable Condition condition) {
            return table.deleteAsync(key, null);
        }
    }), UPDATE_FORGETS_THE_OLD_ITEM(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> updateAsync(Item key, Update update, @Nullable Condition condition) {
            return table.updateAsync(key, update, condition).thenApply(done -> new WriteResult(null, done.after()));
        }
    }), OVERWRITE_KEEPS_THE_OLD_ITEM(table -> new ForwardingTable(table) {
        @Override
        public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
            var before = table.get(table.keyOf(item));
            return before == null || condition != null
                    ? table.putAsync(item, condition)
                    : CompletableFuture.completedFuture(new WriteResult(before, item));
        }
    }), PAGE_SKIPS_AN_ITEM(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            var page = table.query(query);
            return query.startKey() == null || page.items().isEmpty()
                    ? page
                    : with(page, page.items().subList(1, page.items().size()));
        }
    }), PAGE_REPEATS_AN_ITEM(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            var page = table.query(query);
            var start = query.startKey();
            var again = start == null || query.index() != null ? null : table.get(start);
            if (again == null)
                return page;
            var items = new ArrayList<>(page.items());
            items.addFirst(again);
            return with(page, items);
        }
    }), SCAN_SKIPS_AN_ITEM(table -> new ForwardingTable(table) {
        @Override
        public Page scan(Scan scan) {
            var page = table.scan(scan);
            return scan.startKey() == null || page.items().isEmpty()
                    ? page
                    : with(page, page.items().subList(1, page.items().size()));
        }
    }), SEGMENTS_OVERLAP(table -> new ForwardingTable(table) {
        @Override
        public Page scan(Scan scan) {
            return scan.segment() == 0 || scan.startKey() != null
                    ? table.scan(scan)
                    : table.scan(new Scan(scan.index(), scan.filter(), scan.limit(), null, 0, scan.segments(), scan.whole()));
        }
    }), RANGE_ENDS_TOO_EARLY(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            return table.query(changed(query, Operator.LE, Operator.LT));
        }
    }), RANGE_BEGINS_TOO_EARLY(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            return table.query(changed(query, Operator.GT, Operator.GE));
        }
    }), ALWAYS_FORWARD(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            return table.query(new Query(query.index(), query.keys(), query.filter(), true, query.limit(), query.startKey(),
                    query.whole()));
        }
    }), COUNTED_AFTER_THE_FILTER(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            var page = table.query(query);
            return new Page(page.items(), page.items().size(), page.scannedBytes(), page.lastKey());
        }
    }), LAST_PAGE_TOO_EARLY(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            var page = table.query(query);
            return page.items().size() == query.limit()
                    ? new Page(page.items(), page.scannedCount(), page.scannedBytes(), null)
                    : page;
        }
    }), LOCAL_INDEX_NEVER_WHOLE(table -> new ForwardingTable(table) {
        @Override
        public Page query(Query query) {
            return table.query(new Query(query.index(), query.keys(), query.filter(), query.forward(), query.limit(),
                    query.startKey(), false));
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final UnaryOperator<Table> bug;

    PlantedBug(UnaryOperator<Table> bug) {
        this.bug = bug;
    }

    Table plant(Table table) {
        return bug.apply(table);
    }

    private static Page with(Page page, List<Item> items) {
        return new Page(items, page.scannedCount(), page.scannedBytes(), page.lastKey());
    }

    private static Query changed(Query query, Operator right, Operator wrong) {
        var comparisons = query.keys().comparisons().stream()
                .map(comparison -> comparison.operator() == right
                        ? new Comparison(comparison.attribute(), wrong, comparison.operands())
                        : comparison)
                .toList();
        return new Query(query.index(), new KeyCondition(comparisons), query.filter(), query.forward(), query.limit(),
                query.startKey(), query.whole());
    }
}
