package io.cairn.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.kv.KeyCondition.Comparison;
import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.KvStore.TransactGet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that keeps items in its own process: one request through all rooms, closed and opened again.
class EmbeddedUseTest {
    @TempDir
    Path directory;

    private static final TableDefinition MUSIC = TableDefinition
            .of("Music", KeySchema.of("artist", "song"),
                    Map.of("artist", ValueType.S, "song", ValueType.S, "year", ValueType.N, "genre", ValueType.S))
            .withIndexes(IndexDefinition.local("by-year", KeySchema.of("artist", "year"), IndexProjection.KEYS_ONLY),
                    IndexDefinition.global("by-genre", KeySchema.of("genre", "year"), IndexProjection.include("note")));

    private static Item key(String artist, String song) {
        return Item.of("artist", Value.s(artist), "song", Value.s(song));
    }

    private static Item song(String artist, String song, int year, String genre) {
        return Item.of(
                Map.of("artist", Value.s(artist), "song", Value.s(song), "year", Value.n(year), "genre", Value.s(genre), "note",
                        Value.s("n" + year), "more", Value.l(Value.n(1), Value.nothing())));
    }

    private static KeyCondition equal(String name, Value value, Comparison... more) {
        var all = new ArrayList<>(List.of(comparison(name, Operator.EQ, value)));
        all.addAll(Arrays.asList(more));
        return new KeyCondition(all);
    }

    private static Comparison comparison(String name, Operator operator, Value... values) {
        return new Comparison(name, operator, Arrays.stream(values).map(EmbeddedUseTest::encoded).toList());
    }

    private static byte[] encoded(Value value) {
        var item = Item.of("v", value);
        return Arrays.copyOfRange(item.encoded(), item.find(new byte[]{'v'}), item.encoded().length);
    }

    private static List<String> songs(Page page) {
        return page.items().stream().map(item -> item.get("song") instanceof Value.S(var text) ? text : "?").toList();
    }

    @Test
    void keepsItemsQueriesThemAndOpensAgain() {
        try (var store = KvStore.open(directory)) {
            var music = store.createTable(MUSIC);
            music.put(song("A", "one", 1990, "rock"));
            music.put(song("A", "two", 1980, "jazz"));
            music.put(song("A", "three", 2000, "rock"));
            music.put(song("B", "one", 1970, "rock"));
            assertEquals(List.of("one", "three", "two"), songs(music.query(Query.of(equal("artist", Value.s("A"))))));
            music.delete(key("A", "two"));
        }
        try (var store = KvStore.open(directory)) {
            var music = store.table("Music");
            assertEquals(song("A", "one", 1990, "rock"), music.get(key("A", "one")));
            assertNull(music.get(key("A", "two")));
            assertEquals(List.of("three", "one"),
                    songs(music.query(Query.of(equal("artist", Value.s("A"))).onIndex("by-year").descending())));
            assertEquals(List.of("one", "one", "three"),
                    songs(music.query(Query.of(equal("genre", Value.s("rock"))).onIndex("by-genre"))));
            assertEquals(List.of("one", "three"), songs(music.query(Query
                    .of(equal("genre", Value.s("rock"), comparison("year", Operator.BETWEEN, Value.n(1990), Value.n(2000))))
                    .onIndex("by-genre"))));
            var projected = music.query(Query.of(equal("genre", Value.s("rock"))).onIndex("by-genre")).items().getFirst();
            assertEquals(List.of("artist", "genre", "note", "song", "year"), List.copyOf(projected.toMap().keySet()));
            assertEquals(3, music.scan(Scan.ALL).items().size());
        }
    }

    @Test
    void pagesMeetEveryItemOnce() {
        try (var store = KvStore.open(directory)) {
            var table = store
                    .createTable(TableDefinition.of("Pages", KeySchema.of("p", "s"), Map.of("p", ValueType.S, "s", ValueType.N)));
            for (int i = 0; i < 100; i++)
                table.put(Item.of("p", Value.s("p" + i % 7), "s", Value.n(i - 50)));
            var met = new HashSet<Item>();
            for (int segment = 0; segment < 3; segment++) {
                var page = table.scan(new Scan(null, null, 7, null, segment, 3, false));
                while (true) {
                    page.items().forEach(item -> assertEquals(true, met.add(item)));
                    if (page.lastKey() == null)
                        break;
                    page = table.scan(new Scan(null, null, 7, page.lastKey(), segment, 3, false));
                }
            }
            assertEquals(100, met.size());
            var query = Query.of(equal("p", Value.s("p3"))).descending().withLimit(4);
            var numbers = new ArrayList<Value>();
            for (var page = table.query(query);; page = table.query(query.from(page.lastKey()))) {
                page.items().forEach(item -> numbers.add(item.get("s")));
                if (page.lastKey() == null)
                    break;
            }
            var expected = new ArrayList<Value>();
            for (int i = 94; i >= 3; i -= 7)
                expected.add(Value.n(i - 50));
            assertEquals(expected, numbers);
        }
    }

    @Test
    void transactionsAreAllOrNothingAndOnceUnderTheirToken() {
        try (var store = KvStore.open(directory)) {
            var table = store.createTable(TableDefinition.of("Bank", KeySchema.of("id"), Map.of("id", ValueType.S)));
            var a = Item.of("id", Value.s("a"), "sum", Value.n(1));
            var b = Item.of("id", Value.s("b"), "sum", Value.n(2));
            var once = new Idempotency("token", new byte[32]);
            var writes = List.of(new TransactWrite.Put(table, a, Placeholders.NONE.condition("attribute_not_exists(id)")),
                    new TransactWrite.Put(table, b, null));
            KvStore.await(store.transact(writes, once));
            assertEquals(List.of(), KvStore.await(store.transact(writes, once)));
            var refused = assertThrows(KvRefusedException.class, () -> KvStore.await(store.transact(writes, null)));
            assertEquals(List.of("ConditionalCheckFailed", "None"), refused.cancellations().stream().map(c -> c.code()).toList());
            assertEquals(List.of(a, b), store.transactGet(List.of(new TransactGet(table, Item.of("id", Value.s("a"))),
                    new TransactGet(table, Item.of("id", Value.s("b"))))));
            var other = assertThrows(KvRefusedException.class,
                    () -> KvStore.await(store.transact(writes, new Idempotency("token", new byte[]{1}))));
            assertEquals(Reason.TOKEN_MISMATCH, other.reason());
        }
    }

    /// A read of no key was refused as a whole, without saying which; an empty key was but a reason; one item could be read twice.
    @Test
    void aTransactionTellsWhichOfItsKeysAreNone() {
        try (var store = KvStore.open(directory)) {
            var table = store.createTable(TableDefinition.of("Bank", KeySchema.of("id"), Map.of("id", ValueType.S)));
            var a = new TransactGet(table, Item.of("id", Value.s("a")));
            var canceled = assertThrows(KvRefusedException.class,
                    () -> store.transactGet(List.of(a, new TransactGet(table, Item.of("id", Value.n(1))))));
            assertEquals(Reason.TRANSACTION_CANCELED, canceled.reason());
            assertEquals(List.of("None", "ValidationError"), canceled.cancellations().stream().map(c -> c.code()).toList());
            assertEquals(Reason.VALIDATION,
                    assertThrows(KvRefusedException.class, () -> store.transactGet(List.of(a, a))).reason());
            var empty = Item.of("id", Value.s(""));
            assertEquals(Reason.VALIDATION,
                    assertThrows(KvRefusedException.class, () -> store.transactGet(List.of(new TransactGet(table, empty))))
                            .reason());
            var write = List.of(new TransactWrite.Put(table, empty, null));
            assertEquals(Reason.VALIDATION,
                    assertThrows(KvRefusedException.class, () -> KvStore.await(store.transact(write, null))).reason());
        }
    }

    @Test
    void aDeletedTableIsGoneAndAnewOneIsEmpty() {
        try (var store = KvStore.open(directory)) {
            var music = store.createTable(MUSIC);
            music.put(song("A", "one", 1990, "rock"));
            store.deleteTable("Music");
            assertEquals(Reason.NOT_FOUND, assertThrows(KvRefusedException.class, () -> music.get(key("A", "one"))).reason());
            var again = store.createTable(MUSIC);
            assertNull(again.get(key("A", "one")));
            assertEquals(0, again.scan(Scan.ALL).items().size());
        }
    }
}
