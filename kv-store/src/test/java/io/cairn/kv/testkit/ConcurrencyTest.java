package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Idempotency;
import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.KvStore.TransactGet;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.StreamView;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

/// What sixteen threads at once must not break.
class ConcurrencyTest {
    private static final int THREADS = ConcurrentClients.CLIENTS;
    private static final int ACCOUNTS = 8;
    private static final long EACH = 100;
    private static final Placeholders ONE = new Placeholders(null, Item.of(":one", Value.n(1)));
    private Path directory = Path.of("");
    @SuppressWarnings("NullAway.Init") // before each try
    private KvStore store;

    @BeforeTry
    void open() {
        directory = Scratch.make();
        store = KvStore.open(directory);
    }

    @AfterTry
    void close() {
        store.close();
        Scratch.delete(directory);
    }

    private Table table() {
        return store.createTable(TableDefinition.of("shared", KeySchema.of("p"), Map.of("p", ValueType.S)));
    }

    private static Item key(String key) {
        return ConcurrentClients.key(key);
    }

    private static long number(@Nullable Item item, String name) {
        return item != null && item.get(name) instanceof Value.N(var number) ? number.longValueExact() : 0;
    }

    @Example
    void noUpdateIsLost() {
        var table = table();
        ConcurrentClients.atOnce(THREADS, _ -> {
            for (int i = 0; i < 100; i++)
                table.update(key("a"), ONE.update("ADD n :one"));
            return 0;
        });
        assertEquals(THREADS * 100L, number(table.get(key("a")), "n"));
    }

    @Example
    void oneWins() {
        var table = table();
        var absent = Placeholders.NONE.condition("attribute_not_exists(p)");
        for (int round = 0; round < 50; round++) {
            var name = "round " + round;
            var won = ConcurrentClients.atOnce(THREADS, client -> ConcurrentClients
                    .done(() -> table.put(Item.of("p", Value.s(name), "by", Value.n(client)), absent)));
            assertEquals(1, won.stream().filter(Boolean::booleanValue).count());
            assertEquals(won.indexOf(true), number(table.get(key(name)), "by"));
        }
    }

    @Example
    void aTransactionIsDoneOnceUnderItsToken() {
        var table = table();
        for (int round = 0; round < 50; round++) {
            var once = new Idempotency("round " + round, new byte[]{1});
            var writes = List.of(new TransactWrite.Update(table, key("a"), ONE.update("ADD n :one"), null),
                    new TransactWrite.Update(table, key("b"), ONE.update("ADD n :one"), null));
            var answers = ConcurrentClients.atOnce(THREADS, _ -> KvStore.await(store.transact(writes, once)));
            assertEquals(1, answers.stream().filter(answer -> !answer.isEmpty()).count());
        }
        assertEquals(50, number(table.get(key("a")), "n"));
        assertEquals(50, number(table.get(key("b")), "n"));
    }

    /// Half of the threads move money, the other half look at all accounts at one moment.
    @Example
    void moneyIsNeitherMadeNorLost() {
        var bank = table();
        var all = new ArrayList<TransactGet>();
        for (int i = 0; i < ACCOUNTS; i++) {
            bank.put(Item.of("p", Value.s("account " + i), "sum", Value.n(EACH)));
            all.add(new TransactGet(bank, key("account " + i)));
        }
        var moved = new AtomicInteger();
        ConcurrentClients.atOnce(THREADS, client -> {
            var random = new SplittableRandom(client);
            for (int i = 0; i < 100; i++)
                if (client % 2 == 0) {
                    if (moves(bank, random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(1, 40)))
                        moved.incrementAndGet();
                } else
                    assertEquals(ACCOUNTS * EACH,
                            store.transactGet(all).stream().mapToLong(account -> number(account, "sum")).sum());
            return 0;
        });
        assertTrue(moved.get() > 100, () -> "hardly any money moved: " + moved);
        for (var account : bank.scan(Scan.ALL).items())
            assertTrue(number(account, "sum") >= 0, account::toString);
    }

    private boolean moves(Table bank, int from, int to, int sum) {
        if (from == to)
            return false;
        var amount = new Placeholders(Map.of("#s", "sum"), Item.of(":a", Value.n(sum)));
        return ConcurrentClients.done(() -> KvStore.await(store.transact(List.of(
                new TransactWrite.Update(bank, key("account " + from), amount.update("SET #s = #s - :a"),
                        amount.condition("#s >= :a")),
                new TransactWrite.Update(bank, key("account " + to), amount.update("SET #s = #s + :a"), null)), null)));
    }

    /// Reads of one kind and of another see an item go forward only. (An item is applied to the store before it is known to the cache.)
    @Example
    void readsOfAllKindsGoForward() {
        var table = table();
        var a = key("a");
        var whole = new Placeholders(null, Item.of(":a", Value.s("a"))).keyCondition("p = :a");
        table.put(a);
        var done = new AtomicBoolean();
        var rounds = new AtomicInteger();
        ConcurrentClients.atOnce(THREADS, client -> {
            if (client == 0) {
                for (int i = 0; i < 3000; i++)
                    table.update(a, ONE.update("ADD n :one"));
                done.set(true);
            } else if (client > 3)
                while (!done.get())
                    table.update(key("other " + client), ONE.update("ADD n :one"));
            else
                for (long before = 0; !done.get(); rounds.incrementAndGet()) {
                    before = notBefore(before, client == 1
                            ? number(table.query(Query.of(whole)).items().getFirst(), "n")
                            : client == 2
                                    ? number(store.transactGet(List.of(new TransactGet(table, a))).getFirst(), "n")
                                    : number(table.scan(Scan.ALL).items().stream().filter(item -> isA(item)).findFirst()
                                            .orElseThrow(), "n"));
                    before = notBefore(before, number(table.get(a), "n"));
                    var inMemory = table.getIfInMemory(a);
                    if (inMemory != null)
                        before = notBefore(before, number(inMemory, "n"));
                    before = notBefore(before, number(table.get(a), "n"));
                }
            return 0;
        });
        assertTrue(rounds.get() > 100, () -> "hardly any reads: " + rounds);
    }

    private static boolean isA(Item item) {
        return Value.s("a").equals(item.get("p"));
    }

    private static long notBefore(long before, long now) {
        assertTrue(now >= before, () -> now + " was read after " + before);
        return now;
    }

    /// Items change all the time while indexes are added and dropped: in the end each index is what a walk over the table says, and the stream
    /// repeated on nothing gives the table.
    @Example
    void anIndexAddedUnderLoadEqualsItsTable() {
        var plain = TableDefinition.of("shared", KeySchema.of("p"), Map.of("p", ValueType.S)).withStream(StreamView.NEW_IMAGE);
        var indexed = plain.withIndexes(List.of(IndexDefinition.global("by-g", KeySchema.of("g"), IndexProjection.ALL)),
                Map.of("p", ValueType.S, "g", ValueType.S));
        var table = store.createTable(plain);
        ConcurrentClients.atOnce(THREADS, client -> {
            var random = new SplittableRandom(client);
            if (client == 0)
                for (int i = 0; i < 9; i++) {
                    var _ = store.alterTable(i % 2 == 0 ? indexed : plain);
                    Thread.sleep(60);
                }
            else
                for (int i = 0; i < 300; i++)
                    change(table, random, client * 1000 + i);
            return 0;
        });
        awaitActive(table);
        var items = Reads.all(table, null);
        var inIndex = new HashSet<>(items);
        inIndex.removeIf(item -> !item.containsKey("g"));
        assertEquals(inIndex, Reads.all(table, "by-g"));
        assertEquals(items, repeated(table));
    }

    private static void change(Table table, SplittableRandom random, int version) {
        var key = "item " + random.nextInt(60);
        switch (random.nextInt(5)) {
            case 0 -> table.delete(key(key));
            case 1 -> table.put(Item.of("p", Value.s(key), "v", Value.n(version)));
            default -> table.put(Item.of(
                    Map.of("p", Value.s(key), "g", Value.s("g" + random.nextInt(3)), "v", Value.n(version))));
        }
    }

    private static void awaitActive(Table table) {
        for (int i = 0; i < 600; i++) {
            if (Status.ACTIVE == table.describe().indexStatus().get("by-g"))
                return;
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("the index is not filled after 30 s");
    }

    private static Set<Map<String, Value>> repeated(Table table) {
        var items = new HashMap<Item, Item>();
        var stream = table.stream();
        for (var shard : stream.shards())
            for (var page = stream.read(shard.id(), shard.from(), 100);; page = stream.read(shard.id(), page.next(), 100)) {
                for (var record : page.records()) {
                    var after = record.after();
                    if (after == null)
                        items.remove(record.keys());
                    else
                        items.put(record.keys(), after);
                }
                if (page.next() == null || page.records().isEmpty())
                    break;
            }
        var all = new HashSet<Map<String, Value>>();
        items.values().forEach(item -> all.add(Plain.of(item)));
        return all;
    }
}
