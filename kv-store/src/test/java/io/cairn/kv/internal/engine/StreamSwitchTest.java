package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.Reason;
import io.cairn.kv.StreamDescription;
import io.cairn.kv.StreamPage;
import io.cairn.kv.StreamRecord;
import io.cairn.kv.StreamView;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableStream;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store.Range;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream that was switched off, or whose table was deleted, is read to its end for a day; then nothing is left of it.
class StreamSwitchTest {
    private static final TableDefinition TABLE = TableDefinition.of("Table", KeySchema.of("id"), Map.of("id", ValueType.N))
            .withStream(StreamView.NEW_IMAGE);
    @TempDir
    Path directory;
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));

    /// At the test's pace, and by its clock.
    private LogKvStore open() {
        var options = LogOptions.DEFAULT.withClock(clock::get);
        var held = EngineDirectory.open(directory, Engine.KV, LogKvStore.FORMAT);
        return new LogKvStore(held, ReplicatedLog.open(held.group(0), KvSpace.group(0), options, CommitListener.NONE), clock::get,
                false);
    }

    private void pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    private static void put(Table table, int from, int to) {
        for (int i = from; i < to; i++)
            table.put(Item.of("id", Value.n(i)));
    }

    private static int rows(LogKvStore store, KvSpace space) {
        int count = 0;
        try (var rows = store.log().store().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                count++;
        }
        return count;
    }

    /// Trims come with each 60th round.
    private static void trim(LogKvStore store) {
        for (int i = 0; i < 60; i++)
            store.tend();
    }

    private static List<StreamRecord> told(TableStream stream) {
        var told = new ArrayList<StreamRecord>();
        for (var shard : stream.shards()) {
            assertNotNull(shard.to(), "a stream that ended has no open shard");
            var page = stream.read(shard.id(), shard.from(), StreamPage.MAX_RECORDS);
            assertNull(page.next(), "and nothing is behind its end");
            told.addAll(page.records());
            for (var record : page.records())
                assertTrue(record.sequence().compareTo(shard.from()) >= 0 && record.sequence().compareTo(shard.to()) <= 0,
                        "within the shard's range");
        }
        return told;
    }

    private static StreamDescription only(KvStore store) {
        assertEquals(1, store.streams().size(), () -> store.streams().toString());
        return store.streams().getFirst();
    }

    private static void assertGone(KvStore store, StreamDescription stream) {
        assertEquals(List.of(), store.streams());
        var refused = assertThrows(KvRefusedException.class, () -> store.stream(stream.table().name(), stream.label()));
        assertEquals(Reason.NOT_FOUND, refused.reason());
    }

    @Test
    void switchedOffItIsReadForADay() {
        StreamDescription stream;
        try (var store = open()) {
            var table = store.createTable(TABLE);
            put(table, 0, 20);
            assertNull(only(store).disabled());
            pass(Duration.ofHours(5)); // into another shard
            put(table, 20, 30);
            store.alterTable(TABLE.withStream(null));
            put(table, 30, 40);
            stream = only(store);
            assertNotNull(stream.disabled());
            assertEquals("Table", stream.table().name());
            assertEquals(StreamView.NEW_IMAGE, stream.table().stream());
            assertEquals(30, told(store.stream("Table", stream.label())).size());
            assertThrows(KvRefusedException.class, table::stream);
        }
        assertEquals(List.of(), check());
        try (var store = open()) { // it is known again after a start
            assertEquals(stream, only(store));
            pass(Duration.ofHours(23));
            trim(store);
            assertEquals(10, told(store.stream("Table", stream.label())).size(), "what is older than a day is gone");
            assertEquals(10, rows(store, KvSpace.STREAM));
            pass(Duration.ofHours(1).plusSeconds(1)); // stamps run ahead of a clock that stands
            assertGone(store, stream);
            int meta = rows(store, KvSpace.META);
            trim(store);
            assertEquals(0, rows(store, KvSpace.STREAM));
            assertEquals(meta - 1, rows(store, KvSpace.META));
        }
        try (var store = open()) {
            assertGone(store, stream);
        }
    }

    @Test
    void theStreamOfADeletedTableIsReadForADay() {
        try (var store = open()) {
            put(store.createTable(TABLE), 0, 20);
            store.deleteTable("Table");
            assertEquals(List.of(), store.tableNames());
            var stream = only(store);
            assertEquals(20, told(store.stream("Table", stream.label())).size());
            // Another table of that name has a stream of its own.
            pass(Duration.ofSeconds(1));
            var again = store.createTable(TABLE);
            put(again, 0, 3);
            assertEquals(2, store.streams().size());
            assertEquals(store.streams(), store.streams("Table"));
            assertEquals(List.of(), store.streams("Other"));
            assertEquals(List.of(stream), store.streams().stream().filter(each -> each.disabled() != null).toList());
            assertEquals(20, told(store.stream("Table", stream.label())).size());
            pass(Duration.ofHours(24).plusSeconds(1));
            put(again, 3, 4);
            trim(store);
            assertNull(only(store).disabled());
            assertEquals(1, rows(store, KvSpace.STREAM));
        }
        assertEquals(List.of(), check());
    }

    @Test
    void switchedOffAndOnItHasTwoLabels() {
        try (var store = open()) {
            var table = store.createTable(TABLE);
            put(table, 0, 2);
            store.alterTable(TABLE.withStream(null)); // within the same microsecond
            store.alterTable(TABLE.withStream(StreamView.KEYS_ONLY));
            put(table, 2, 5);
            var streams = store.streams();
            assertEquals(List.of(StreamView.NEW_IMAGE, StreamView.KEYS_ONLY),
                    streams.stream().map(stream -> stream.table().stream()).toList());
            assertEquals(2, told(store.stream("Table", streams.getFirst().label())).size());
            assertTrue(streams.getLast().label().toEpochMilli() > streams.getFirst().label().toEpochMilli());
            var on = table.stream();
            assertEquals(3, on.shards().stream().mapToInt(
                    shard -> on.read(shard.id(), shard.from(), StreamPage.MAX_RECORDS).records().size()).sum());
            var found = new ArrayList<String>();
            store.scrub(1L << 40, damage -> found.add(damage.text()), () -> false);
            assertEquals(List.of(), found);
        }
    }

    private List<String> check() {
        var found = new ArrayList<String>();
        KvStore.check(directory, damage -> found.add(damage.text()));
        return found;
    }
}
