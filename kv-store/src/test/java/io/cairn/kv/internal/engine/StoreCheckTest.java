package io.cairn.kv.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Value;
import io.cairn.kv.internal.engine.CheckedStore.Row;
import io.cairn.kv.internal.row.CountRow;
import io.cairn.kv.internal.row.ExpiryRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.StoreView;
import io.cairn.replication.testkit.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One byte flipped in each kind of file is found and named; rows that contradict one another too, with the item; and looking changes
/// nothing.
class StoreCheckTest {
    private static final int LARGE = 350 << 10;
    @TempDir
    Path temporary;
    private CheckedStore kv = new CheckedStore(Path.of(""));
    private int copies;

    @BeforeEach
    void fill() {
        kv = new CheckedStore(temporary.resolve("kv"));
        kv.fill();
    }

    private static List<String> check(CheckedStore store) {
        var found = new ArrayList<String>();
        var report = KvStore.check(store.directory(), damage -> found.add(damage.text()));
        assertEquals(found.size(), report.damages());
        return found;
    }

    @Test
    void aSoundStoreIsSoundAndItsNumbersAreRight() throws IOException {
        var before = content();
        assertEquals(List.of(), check(kv));
        assertEquals(before, content(), "looking changes nothing");
        var report = KvStore.check(kv.directory(), _ -> {
        });
        assertTrue(report.sound());
        assertEquals(2, report.tables());
        assertEquals(29 + 300, report.items());
        assertEquals(29 + 14, report.indexRows());
        assertEquals(30 + 1, report.streamRecords()); // what was put as it was changes nothing
        assertEquals(0, report.unapplied());
        try (var store = kv.open()) {
            assertEquals(report.itemBytes(),
                    store.tableNames().stream().mapToLong(name -> store.table(name).describe().sizeBytes())
                            .sum());
        }
    }

    private Map<String, Integer> content() throws IOException {
        var content = new TreeMap<String, Integer>();
        try (var files = Files.walk(kv.directory())) {
            for (var file : files.filter(Files::isRegularFile).toList())
                content.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
        }
        return content;
    }

    @Test
    void aStoreThatIsOpenIsRefused() {
        try (var store = kv.open()) {
            assertNotNull(store);
            assertThrows(StoreFailedException.class, () -> check(kv));
        }
        assertEquals(List.of(), check(kv));
    }

    /// With a batch so large that it lies in a file of its own.
    @Test
    void aStoreThatWasKilledIsSoundAndSaysWhatIsNotApplied() throws IOException {
        try (var store = kv.open()) {
            var plain = store.table("Plain");
            plain.put(Item.of("id", Value.n(-1)));
            KvStore.await(store.transact(IntStream.range(0, 4).mapToObj(i -> new TransactWrite.Put(plain,
                    Item.of("id", Value.n(1000 + i), "text", Value.s("y".repeat(LARGE))), null)).toList(), null));
            Crash.crash(((LogKvStore) store).log());
        }
        assertEquals(List.of(), check(kv));
        var report = KvStore.check(kv.directory(), _ -> {
        });
        assertEquals(300 + 29, report.items(), "rows as of the last flush");
        assertTrue(report.unapplied() >= 2 && report.extentBytes() > 4 * LARGE, report::toString);
        var extents = files("0/extents", ".ext").getFirst();
        flip(extents, 100_000);
        named(extents.getFileName().toString(), "");
        flip(extents, 100_000);
        kv.open().close();
        var applied = KvStore.check(kv.directory(), _ -> {
        });
        assertEquals(0, applied.unapplied());
        assertEquals(300 + 29 + 5, applied.items());
        assertTrue(applied.sound());
    }

    @Test
    void aFlippedByteIsFoundInEveryKindOfFile() throws IOException {
        var random = new Random(6);
        for (var kind : List.of("CURRENT", "MANIFEST-", ".sst"))
            for (var file : files("0/db", kind))
                for (int i = 0; i < 5; i++) {
                    long at = (long) (random.nextDouble() * Files.size(file));
                    flip(file, at);
                    named("db/" + file.getFileName(), "");
                    flip(file, at);
                }
        flip(kv.directory().resolve("0/BEGUN"), 0);
        named("BEGUN", "");
        flip(kv.directory().resolve("0/BEGUN"), 0);
        var log = files("0/log", ".log").getFirst();
        flip(log, 30);
        named(log.getFileName().toString(), "header");
        flip(log, 30);
        flip(log, 4096 + 2000);
        named(log.getFileName().toString(), "");
        flip(log, 4096 + 2000);
        assertEquals(List.of(), check(kv));
        flip(kv.directory().resolve("FORMAT"), 3);
        assertThrows(StoreFailedException.class, () -> check(kv));
    }

    @Test
    void anIndexRowThatIsGoneOrWrongIsFoundWithItsItem() throws IOException {
        contradicts("the item is missing in the index by-year; hits Music {artist=",
                rows -> new Batch().delete(KvSpace.GSI, Row.of(rows, KvSpace.GSI, 5).key()));
        contradicts("the item is missing in the index by-plays; hits Music {artist=",
                rows -> new Batch().delete(KvSpace.LSI, Row.of(rows, KvSpace.LSI, 5).key()));
        contradicts("the index by-year has the item otherwise; hits Music {artist=",
                rows -> new Batch().put(KvSpace.GSI, Row.of(rows, KvSpace.GSI, 5).key(), Row.of(rows, KvSpace.GSI, 6).value()));
        contradicts("the index by-year has the item where it does not belong", rows -> {
            var key = Row.of(rows, KvSpace.GSI, 5).key();
            key[20] ^= 1;
            return new Batch().put(KvSpace.GSI, key, Row.of(rows, KvSpace.GSI, 5).value());
        });
        contradicts("a row of LSI belongs to no index of its table", rows -> {
            var key = Row.of(rows, KvSpace.LSI, 5).key();
            key[7] = 9;
            return new Batch().put(KvSpace.LSI, key, Row.of(rows, KvSpace.LSI, 5).value());
        });
    }

    @Test
    void anItemThatIsGoneOrWrongIsFound() throws IOException {
        contradicts("the index by-year has an item that the table has not; hits Music {artist=",
                rows -> new Batch().delete(KvSpace.DATA, Row.of(rows, KvSpace.DATA, 5).key()));
        contradicts("an item stands where its key does not lead; hits Music {artist=",
                rows -> new Batch().put(KvSpace.DATA, Row.of(rows, KvSpace.DATA, 5).key(),
                        Row.of(rows, KvSpace.DATA, 6).value()));
        contradicts("a row of DATA cannot be read", rows -> {
            var row = Row.of(rows, KvSpace.DATA, 5);
            return new Batch().put(KvSpace.DATA, row.key(), Arrays.copyOf(row.value(), row.value().length - 1));
        });
        contradicts("a row of DATA belongs to no table", rows -> {
            var row = Row.of(rows, KvSpace.DATA, 5);
            row.key()[3] = 77;
            return new Batch().put(KvSpace.DATA, row.key(), row.value());
        });
    }

    @Test
    void aWrongCountIsFound() throws IOException {
        contradicts("table Plain is said to have 299 items", rows -> {
            var key = CountRow.key(2);
            var count = CountRow.decode(requireNonNull(rows.get(KvSpace.META, key)));
            return new Batch().put(KvSpace.META, key, new CountRow(count.items() - 1, count.bytes()).encode());
        });
        contradicts("a count is there of table 9",
                _ -> new Batch().put(KvSpace.META, CountRow.key(9), new CountRow(1, 1).encode()));
        contradicts("table 2 is there, and the next one's id would be 2",
                _ -> new Batch().put(KvSpace.META, TableRow.nextIdKey(), ByteBuffer.allocate(4).putInt(2).array()));
        contradicts("have one id: 1", rows -> new Batch().put(KvSpace.META, TableRow.key("Other"),
                requireNonNull(rows.get(KvSpace.META, TableRow.key("Music")))));
    }

    @Test
    void aWrongExpiryIsFound() throws IOException {
        contradicts("the item's expiry is missing; hits Music {artist=",
                rows -> new Batch().delete(KvSpace.TTL, Row.of(rows, KvSpace.TTL, 5).key()));
        contradicts("an expiry is not the item's; hits Music {artist=", rows -> {
            var row = ExpiryRow.itemRow(Row.of(rows, KvSpace.TTL, 5).key());
            return new Batch().put(KvSpace.TTL, ExpiryRow.key(row, 17), new byte[0]);
        });
        contradicts("an expiry is there of an item that is not", rows -> {
            var row = ExpiryRow.itemRow(Row.of(rows, KvSpace.TTL, 5).key());
            row[5] ^= 1;
            return new Batch().put(KvSpace.TTL, ExpiryRow.key(row, 17), new byte[0]);
        });
    }

    @Test
    void aWrongStreamRecordIsFound() throws IOException {
        contradicts("a change is told by no stream; hits 00000001", rows -> {
            var row = Row.of(rows, KvSpace.STREAM, 5);
            row.key()[5] ^= 1;
            return new Batch().put(KvSpace.STREAM, row.key(), row.value());
        });
        contradicts("a change is told in the range of other items; hits Music {artist=", rows -> {
            var row = Row.of(rows, KvSpace.STREAM, 5);
            row.key()[12] ^= 1;
            return new Batch().put(KvSpace.STREAM, row.key(), row.value());
        });
        contradicts("a change is not told as the stream's view says; hits Music {artist=", rows -> {
            var row = Row.of(rows, KvSpace.STREAM, 5);
            row.value()[0] ^= 1; // INSERT becomes MODIFY, which has an old image
            return new Batch().put(KvSpace.STREAM, row.key(), row.value());
        });
    }

    @Test
    void aStreamThatEndedIsKnownAndItsRowIsMissed() throws IOException {
        try (var store = kv.open()) {
            store.deleteTable("Music");
        }
        assertEquals(List.of(), check(kv));
        assertEquals(31, KvStore.check(kv.directory(), _ -> {
        }).streamRecords());
        contradicts("a change is told by no stream; hits 00000001", rows -> {
            try (var meta = rows.scan(KvSpace.META, new Range(new byte[]{3}, new byte[]{4}))) {
                meta.seekToFirst();
                return new Batch().delete(KvSpace.META, meta.key());
            }
        });
    }

    private void contradicts(String what, Function<StoreView, Batch> planted) throws IOException {
        var copy = kv.copyTo(temporary.resolve("copy-" + ++copies));
        copy.plant(planted);
        var found = check(copy);
        assertTrue(found.stream().anyMatch(text -> text.contains(what)), () -> what + " in " + found);
    }

    private void named(String file, String what) {
        var found = check(kv);
        assertTrue(found.stream().anyMatch(text -> text.contains(file) && text.contains(what)),
                () -> file + " and " + what + " in " + found);
    }

    private List<Path> files(String folder, String kind) throws IOException {
        try (var files = Files.list(kv.directory().resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind)
                    || file.getFileName().toString().endsWith(kind)).sorted().toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4));
            channel.write(one.flip(), at);
        }
    }
}
