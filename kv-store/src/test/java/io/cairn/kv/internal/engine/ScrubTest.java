package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.engine.CheckedStore.Row;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A scrub of a store in use finds what is damaged, and nothing else whatever is written and altered meanwhile.
@Timeout(120)
class ScrubTest {
    private static final long FAST = 1L << 40;
    @TempDir
    Path directory;
    private CheckedStore kv = new CheckedStore(Path.of(""));

    @BeforeEach
    void fill() {
        kv = new CheckedStore(directory);
        kv.fill();
    }

    private static List<String> scrub(KvStore store) {
        var found = new ArrayList<String>();
        var report = store.scrub(FAST, damage -> found.add(damage.text()), () -> false);
        assertEquals(found.size(), report.damages());
        assertTrue(report.whole() && report.rows() > 300, report::toString);
        return found;
    }

    @Test
    void aSoundStoreIsSoundAndEachRowIsReadOnce() {
        var checked = KvStore.check(directory, _ -> {
        });
        try (var store = kv.open()) {
            assertEquals(List.of(), scrub(store));
            var report = store.scrub(FAST, _ -> {
            }, () -> false);
            // The next table's id, two tables, one token and when it is due; each item of Music expires.
            long others = 1 + 2 + 2 + 29;
            assertEquals(checked.items() + checked.indexRows() + checked.streamRecords() + others, report.rows());
        }
    }

    @Test
    void aMissingIndexRowIsFoundWithItsItem() {
        kv.plant(rows -> new Batch().delete(KvSpace.GSI, Row.of(rows, KvSpace.GSI, 5).key()));
        try (var store = kv.open()) {
            var found = scrub(store);
            assertEquals(1, found.size(), found::toString);
            assertTrue(found.getFirst().startsWith("the item is missing in the index by-year; hits Music {artist="),
                    found::toString);
        }
    }

    @Test
    void aFlippedByteOfAFileIsFoundAndWhatIsSoundIsRead() throws IOException {
        try (var store = kv.open()) {
            store.table("Plain").put(Item.of("id", Value.n(5000)));
            for (var file : tables()) {
                var bytes = Files.readAllBytes(file);
                bytes[bytes.length / 3] ^= 1;
                Files.write(file, bytes);
            }
            var found = new ArrayList<String>();
            store.scrub(FAST, damage -> found.add(damage.text()), () -> false);
            assertTrue(found.stream().anyMatch(text -> text.contains("db")), found::toString);
            assertEquals(Item.of("id", Value.n(5000)), store.table("Plain").get(Item.of("id", Value.n(5000))));
        }
    }

    private List<Path> tables() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("0/db"))) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    @Test
    void whatIsWrittenAndAlteredMeanwhileIsNoDamage() throws Exception {
        try (var store = kv.open()) {
            var ended = new AtomicBoolean();
            var writer = CompletableFuture.runAsync(() -> {
                var music = store.table("Music");
                for (int i = 0; !ended.get(); i = (i + 1) % CheckedStore.ITEMS) {
                    music.delete(music.keyOf(CheckedStore.song(i)));
                    music.put(CheckedStore.song(i));
                }
            });
            var alterer = CompletableFuture.runAsync(() -> {
                while (!ended.get())
                    alter(store);
            });
            int scrubs = 0;
            for (long until = System.nanoTime() + 3_000_000_000L; System.nanoTime() < until; scrubs++)
                assertEquals(List.of(), scrub(store));
            ended.set(true);
            writer.get();
            alterer.get();
            assertTrue(scrubs > 3, () -> "so few scrubs prove nothing");
        }
    }

    /// Adds and drops an index and a stream, and makes and removes a table.
    private static void alter(KvStore store) {
        var plain = store.table("Plain").definition();
        store.alterTable(plain
                .withIndexes(List.of(IndexDefinition.global("by-text", KeySchema.of("text"), IndexProjection.KEYS_ONLY)),
                        Map.of("id", ValueType.N, "text", ValueType.S))
                .withStream(StreamView.KEYS_ONLY));
        var other = store.createTable(TableDefinition.of("Other", KeySchema.of("id"), Map.of("id", ValueType.N)));
        other.put(Item.of("id", Value.n(1)));
        store.table("Plain").put(Item.of("id", Value.n(1), "text", Value.s("changed " + System.nanoTime())));
        store.alterTable(plain);
        store.deleteTable("Other");
    }

    @Test
    void itEndsWhenItIsTold() {
        try (var store = kv.open()) {
            assertFalse(store.scrub(FAST, _ -> {
            }, () -> true).whole());
        }
    }

    @Test
    void itReadsNoFasterThanItIsTold() {
        try (var store = kv.open()) {
            long bytes = store.scrub(FAST, _ -> {
            }, () -> false).bytes();
            long begun = System.nanoTime();
            store.scrub(2 * bytes, _ -> {
            }, () -> false);
            assertTrue(System.nanoTime() - begun >= 400_000_000L, "in half a second");
        }
    }
}
