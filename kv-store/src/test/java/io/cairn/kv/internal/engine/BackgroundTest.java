package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Idempotency;
import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Scan;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Space;
import io.cairn.replication.Store.Range;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tokens are forgotten as fast as they come, an index is not filled with what it could not be given, and an expiry that is switched off and on while
/// it is being filled misses no item.
@Timeout(60)
class BackgroundTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
    private static final TableDefinition TABLE = TableDefinition.of("table", KeySchema.of("p"), Map.of("p", ValueType.S));
    private static final TableDefinition INDEXED = TABLE.withIndexes(
            List.of(IndexDefinition.global("by-g", KeySchema.of("g"), IndexProjection.ALL)),
            Map.of("p", ValueType.S, "g", ValueType.S));
    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // before each test
    private LogKvStore store;
    @SuppressWarnings("NullAway.Init") // before each test
    private LogTable table;

    @BeforeEach
    void open() {
        InstantSource clock = now::get;
        var log = ReplicatedLog.open(directory, KvSpace.group(0), LogOptions.DEFAULT.withClock(clock), CommitListener.NONE);
        store = new LogKvStore(() -> {
        }, log, clock, false);
        table = (LogTable) store.createTable(TABLE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Item item(int i) {
        return Item.of("p", Value.s("p" + i));
    }

    private int rows(Space space) {
        int count = 0;
        try (var rows = store.log().store().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                count++;
        }
        return count;
    }

    @Test
    void moreTokensAreForgottenThanOneStepTakes() {
        transact(0, 3000);
        assertEquals(6000, rows(KvSpace.TOKEN));
        now.set(BEGIN.plusSeconds(300));
        transact(2999, 3001); // one again, which does nothing, and a new one
        now.set(BEGIN.plusSeconds(601));
        store.tend();
        assertEquals(2, rows(KvSpace.TOKEN));
        transact(0, 1); // as if it were new
        assertEquals(4, rows(KvSpace.TOKEN));
        now.set(BEGIN.plusSeconds(2000));
        store.tend();
        assertEquals(0, rows(KvSpace.TOKEN));
    }

    private void transact(int from, int to) {
        CompletableFuture<?>[] all = IntStream.range(from, to)
                .mapToObj(i -> store.transact(List.of(new TransactWrite.Put(table, item(i), null)),
                        new Idempotency("token-" + i, new byte[32])))
                .toArray(CompletableFuture[]::new);
        KvStore.await(CompletableFuture.allOf(all));
    }

    @Test
    void anIndexIsNotFilledWithWhatItCouldNotBeGiven() {
        var values = List.of(Value.s("fits"), Value.s(""), Value.s("x".repeat(2049)), Value.n(1), Value.s("x".repeat(2048)));
        for (int i = 0; i < values.size(); i++)
            table.put(Item.of("p", Value.s("p" + i), "g", values.get(i)));
        store.alterTable(INDEXED);
        store.tend();
        var found = new ArrayList<Item>(table.scan(new Scan("by-g", null, 0, null, 0, 1, false)).items());
        assertEquals(2, found.size(), found::toString);
        // What is not of the index can be changed all the same.
        var set = new Placeholders(null, Item.of(":v", Value.n(1))).update("SET z = :v");
        for (int i = 0; i < values.size(); i++)
            assertEquals(Value.n(1), Objects.requireNonNull(table.update(item(i), set).after()).get("z"));
        assertNull(table.update(item(99), Placeholders.NONE.update("REMOVE z")).after());
        assertNull(table.get(item(99)));
    }

    @Test
    void anExpirySwitchedOffAndOnWhileItIsFilledMissesNothing() {
        for (int i = 0; i < 300; i++)
            table.put(Item.of("p", Value.s("p" + i), "exp", Value.n(BEGIN.getEpochSecond() + 10_000)));
        store.alterTable(TABLE.withTtlAttribute("exp"));
        var steps = new AtomicInteger();
        fill(table, () -> {
            if (steps.incrementAndGet() == 3) {
                store.alterTable(TABLE);
                store.alterTable(TABLE.withTtlAttribute("exp"));
            }
        });
        assertTrue(steps.get() > 3);
        store.tend();
        assertEquals(300, rows(KvSpace.TTL));
    }

    private void fill(LogTable of, Runnable betweenSteps) {
        new Filling(store.writes(), of, () -> {
            betweenSteps.run();
            return false;
        }).run();
    }
}
