package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.object.ObjectStore;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `cairn server` says of a data directory that lost bytes or files, and that it leaves what is there as it is.
class DamagedDataTest {
    @TempDir
    Path home;
    private Run cairn;
    private Path data;

    @BeforeEach
    void storeSomething() throws IOException {
        cairn = new Run(home);
        data = home.resolve("cairn-data");
        cairn.starter = settings -> {
            new Assembly().start(settings).close();
            throw new AssertionError("it started");
        };
        try (var server = new Assembly().start(Settings.read(home, null, Map.of(), Map.of(Setting.PORT_OFFSET, "auto")))) {
            assertFalse(server.endpoints().isEmpty());
            assertEquals(0, cairn.run("bucket", "create", "objects"), cairn.err());
            var file = Files.write(home.resolve("file"), new byte[100_000]);
            assertEquals(0, cairn.run("object", "put", file.toString(), "objects"), cairn.err());
        }
    }

    @Test
    void aFlippedByteOfTheLogIsNamed() throws IOException {
        var log = largest(file -> file.toString().contains("/log/"));
        var bytes = Files.readAllBytes(log);
        bytes[16] ^= 1; // within the header, which every start reads
        Files.write(log, bytes);
        assertRefused("damaged", log.getFileName().toString());
    }

    @Test
    void checkFindsAByteOfAnObjectAndNamesTheObject() throws IOException {
        assertEquals(0, cairn.run("check"), cairn.err());
        assertTrue(cairn.out().contains("objects 1,") && cairn.out().endsWith("sound\n"), cairn.out());
        var log = largest(file -> file.toString().contains("/log/"));
        var bytes = Files.readAllBytes(log);
        bytes[60_000] ^= 1; // within the object's 100,000
        Files.write(log, bytes);
        assertEquals(1, cairn.run("check"));
        assertTrue(cairn.out().contains("damaged: objects/0/log/" + log.getFileName() + " at byte ")
                && cairn.out().contains("; hits objects/file version null"), cairn.out());
    }

    @Test
    void checkFindsAnItemThatIsMissingInAnIndexAndNamesIt() {
        var kv = data.resolve("kv");
        try (var store = KvStore.open(kv)) {
            var table = store.createTable(TableDefinition
                    .of("Music", KeySchema.of("artist"), Map.of("artist", ValueType.S, "year", ValueType.N))
                    .withIndexes(IndexDefinition.global("by-year", KeySchema.of("year"), IndexProjection.ALL)));
            table.put(Item.of("artist", Value.s("Miles Davis"), "year", Value.n(1959)));
        }
        assertEquals(0, cairn.run("check"), cairn.err());
        assertTrue(cairn.out().contains("objects 1,") && cairn.out().contains("tables 1, items 1: ")
                && cairn.out().contains("index rows 1,") && cairn.out().endsWith("sound\n"), cairn.out());
        var space = new Group(Engine.KV, 0, List.of(Space.values()));
        try (var log = ReplicatedLog.open(kv.resolve("0"), space, LogOptions.DEFAULT, CommitListener.NONE)) {
            log.propose(new Batch().deleteRange(Space.GSI, new byte[]{0}, new byte[]{1})).done().join();
        }
        assertEquals(1, cairn.run("check"));
        assertTrue(cairn.out().contains(
                "damaged: kv/the item is missing in the index by-year; hits Music {artist=S[text=Miles Davis]}"), cairn.out());
        assertTrue(cairn.out().endsWith("1 damaged\n"), cairn.out());
    }

    /// The spaces of the kv-store in their order, which is for ever: its own names are not for others.
    private enum Space implements io.cairn.replication.Space {
        DATA, LSI, GSI, STREAM, TTL, TOKEN, META
    }

    @Test
    void checkFindsAFlippedByteOfItemsAndLooksAtObjectsNevertheless() throws IOException {
        try (var store = KvStore.open(data.resolve("kv"))) { // a log without entries would be taken for one just begun
            store.createTable(TableDefinition.of("Music", KeySchema.of("artist"), Map.of("artist", ValueType.S)));
        }
        var log = largest("kv", file -> file.toString().contains("/kv/0/log/0"));
        var bytes = Files.readAllBytes(log);
        bytes[16] ^= 1;
        Files.write(log, bytes);
        assertEquals(1, cairn.run("check"));
        assertTrue(cairn.out().contains("damaged: kv/0/log/" + log.getFileName()) && cairn.out().contains("objects 1,"),
                cairn.out());
        Files.delete(data.resolve("kv/FORMAT"));
        assertEquals(1, cairn.run("check"));
        assertTrue(cairn.out().contains("objects 1,") && cairn.err().contains("FORMAT is missing"), cairn.out() + cairn.err());
    }

    /// A key is anybody's text.
    @Test
    void checkPrintsNoControlCharactersOfAKey() throws IOException {
        try (var store = ObjectStore.open(data.resolve("objects"))) {
            store.bucket("objects").put("a\u001b[2J\nsound", new byte[300_000]);
        }
        var extents = largest(file -> file.toString().contains("/extents/"));
        var bytes = Files.readAllBytes(extents);
        bytes[1000] ^= 1;
        Files.write(extents, bytes);
        assertEquals(1, cairn.run("check"));
        assertTrue(cairn.out().contains("objects/a\\u001b[2J\\u000asound version"), cairn.out());
        assertTrue(cairn.out().chars().noneMatch(c -> c == 27), cairn.out());
    }

    @Test
    void checkRefusesADirectoryInUseAndOneThatIsNone() throws IOException {
        try (var server = new Assembly().start(Settings.read(home, null, Map.of(), Map.of(Setting.PORT_OFFSET, "auto")))) {
            assertFalse(server.endpoints().isEmpty());
            assertEquals(1, cairn.run("check"));
            assertTrue(cairn.err().contains("is in use by process"), cairn.err());
        }
        assertEquals(2, cairn.run("check", "--data", home.resolve("nothing").toString()));
    }

    @Test
    void aMissingFileOfTheLogIsNamed() throws IOException {
        var log = largest(file -> file.toString().contains("/log/"));
        Files.delete(log);
        assertRefused("damaged", log.getFileName().toString());
    }

    @Test
    void aMissingFileOfTheStoreIsNamed() throws IOException {
        Files.delete(largest(file -> file.getFileName().toString().equals("CURRENT")));
        assertRefused("cannot be opened", "objects/0/db");
    }

    @Test
    void aMissingFormatOfTheStoreIsNamed() throws IOException {
        Files.delete(data.resolve("objects/FORMAT"));
        assertRefused("cannot be opened", "FORMAT");
    }

    private void assertRefused(String what, String named) throws IOException {
        var before = content();
        int status = cairn.run("server", "--port-offset", "auto");
        assertEquals(3, status, cairn.err());
        assertEquals(1, cairn.err().lines().count(), cairn.err());
        assertTrue(
                cairn.err().startsWith("cairn: the data in " + data + " " + (what.equals("damaged") ? "is " : "") + what + ": "),
                cairn.err());
        assertTrue(cairn.err().contains(named), cairn.err());
        assertTrue(cairn.err().endsWith("estore the data directory from a backup\n"), cairn.err());
        assertFalse(cairn.err().contains("defect") || cairn.err().contains("checkpoint"), cairn.err());
        assertEquals(before, content());
        assertFalse(Files.exists(data.resolve("endpoints.json")));
    }

    /// Of the objects.
    private Path largest(Predicate<Path> which) throws IOException {
        return largest("objects", which);
    }

    private Path largest(String engine, Predicate<Path> which) throws IOException {
        try (var files = Files.walk(data.resolve(engine))) {
            return files.filter(Files::isRegularFile).filter(which)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    /// Sizes of the files that hold what clients stored, by name; RocksDB writes a new list of them at each attempt to open.
    private Map<String, Long> content() throws IOException {
        var sizes = new TreeMap<String, Long>();
        try (var files = Files.walk(data.resolve("objects"))) {
            files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/log/") || file.toString().endsWith(".sst"))
                    .forEach(file -> sizes.put(file.toString(), file.toFile().length()));
        }
        assertTrue(sizes.keySet().stream().anyMatch(file -> file.endsWith(".sst")), sizes::toString);
        return sizes;
    }
}
