package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.KvStore.TransactGet;
import io.cairn.kv.Page;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.Wanted.ModelPage;
import io.cairn.replication.testkit.Coverage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads both and compares.
record Reads(KvStore store, KvModel model, Coverage coverage) {
    void get(List<Step.Address> items) {
        for (var address : items)
            same("Get", Outcome.of(() -> Plain.ofNullable(store.table(address.table()).get(Item.of(address.key())))),
                    Outcome.of(() -> model.get(address.table(), address.key())));
        same("TransactGet", Outcome.of(() -> {
            var gets = new ArrayList<TransactGet>();
            for (var address : items)
                gets.add(new TransactGet(store.table(address.table()), Item.of(address.key())));
            var answers = new ArrayList<@Nullable Object>();
            for (var item : store.transactGet(gets))
                answers.add(Plain.ofNullable(item));
            return answers;
        }), Outcome.of(() -> model.transactGet(items)));
    }

    private void same(String what, Outcome tested, Outcome modelled) {
        assertEquals(modelled, tested, what);
        coverage.did(what + (tested instanceof Outcome.Refused refused ? " " + refused.reason() : ""));
    }

    void ask(Wanted wanted) {
        @Nullable
        Map<String, Value> start = null;
        do {
            var from = start;
            var outcome = Outcome.of(() -> query(wanted, from));
            same("Query " + wanted.index() + (from == null ? "" : ", next page"), outcome,
                    Outcome.of(() -> model.table(wanted.table()).query(wanted, from)));
            start = outcome instanceof Outcome.Answer(ModelPage page) ? page.lastKey() : null;
        } while (start != null);
    }

    /// @param attributes of which those that a start key of this index has are taken
    void askFrom(Wanted wanted, Map<String, Value> attributes) {
        if (!model.names().contains(wanted.table())
                || wanted.index() != null && model.table(wanted.table()).definition.index(wanted.index()) == null)
            return;
        if (model.table(wanted.table()).creating.contains(wanted.index() == null ? "" : wanted.index()))
            return;
        var start = new TreeMap<>(attributes);
        start.keySet().retainAll(model.table(wanted.table()).keyNames(wanted.index()));
        same("Query from", Outcome.of(() -> query(wanted, start)),
                Outcome.of(() -> model.table(wanted.table()).query(wanted, start)));
    }

    private ModelPage query(Wanted wanted, @Nullable Map<String, Value> start) {
        var definition = store.table(wanted.table()).describe().definition();
        var index = wanted.index() == null ? null : definition.index(wanted.index());
        var names = index == null ? definition.key().names() : index.key().names();
        return page(store.table(wanted.table()).query(new Query(wanted.index(),
                Spelling.keys(spelling -> wanted.text(index == null && wanted.index() != null ? List.of("e") : names, spelling)),
                Spelling.filter(wanted.filter()), wanted.forward(), wanted.limit(), start == null ? null : Item.of(start),
                wanted.whole())));
    }

    private static ModelPage page(Page page) {
        return new ModelPage(page.items().stream().map(Plain::of).toList(), page.scannedCount(), page.scannedBytes(),
                Plain.ofNullable(page.lastKey()));
    }

    /// Pages of a scan come in an order of the store's own; but each ends where it has to, and together they have everything once.
    void walk(Step.Walk walk) {
        var expected = Outcome.of(() -> model.table(walk.table()).scan(walk.index()));
        var found = Outcome.of(() -> {
            var all = new HashSet<Map<String, Value>>();
            for (int segment = 0; segment < walk.segments(); segment++)
                segment(walk, segment, all);
            return all;
        });
        if (walk.filter() != null && expected instanceof Outcome.Answer(Set<?> items))
            expected = new Outcome.Answer(held(items, walk.filter()));
        same("Scan " + walk.index(), found, expected);
    }

    @SuppressWarnings("unchecked") // the model gives nothing else
    private static Set<Map<String, Value>> held(Set<?> items, Asked filter) {
        var held = new HashSet<Map<String, Value>>();
        for (var item : items)
            if (filter.holds((Map<String, Value>) item))
                held.add((Map<String, Value>) item);
        return held;
    }

    private void segment(Step.Walk walk, int segment, Set<Map<String, Value>> all) {
        @Nullable
        Item start = null;
        do {
            var page = store.table(walk.table()).scan(new Scan(walk.index(), Spelling.filter(walk.filter()), walk.limit(), start,
                    segment, walk.segments(), false));
            for (var item : page.items())
                assertTrue(all.add(Plain.of(item)), () -> "twice in a scan: " + item);
            boolean full = page.scannedBytes() >= Page.MAX_BYTES;
            assertEquals(page.lastKey() != null, full || page.scannedCount() == walk.limit() && walk.limit() > 0,
                    "end of a page");
            assertTrue(walk.limit() == 0 || page.scannedCount() <= walk.limit(), "too many items on a page");
            if (walk.filter() == null) {
                assertEquals(page.scannedCount(), page.items().size());
                var sizes = page.items().stream().mapToLong(item -> Plain.size(Plain.of(item))).toArray();
                long bytes = Arrays.stream(sizes).sum();
                assertEquals(bytes, page.scannedBytes());
                assertTrue(sizes.length == 0 || bytes - sizes[sizes.length - 1] < Page.MAX_BYTES, "too many bytes on a page");
            }
            start = page.lastKey();
        } while (start != null);
    }

    /// Everything that a table or an index has.
    static Set<Map<String, Value>> all(Table table, @Nullable String index) {
        var all = new HashSet<Map<String, Value>>();
        @Nullable
        Item start = null;
        do {
            var page = table.scan(new Scan(index, null, 0, start, 0, 1, false));
            for (var item : page.items())
                assertTrue(all.add(Plain.of(item)), () -> "twice: " + item);
            start = page.lastKey();
        } while (start != null);
        return all;
    }
}
