package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Reason;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Value;
import io.cairn.replication.testkit.Coverage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/// What every store of items does, wherever it keeps them: it answers like the model, also after crashes inside whatever it was doing. What was
/// acknowledged is there, what was not is there whole or not at all, indexes are what a walk over the table says, the stream tells every
/// change once and in order.
public abstract class KvContract {
    private static final Coverage COVERAGE = new Coverage();
    /// Far below what these histories come to: that nothing is left out by a mistake in them.
    private static final Map<String, Integer> FLOORS = Map.of("Put", 50, "Update", 30, "Delete", 20, "Transact", 10, "Tend", 20,
            "TurnIndex", 5, "Query null", 5, "crash in Put, unanswered", 5, "crash in Update", 5, "Query by-b", 3);

    /// A machine of its own for each call.
    protected abstract KvSubject subject(long seed);

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void answersLikeTheModel(@ForAll("histories") List<Step> history) {
        run(history);
    }

    /// Does the history, and compares.
    final void run(List<Step> history) {
        try (var subject = subject(history.hashCode()); var run = new HistoryRun(subject, COVERAGE)) {
            run.run(history);
        }
    }

    private interface InStore { void run(KvStore store); }

    private void inStore(InStore test) {
        try (var subject = subject(1); var store = subject.open()) {
            Histories.TABLES.forEach(store::createTable);
            test.run(store);
        }
    }

    @Example
    void theKeyOfAnItemIsNotUpdated() {
        inStore(store -> {
            var users = store.table(Histories.USERS);
            var key = Item.of("p", Value.s("A"));
            var update = new Placeholders(null, Item.of(":v", Value.s("B"))).update("SET p = :v");
            var alone = assertThrows(KvRefusedException.class, () -> users.update(key, update));
            assertEquals(Reason.VALIDATION, alone.reason());
            var together = assertThrows(KvRefusedException.class, () -> KvStore
                    .await(store.transact(List.of(new TransactWrite.Update(users, key, update, null)), null)));
            assertEquals("ValidationError", together.cancellations().getFirst().code());
            assertEquals(Set.of(), Reads.all(users, null));
        });
    }

    @Example
    void atMostFourHundredKilobytesMakeAnItem() {
        inStore(store -> {
            var users = store.table(Histories.USERS);
            int rest = Item.MAX_SIZE - "p".length() - "A".length() - "big".length();
            users.put(Item.of("p", Value.s("A"), "big", Value.s("p".repeat(rest))));
            assertThrows(KvRefusedException.class,
                    () -> users.put(Item.of("p", Value.s("A"), "big", Value.s("p".repeat(rest + 1)))));
            var more = Placeholders.NONE.update("SET q = big REMOVE big");
            assertEquals(Item.MAX_SIZE - 2,
                    Plain.size(Plain.of(Objects.requireNonNull(users.update(Item.of("p", Value.s("A")), more).after()))));
        });
    }

    /// The table's first local index has keys alone, the second the large attribute too.
    @Example
    void rowsInLocalIndexesAreAPartOfAnItem() {
        inStore(store -> {
            var songs = store.table(Histories.SONGS);
            var pad = "p".repeat(Item.MAX_SIZE / 2);
            var item = new TreeMap<>(Map.of("p", Value.s("A"), "s", Value.n(1), "pad", Value.s(pad)));
            songs.put(Item.of(item));
            item.put("a", Value.n(1));
            songs.put(Item.of(item));
            var toC = new Placeholders(null, Item.of(":c", Value.s("u"))).update("SET c = :c");
            var key = Item.of("p", Value.s("A"), "s", Value.n(1));
            assertEquals("Item size to update has exceeded the maximum allowed size",
                    assertThrows(KvRefusedException.class, () -> songs.update(key, toC)).getMessage());
            item.put("c", Value.s("u"));
            assertEquals("Item size has exceeded the maximum allowed size",
                    assertThrows(KvRefusedException.class, () -> songs.put(Item.of(item))).getMessage());
            int keys = "p".length() + "A".length() + "s".length() + 2;
            int twice = 2 * (keys + "c".length() + "u".length() + "pad".length()) + keys + 2 * ("a".length() + 2);
            item.put("pad", Value.s("p".repeat((Item.MAX_SIZE - twice) / 2)));
            songs.put(Item.of(item));
            item.put("pad", Value.s("p".repeat((Item.MAX_SIZE - twice) / 2 + 1)));
            assertThrows(KvRefusedException.class, () -> songs.put(Item.of(item)));
        });
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Histories.histories();
    }

    @AfterContainer
    static void report() {
        System.out.println("coverage of histories of items: " + COVERAGE);
        COVERAGE.requireFloors(FLOORS);
    }
}
