package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `cairn server` around a server that only pretends.
@Isolated("sets system properties of the log")
class ServerCommandTest {
    /// Stops at once, with or without a failure.
    private static final class FakeServer implements ServerProcess {
        private final Settings options;
        private final boolean fails;
        boolean closed;

        FakeServer(Settings options, boolean fails) {
            this.options = options;
            this.fails = fails;
        }

        @Override
        public List<Endpoint> endpoints() {
            return List.of(new Endpoint("aws", "S3", URI.create("http://127.0.0.1:4566")),
                    new Endpoint("console", "health, metrics", URI.create("http://127.0.0.1:4567")));
        }

        @Override
        public Path rootKeyFile() {
            return options.data().resolve("root-key");
        }

        @Override
        public void awaitStop() throws IOException {
            if (fails)
                throw new IOException("the disk is gone");
        }

        @Override
        public void close() throws IOException {
            closed = true;
            if (fails)
                throw new IOException("and cannot be flushed");
        }
    }

    @TempDir
    Path home;
    private Run cairn;
    private final AtomicReference<FakeServer> started = new AtomicReference<>();

    @BeforeEach
    void start() throws IOException {
        cairn = new Run(home);
        Files.createDirectory(home.resolve("cairn-data"));
        serves(false);
    }

    private void serves(boolean fails) {
        cairn.starter = options -> {
            started.set(new FakeServer(options, fails));
            return started.get();
        };
    }

    @Test
    void saysWhereEverythingIsInAFewLinesAndNeverTheSecret() throws IOException {
        Files.writeString(home.resolve("cairn-data/root-key"), "CAIRNA\nthe-secret\n");
        assertEquals(0, cairn.run("server"), cairn.err());
        var lines = cairn.out().lines().toList();
        assertTrue(lines.size() <= 15, cairn.out());
        assertTrue(lines.getFirst().matches("Cairn \\d+\\.\\d+\\.\\d+.*"), cairn.out());
        assertEquals("  data             " + home + "/cairn-data", lines.get(1));
        assertEquals("  S3               http://127.0.0.1:4566", lines.get(2));
        assertEquals("  health, metrics  http://127.0.0.1:4567", lines.get(3));
        assertEquals("  root key         " + home + "/cairn-data/root-key", lines.get(4));
        assertTrue(lines.getLast().matches("Ready in \\d+ ms"), cairn.out());
        assertFalse(cairn.out().contains("the-secret"), cairn.out());
    }

    @Test
    void theOptionsReachTheServer() {
        assertEquals(0,
                cairn.run("server", "--data", home + "/cairn-data", "--host", "0.0.0.0", "--port-offset", "auto", "--only",
                        "s3", "--users", home + "/users", "--insecure-listen", "--region", "eu-west-1", "--account",
                        "123456789012",
                        "--s3-domain", "s3.example.org"),
                cairn.err());
        var options = started.get().options;
        assertEquals("0.0.0.0", options.text(Setting.HOST));
        assertEquals(OptionalInt.empty(), options.portOffset());
        assertEquals(List.of("s3"), options.words(Setting.ONLY));
        assertEquals(home.resolve("users"), options.path(Setting.USERS).orElseThrow());
        assertTrue(options.flag(Setting.INSECURE_LISTEN));
        assertEquals("eu-west-1", options.text(Setting.REGION));
        assertEquals("123456789012", options.text(Setting.ACCOUNT));
        assertEquals(List.of("s3.example.org"), options.words(Setting.S3_DOMAIN));
    }

    @Test
    void eachFaceThatIsBuiltCanBeOpenedAlone() {
        assertEquals(0, cairn.run("server"), cairn.err());
        for (var face : Assembly.faces(started.get().options)) {
            assertEquals(0, cairn.run("server", "--only", face.service()), cairn.err());
            assertEquals(List.of(face.service()), started.get().options.words(Setting.ONLY));
        }
    }

    @Test
    void aSignalStopsItInOrder() {
        assertEquals(0, cairn.run("server"), cairn.err());
        assertFalse(started.get().closed);
        assertEquals(0, Objects.requireNonNull(cairn.beforeEnd).getAsInt());
        assertTrue(started.get().closed);
    }

    @Test
    void aServerThatFailsEndsWithOneAndIsClosedAllTheSame() {
        serves(true);
        assertEquals(1, cairn.run("server"));
        assertTrue(cairn.err().startsWith("cairn: the disk is gone"), cairn.err());
        assertEquals(1, Objects.requireNonNull(cairn.beforeEnd).getAsInt());
        assertTrue(started.get().closed);
    }

    /// What a log says that lost a byte; the advice at its end is for programs that make checkpoints.
    @Test
    void damagedDataIsNamedWithWhatToDo() {
        cairn.starter = options -> {
            throw new CorruptLogException("log-0000000000000001", 4096, "the header does not match its crc32c");
        };
        assertEquals(3, cairn.run("server"));
        assertEquals(
                "cairn: the data in " + home + "/cairn-data is damaged: log-0000000000000001 at byte 4096: the header does not"
                        + " match its crc32c. No stored data was changed. Restore the data directory from a backup\n",
                cairn.err());
        cairn.starter = options -> {
            throw new StoreFailedException("cannot open the store in objects/0: IO error: No such file\nor directory", null);
        };
        assertEquals(3, cairn.run("server"));
        assertEquals("cairn: the data in " + home
                + "/cairn-data cannot be opened: cannot open the store in objects/0: IO error: No"
                + " such file or directory. No stored data was changed. If no other process has it open and the disk is sound,"
                + " restore the data directory from a backup\n", cairn.err());
        assertEquals(3, cairn.run("server", "--archive", "/backup/cairn"));
        assertTrue(cairn.err().endsWith(" restore the data directory from its archive: bin/cairn restore --to latest"
                + " --from /backup/cairn --into DIR\n"), cairn.err());
    }

    @Test
    void aTakenPortEndsWithTwo() {
        cairn.starter = options -> {
            throw new CommandException("port 5432 (PostgreSQL) is taken; use --port-offset 100 or --only s3", 2);
        };
        assertEquals(2, cairn.run("server"));
        assertEquals("cairn: port 5432 (PostgreSQL) is taken; use --port-offset 100 or --only s3\n", cairn.err());
        assertEquals("", cairn.out());
        assertNull(cairn.beforeEnd);
    }
}
