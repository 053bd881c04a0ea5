package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.Scan;
import io.cairn.kv.Value;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `cairn server --archive` and `cairn restore`: what a server archived comes back, and what cannot is said in a line.
class RestoreCommandTest {
    @TempDir
    Path home;
    private Run cairn;
    private Path archive;

    @BeforeEach
    void begin() {
        cairn = new Run(home);
        archive = home.resolve("archive");
    }

    private ServerProcess start(Path data) throws IOException {
        return new Assembly().start(Settings.read(home, null, Map.of(),
                Map.of(Setting.PORT_OFFSET, "auto", Setting.ARCHIVE, archive.toString(), Setting.DATA, data.toString())));
    }

    @Test
    void aServersObjectsComeBackAsTheyWere() throws Exception {
        var data = home.resolve("cairn-data");
        var first = Files.write(home.resolve("first"), new byte[]{1});
        var second = Files.write(home.resolve("second"), new byte[300_000]);
        Instant between;
        try (var server = start(data)) {
            run("bucket", "create", "photos");
            run("object", "put", first.toString(), "photos/cat");
            awaitArchived(server);
            between = Instant.now().truncatedTo(ChronoUnit.MICROS);
            Thread.sleep(5);
            run("object", "put", second.toString(), "photos/cat");
            run("object", "put", second.toString(), "photos/dog");
        }
        var back = home.resolve("back");
        run("restore", "--to", between.toString(), "--from", archive.toString(), "--into", back.toString());
        assertTrue(cairn.out().contains("restored into " + back), cairn.out());
        try (var store = ObjectStore.open(back.resolve("objects"))) {
            assertArrayEquals(new byte[]{1}, store.bucket("photos").get("cat").readAllBytes());
            assertEquals("NO_SUCH_KEY",
                    assertThrows(ObjectRefusedException.class, () -> store.bucket("photos").get("dog")).reason().name());
        }
        cairn.environment.put("CAIRN_ARCHIVE", archive.toString());
        var latest = home.resolve("latest");
        run("restore", "--to", "latest", "--into", latest.toString());
        // A restored directory is an ordinary one, and is archived to a timeline of its own.
        try (var server = start(latest)) {
            assertFalse(server.endpoints().isEmpty());
        }
        try (var store = ObjectStore.open(latest.resolve("objects"))) {
            assertEquals(300_000, store.bucket("photos").get("dog").readAllBytes().length);
        }
    }

    /// Both engines are as they were at one instant, whichever of them was changed before or behind it.
    @Test
    void aServersItemsComeBackAsTheyWereThoughObjectsWereLeftAlone() throws Exception {
        var data = home.resolve("cairn-data");
        Instant between;
        try (var server = start(data)) {
            run("table", "create", "Music", "--key", "artist", "--index", "by-label=label");
            awaitArchived(server);
            run("item", "put", "Music", "{\"artist\": \"Miles Davis\", \"label\": \"Prestige\"}");
            Thread.sleep(20);
            between = Instant.now().truncatedTo(ChronoUnit.MICROS);
            Thread.sleep(20);
            run("item", "put", "Music", "{\"artist\": \"Miles Davis\", \"label\": \"Columbia\"}");
            run("item", "put", "Music", "{\"artist\": \"John Coltrane\", \"label\": \"Impulse\"}");
        }
        var back = home.resolve("back");
        run("restore", "--to", between.toString(), "--from", archive.toString(), "--into", back.toString());
        assertTrue(cairn.out().contains("objects as of ") && cairn.out().contains("kv as of ")
                && cairn.out().contains("volumes as of "), cairn.out());
        run("check", "--data", back.toString());
        try (var store = KvStore.open(back.resolve("kv"))) {
            var items = store.table("Music").scan(Scan.ALL).items();
            assertEquals(List.of(Item.of("artist", Value.s("Miles Davis"), "label", Value.s("Prestige"))), items);
            assertEquals(items, store.table("Music").scan(new Scan("by-label", null, 0, null, 0, 1, false)).items());
        }
        run("check", "--data", back.toString());
        var only = home.resolve("only");
        run("restore", "--to", "latest", "--from", archive.toString(), "--into", only.toString(), "--only", "kv");
        assertFalse(Files.exists(only.resolve("objects")));
        try (var store = KvStore.open(only.resolve("kv"))) {
            assertEquals(2, store.table("Music").scan(Scan.ALL).items().size());
        }
        refused(2, "must be objects, kv or volumes", "restore", "--to", "latest", "--from", archive.toString(), "--into",
                home.resolve("none").toString(), "--only", "rows");
    }

    /// How far they are archived is told by the metrics, as of the others.
    @Test
    void aServersVolumesComeBackAsTheyWere() throws Exception {
        try (var server = start(home.resolve("cairn-data"))) {
            run("volume", "create", "disk", "--size", "1MiB");
            awaitArchived(server, "ebs");
        }
        var back = home.resolve("back");
        run("restore", "--to", "latest", "--from", archive.toString(), "--into", back.toString(), "--only", "volumes");
        assertFalse(Files.exists(back.resolve("objects")) || Files.exists(back.resolve("kv")));
        try (var store = BlockStore.open(back.resolve("volumes"))) {
            assertEquals(List.of("disk"), store.volumes().stream().map(Volume::name).toList());
        }
        run("restore", "--help");
        assertTrue(cairn.out().contains("--only=objects|kv|volumes"), cairn.out());
    }

    /// A timeline is one engine's: the other chooses its own.
    @Test
    void aTimelineThatIsNamedIsOneEngines() throws Exception {
        try (var server = start(home.resolve("cairn-data"))) {
            run("table", "create", "Music", "--key", "artist");
            run("bucket", "create", "photos");
            awaitArchived(server);
        }
        try (var timelines = Files.list(archive.resolve("kv/0"))) {
            var timeline = timelines.findFirst().orElseThrow().getFileName().toString();
            run("restore", "--to", "latest", "--from", archive.toString(), "--into", home.resolve("back").toString(),
                    "--timeline",
                    timeline);
            assertTrue(cairn.out().contains(", timeline " + timeline), cairn.out());
        }
        Files.move(archive.resolve("kv"), home.resolve("aside"));
        run("restore", "--to", "latest", "--from", archive.toString(), "--into", home.resolve("without").toString());
        assertTrue(cairn.out().contains("kv: not in this archive, and so empty"), cairn.out());
    }

    private void run(String... arguments) {
        assertEquals(0, cairn.run(arguments), cairn.err());
    }

    /// As a monitor would: by the metrics. Health has nothing to say then.
    private static void awaitArchived(ServerProcess server) throws Exception {
        awaitArchived(server, "s3");
        awaitArchived(server, "dynamodb");
    }

    private static void awaitArchived(ServerProcess server, String engine) throws Exception {
        var console = server.endpoints().stream().filter(endpoint -> endpoint.name().equals("console")).findFirst().orElseThrow();
        try (var http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 600; i++) {
                var metrics = get(http, console.uri() + "/metrics");
                if (metrics.contains("cairn_archive_behind_entries{engine=\"" + engine + "\"} 0\n")
                        && !metrics.contains("cairn_archive_index{engine=\"" + engine + "\"} 0\n")) {
                    assertTrue(metrics.contains("cairn_archive_failing{engine=\"" + engine + "\"} 0\n"), metrics);
                    assertFalse(get(http, console.uri() + "/health/ready").contains("troubles"));
                    return;
                }
                Thread.sleep(50);
            }
        }
        throw new AssertionError("nothing was archived");
    }

    private static String get(HttpClient http, String uri) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString()).body();
    }

    @Test
    void healthTellsOfAnArchiveThatCannotBeWritten() throws Exception {
        Files.writeString(archive, "a file, where the archive's directory should be");
        try (var server = start(home.resolve("cairn-data")); var http = HttpClient.newHttpClient()) {
            run("bucket", "create", "photos");
            var console = server.endpoints().stream().filter(endpoint -> endpoint.name().equals("console")).findFirst()
                    .orElseThrow();
            var health = "";
            for (int i = 0; i < 200 && !health.contains("troubles"); i++) {
                Thread.sleep(50);
                health = get(http, console.uri() + "/health/ready");
            }
            assertTrue(health.contains("\"state\":\"ready\"") && health.contains("cannot be written"), health);
            assertTrue(get(http, console.uri() + "/metrics").contains("cairn_archive_failing{engine=\"s3\"} 1\n"));
            run("volume", "create", "disk", "--size", "1MiB");
            var metrics = "";
            for (int i = 0; i < 200 && !metrics.contains("cairn_archive_failing{engine=\"ebs\"} 1\n"); i++) {
                Thread.sleep(50);
                metrics = get(http, console.uri() + "/metrics");
            }
            assertTrue(metrics.contains("cairn_archive_failing{engine=\"ebs\"} 1\n"), metrics);
        }
    }

    @Test
    void anArchiveAmongTheDataIsRefused() throws Exception {
        var data = home.resolve("cairn-data");
        Files.createSymbolicLink(home.resolve("link"), home);
        for (var place : List.of(data, data.resolve("archive"), data.resolve("objects"), home.resolve("link/cairn-data/a"))) {
            archive = place;
            var refused = assertThrows(CommandException.class, () -> start(data).close());
            assertTrue(String.valueOf(refused.getMessage()).contains("one in the other"), refused::toString);
            assertFalse(Files.exists(data), "something was made in " + data);
        }
        archive = home;
        var inside = home.resolve("objects/data");
        assertThrows(CommandException.class, () -> start(inside).close());
        assertFalse(Files.exists(inside));
    }

    @Test
    void whatCannotBeRestoredIsSaidInALine() throws Exception {
        var into = home.resolve("back").toString();
        refused(2, "no archive is configured", "restore", "--to", "latest", "--into", into);
        refused(2, "no directory", "restore", "--to", "latest", "--from", archive.toString(), "--into", into);
        refused(2, "must be an instant", "restore", "--to", "noon", "--from", archive.toString(), "--into", into);
        try (var server = start(home.resolve("cairn-data"))) {
            run("bucket", "create", "photos");
            awaitArchived(server);
        }
        var from = archive.toString();
        refused(1, "cannot be restored; the archive reaches", "restore", "--to", "2020-01-01T00:00:00Z", "--from", from, "--into",
                into);
        refused(1, "Use `latest`", "restore", "--to", "2120-01-01T00:00:00Z", "--from", from, "--into", into);
        refused(1, "has no timeline", "restore", "--to", "latest", "--timeline", "0123456789abcdef", "--from", from, "--into",
                into);
        refused(1, "cannot be restored", "restore", "--to", "2120-01-01T00:00:00Z", "--from", from, "--into",
                home.resolve("deep/er/back").toString());
        assertFalse(Files.exists(home.resolve("back.restoring")), "something was left");
        assertFalse(Files.exists(home.resolve("deep")), "something was left");
        refused(2, "never writes over", "restore", "--to", "latest", "--from", from, "--into",
                home.resolve("cairn-data").toString());
        Path blob;
        try (var blobs = Files.walk(archive)) {
            blob = blobs.filter(file -> file.toString().contains("/log/") && Files.isRegularFile(file)).sorted().findFirst()
                    .orElseThrow();
        }
        var bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);
        refused(3, blob.getFileName().toString(), "restore", "--to", "latest", "--from", from, "--into", into);
        assertFalse(Files.exists(Path.of(into)));
        assertFalse(Files.exists(home.resolve("back.restoring")), "something was left");
    }

    private void refused(int status, String why, String... arguments) {
        assertEquals(status, cairn.run(arguments), cairn.err());
        assertTrue(cairn.err().contains(why), cairn.err());
        assertEquals(1, cairn.err().lines().count(), cairn.err());
    }
}
