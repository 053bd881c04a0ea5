package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.cli.image.Qcow2Files;
import io.cairn.server.cli.image.Walk;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `cairn volume` and `cairn snapshot` against a whole server.
class VolumeCommandsTest {
    private static final int MIB = 1 << 20;
    @TempDir
    Path home;
    private Run cairn = new Run(Path.of(""));
    @Nullable
    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        cairn = new Run(home);
        server = new Assembly().start(Settings.read(home, null, Map.of(), Map.of(Setting.PORT_OFFSET, "auto")));
    }

    @AfterEach
    void stop() throws IOException {
        Objects.requireNonNull(server).close();
    }

    private String succeeds(String... arguments) {
        assertEquals(0, cairn.run(arguments), () -> String.join(" ", arguments) + ": " + cairn.err());
        assertEquals("", cairn.err());
        return cairn.out();
    }

    private void fails(int status, String message, String... arguments) {
        assertEquals(status, cairn.run(arguments), () -> String.join(" ", arguments) + ": " + cairn.err());
        assertTrue(cairn.err().contains(message), cairn.err());
        assertEquals("", cairn.out(), "what is refused prints nothing");
    }

    private Ec2 ec2() throws IOException {
        var keys = Files.readAllLines(home.resolve("cairn-data/root-key"));
        return new Ec2(URI.create(endpoint()), new Credentials(keys.get(0), keys.get(1), ""), "us-east-1",
                TrustedAuthority.context(Map.of(), new DataDirectory(home.resolve("cairn-data"))));
    }

    private List<?> rows(String... arguments) throws IOException {
        return (List<?>) Objects.requireNonNull(Json.read(succeeds(arguments)));
    }

    private static String field(@Nullable Object row, String name) {
        return Json.text(Json.map(row), name);
    }

    /// What a volume or snapshot holds, by its export name.
    private NbdDisk attach(String export) throws IOException {
        return NbdDisk.attach(new ClientOptions().nbd(invocation()), export);
    }

    private Invocation invocation() {
        return new Invocation(home, cairn.environment, System.in, System.out, System.err, false, false, cairn.starter, _ -> {
        });
    }

    private byte[] content(String export) throws IOException {
        try (var disk = attach(export)) {
            var bytes = new byte[(int) disk.sizeBytes()];
            for (int at = 0; at < bytes.length; at += MIB)
                disk.read(at, ByteBuffer.wrap(bytes, at, Math.min(MIB, bytes.length - at)));
            return bytes;
        }
    }

    private void write(String export, int offset, int count, int seed) throws IOException {
        try (var disk = attach(export)) {
            disk.write(offset, ByteBuffer.wrap(random(count, seed)));
            disk.flush();
        }
    }

    private static byte[] random(int count, int seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void volumesAreMadeListedResizedAndRemoved() throws IOException {
        assertEquals("[ ]\n", succeeds("volume", "ls"));
        assertEquals("disk\n", succeeds("volume", "create", "disk", "--size", "10GiB"));
        assertEquals("small one\n", succeeds("volume", "create", "small one", "--size", "5000", "--type", "st1"));
        var rows = rows("volume", "list");
        assertEquals(2, rows.size());
        var disk = rows.stream().filter(row -> field(row, "export").equals("disk")).findFirst().orElseThrow();
        var small = rows.stream().filter(row -> field(row, "export").equals("small one")).findFirst().orElseThrow();
        assertEquals("10737418240", field(disk, "size"));
        assertEquals("gp3", field(disk, "type"));
        assertEquals("8192", field(small, "size"));
        assertEquals("st1", field(small, "type"));
        succeeds("volume", "resize", field(disk, "id"), "--size", "11G");
        cairn.outTerminal = true;
        assertTrue(succeeds("volume", "ls").contains("  11.0 GiB  "), cairn.out());
        assertTrue(cairn.out().startsWith("export                    id "), cairn.out());
        cairn.outTerminal = false;
        try (var attached = attach("disk")) {
            assertEquals(11L << 30, attached.sizeBytes());
        }
        succeeds("volume", "delete", "disk");
        succeeds("volume", "delete", field(small, "id"));
        assertEquals("[ ]\n", succeeds("volume", "ls"));
    }

    /// The server has made it, and nobody was told: the same request is sent again and finds it.
    @Test
    void aLostAnswerLeavesNoSecondVolume() throws IOException {
        try (var line = BrokenLine.to(URI.create(endpoint()), "Action=CreateVolume&")) {
            cairn.environment.put("AWS_ENDPOINT_URL", line.endpoint().toString());
            assertEquals("disk\n", succeeds("volume", "create", "disk", "--size", "1MiB"));
            assertEquals(1, line.lost());
        }
        cairn.environment.clear();
        assertEquals(1, rows("volume", "ls").size());
        succeeds("volume", "create", "other", "--size", "1MiB");
        assertEquals(2, rows("volume", "ls").size(), "another request has another token");
    }

    @Test
    void anEphemeralVolumeIsAttachedLikeAnyAndHasNoSnapshots() throws IOException {
        assertEquals("scratch\n", succeeds("volume", "create", "scratch", "--size", "1MiB", "--type", "ephemeral"));
        assertEquals("ephemeral", field(rows("volume", "list").getFirst(), "type"));
        write("scratch", 5000, 10_000, 3);
        var expected = new byte[MIB];
        System.arraycopy(random(10_000, 3), 0, expected, 5000, 10_000);
        assertArrayEquals(expected, content("scratch"));
        fails(1, "An ephemeral volume has no snapshots", "snapshot", "create", "scratch");
        succeeds("volume", "resize", "scratch", "--size", "2MiB");
        fails(1, "Value (fast) for parameter volumeType is invalid", "volume", "create", "other", "--size", "1MiB", "--type",
                "fast");
        succeeds("volume", "rm", "scratch");
        assertEquals("[ ]\n", succeeds("volume", "ls"));
    }

    @Test
    void snapshotsAndClonesKeepWhatWas() throws IOException {
        succeeds("volume", "create", "disk", "--size", "8MiB");
        write("disk", MIB, 100_000, 1);
        var before = content("disk");
        assertEquals("disk@first\n", succeeds("snapshot", "create", "disk", "--name", "first"));
        var unnamed = succeeds("snapshot", "create", "disk").strip();
        assertTrue(unnamed.matches("disk@snap-[0-9a-f]{17}"), unnamed);
        write("disk", 2 * MIB, 100_000, 2);
        var after = content("disk");
        assertArrayEquals(before, content("disk@first"));
        assertArrayEquals(before, content(unnamed));
        assertEquals("old\n", succeeds("volume", "clone", "disk@first", "old"));
        assertEquals("new\n", succeeds("volume", "clone", "disk", "new"));
        assertArrayEquals(before, content("old"));
        assertArrayEquals(after, content("new"));
        var snapshots = rows("snapshot", "ls");
        assertEquals(2, snapshots.size(), "what a clone was made from on the way is gone");
        var first = snapshots.stream().filter(row -> field(row, "export").equals("disk@first")).findFirst().orElseThrow();
        assertEquals(Integer.toString(8 * MIB), field(first, "size"));
        var volume = field(first, "volume");

        succeeds("snapshot", "delete", unnamed);
        fails(1, "there is no snapshot `" + unnamed + "`", "snapshot", "delete", unnamed);
        succeeds("volume", "delete", "disk");
        assertEquals(volume + "@first", field(rows("snapshot", "ls").getFirst(), "export"),
                "the volume is gone, its id is known");
        succeeds("volume", "clone", volume + "@first", "again");
        assertArrayEquals(before, content("again"));
        succeeds("snapshot", "rm", field(first, "id"));
        assertEquals("[ ]\n", succeeds("snapshot", "ls"));
        assertArrayEquals(before, content("old"));
    }

    @Test
    void theDifferenceNamesTheBlocksThatChanged() throws IOException {
        succeeds("volume", "create", "disk", "--size", "600MiB"); // more than one window
        write("disk", 5 * MIB, 3 * MIB, 1);
        succeeds("snapshot", "create", "disk", "--name", "a");
        assertEquals("[ ]\n", succeeds("snapshot", "diff", "disk@a", "disk"));
        write("disk", 6 * MIB - 1, 2, 2); // two blocks in two parts, one range
        write("disk", 8 * MIB + 4096, 10, 3);
        write("disk", 512 * MIB - 4096, 8192, 4); // in two windows
        succeeds("snapshot", "create", "disk", "--name", "b");
        var expected = "[ {\n  \"offset\" : 6287360,\n  \"length\" : 8192\n}, {\n  \"offset\" : 8392704,\n  \"length\" : 4096\n}, "
                + "{\n  \"offset\" : 536866816,\n  \"length\" : 8192\n} ]\n";
        assertEquals(expected, succeeds("snapshot", "diff", "disk@a", "disk@b"));
        assertEquals(expected, succeeds("snapshot", "diff", "disk@b", "disk@a"));
        succeeds("volume", "create", "short", "--size", "4MiB");
        cairn.outTerminal = true;
        assertEquals("          offset            length\n         5242880           3145728\n",
                succeeds("snapshot", "diff", "disk@a", "short"));
    }

    @Test
    void aRawImageComesBackAsItWas() throws IOException {
        var image = home.resolve("image.img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(40 * MIB + 512);
            file.seek(3 * MIB + 100);
            file.write(random(2 * MIB, 1));
            file.seek(40 * MIB);
            file.write(random(512, 2));
        }
        assertEquals("imported\n", succeeds("volume", "import", image.toString(), "imported"));
        var row = rows("volume", "ls").getFirst();
        assertEquals(Integer.toString(40 * MIB + 4096), field(row, "size"), "whole blocks");
        assertTrue(Long.parseLong(field(row, "stored")) < 3 * MIB, "zeros are not written: " + row);
        var back = home.resolve("back.img");
        Files.writeString(back, "is replaced");
        assertEquals("", succeeds("volume", "export", "imported", back.toString()));
        assertEquals(40L * MIB + 4096, Files.size(back));
        var expected = new byte[40 * MIB + 4096];
        var bytes = Files.readAllBytes(image);
        System.arraycopy(bytes, 0, expected, 0, bytes.length);
        assertArrayEquals(expected, Files.readAllBytes(back));
        assertTrue(((Number) Files.getAttribute(back, "unix:nlink")).intValue() == 1);
        assertTrue(allocated(back) < 4 * MIB, "holes stay holes: " + allocated(back));
        assertEquals("[ ]\n", succeeds("snapshot", "ls"), "what was taken to copy from is gone");
        assertFalse(Files.exists(home.resolve("back.img.cairn-part")));
    }

    private static long allocated(Path file) throws IOException {
        var process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(
                new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip()) * 512;
    }

    @Test
    void qcow2WrittenHereIsReadHere() throws IOException {
        succeeds("volume", "create", "disk", "--size", "1030MiB");
        write("disk", 100, 300_000, 1);
        write("disk", 700 * MIB, 3 * MIB, 2);
        write("disk", 1029 * MIB, MIB, 3); // up to the end
        succeeds("snapshot", "create", "disk", "--name", "s");
        var file = home.resolve("disk.qcow2");
        succeeds("volume", "export", "disk@s", file.toString());
        assertTrue(Files.size(file) < 6 * MIB, "holes are left out: " + Files.size(file));
        assertEquals("copy\n", succeeds("volume", "import", file.toString(), "copy"));
        assertEquals("[ ]\n", succeeds("snapshot", "diff", "disk@s", "copy"));
        var same = home.resolve("same.bin");
        succeeds("volume", "export", "disk@s", same.toString(), "--format", "qcow2");
        assertEquals(Files.size(file), Files.size(same));
    }

    @Test
    void whatCannotBeImportedLeavesNoVolume() throws IOException {
        var damaged = Files.write(home.resolve("damaged.qcow2"), new byte[]{'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3});
        fails(1, "is damaged: it has 8 bytes", "volume", "import", damaged.toString(), "x");
        fails(1, "none does not exist", "volume", "import", home.resolve("none").toString(), "x");
        fails(1, "is no regular file", "volume", "import", home.toString(), "x");
        fails(1, "a disk of 0 bytes", "volume", "import", Files.createFile(home.resolve("empty")).toString(), "x");
        var compressed = Files.write(home.resolve("bad.qcow2"), Qcow2Files.withBrokenCompression());
        fails(1, "cannot be inflated", "volume", "import", compressed.toString(), "x");
        // Its data cannot be sent: nothing listens there.
        cairn.environment.put("AWS_ENDPOINT_URL", endpoint().replace("127.0.0.1", "localhost"));
        cairn.environment.put("CAIRN_NBD", "127.0.0.1:1");
        var raw = Files.write(home.resolve("raw"), random(MIB, 1));
        fails(1, "no NBD server at 127.0.0.1:1", "volume", "import", raw.toString(), "x");
        assertEquals("[ ]\n", succeeds("volume", "ls"));
        // The process is told to end when all is done: nothing is left to remove.
        cairn.environment.clear();
        succeeds("volume", "import", raw.toString(), "x");
        assertEquals(0, Objects.requireNonNull(cairn.beforeEnd).getAsInt());
        assertEquals(1, rows("volume", "ls").size());
    }

    private String endpoint() {
        return Objects.requireNonNull(server).endpoints().stream().filter(endpoint -> endpoint.name().equals("aws")).findFirst()
                .orElseThrow().uri().toString();
    }

    @Test
    void anExportThatFailsLeavesTheOldFile() throws IOException {
        succeeds("volume", "create", "disk", "--size", "1MiB");
        var file = Files.writeString(home.resolve("old.img"), "old");
        fails(1, "there is no snapshot `disk@none`", "volume", "export", "disk@none", file.toString());
        assertEquals("old", Files.readString(file));
        fails(1, "is no regular file", "volume", "export", "disk", home.toString());
        fails(2, "--format cannot be `vmdk`; it must be raw or qcow2", "volume", "export", "disk", file.toString(), "--format",
                "vmdk");
        assertEquals(1, cairn.run("volume", "export", "disk", home.resolve("no/such/file").toString()));
        assertEquals("[ ]\n", succeeds("snapshot", "ls"));
    }

    private boolean isInFiles(byte[] wanted) throws IOException {
        var text = new String(wanted, StandardCharsets.ISO_8859_1);
        try (var files = Files.walk(home.resolve("cairn-data/volumes"))) {
            for (var file : files.filter(Files::isRegularFile).toList())
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text))
                    return true;
        }
        return false;
    }

    /// The key is made when there is need, is not in the answers, and without it volumes stay closed until it is back.
    @Test
    void encryptedVolumesNeedTheKeyOfTheServer() throws IOException {
        var key = home.resolve("cairn-data/keys/volumes.key");
        succeeds("volume", "create", "plain", "--size", "1MiB");
        assertFalse(Files.exists(key));
        succeeds("volume", "create", "secret", "--size", "1MiB", "--encrypted");
        assertTrue(Files.exists(key));
        fails(1, "is not encrypted", "volume", "create", "scratch", "--size", "1MiB", "--type", "ephemeral", "--encrypted");
        write("secret", 4096, 100_000, 5);
        write("plain", 0, 5000, 6);
        var image = Files.write(home.resolve("secret.img"), random(100_000, 7));
        assertEquals("imported\n", succeeds("volume", "import", image.toString(), "imported", "--encrypted"));
        Files.delete(image);
        succeeds("snapshot", "create", "secret", "--name", "s");
        succeeds("volume", "clone", "secret@s", "copy");
        try (var ec2 = ec2()) {
            assertEquals(Map.of("plain", false, "secret", true, "copy", true, "imported", true),
                    ec2.volumes().stream().collect(Collectors.toMap(Ec2.Volume::name, Ec2.Volume::encrypted)));
            assertEquals(3, ec2.volumes("encrypted", "true").size());
            assertEquals(List.of(true), ec2.snapshots().stream().map(Ec2.Snapshot::encrypted).toList());
            assertEquals(List.of(), ec2.snapshots("encrypted", "false"));
            ec2.resizeVolume(ec2.volumes("tag:Name", "secret").getFirst().id(), 2 * MIB);
            assertTrue(ec2.volumes("tag:Name", "secret").getFirst().encrypted(), "and stays so");
        }
        var expected = content("secret");
        stop();
        assertFalse(isInFiles(Arrays.copyOf(random(100_000, 5), 64)));
        assertFalse(isInFiles(Arrays.copyOf(random(100_000, 7), 64)));
        assertTrue(isInFiles(Arrays.copyOf(random(5000, 6), 64)));
        assertEquals(0, cairn.run("check"), cairn::err);
        assertFalse(cairn.out().contains("could not be opened"), cairn.out());

        var away = home.resolve("volumes.key");
        Files.move(key, away);
        assertEquals(0, cairn.run("check"), cairn::err);
        assertTrue(cairn.out().contains("encrypted blocks could not be opened"), cairn.out());
        start();
        assertThrows(IOException.class, () -> content("secret"));
        assertThrows(IOException.class, () -> write("copy", 0, 1, 1));
        assertArrayEquals(Arrays.copyOf(random(5000, 6), MIB), content("plain"));
        fails(1, "volumes.key", "volume", "create", "another", "--size", "1MiB", "--encrypted");
        assertFalse(Files.exists(key), "no other one is made");
        stop();
        Files.move(away, key);
        start();
        assertArrayEquals(expected, content("secret"));
        assertArrayEquals(Arrays.copyOf(expected, MIB), content("copy"));
        assertArrayEquals(random(100_000, 7), Arrays.copyOf(content("imported"), 100_000));
        write("copy", 0, 1, 1);
    }

    @Test
    void namesThatFitNoneOrSeveralAreRefused() throws IOException {
        fails(1, "there is no volume `none`; see which there are with: bin/cairn volume ls", "volume", "delete", "none");
        fails(1, "there is no volume `*`", "volume", "delete", "*");
        succeeds("volume", "create", "disk", "--size", "1MiB");
        fails(1, "there is a volume `disk` already", "volume", "create", "disk", "--size", "1MiB");
        fails(1, "there is no volume `*`", "volume", "delete", "*");
        var first = field(rows("volume", "ls").getFirst(), "id");
        try (var ec2 = ec2()) {
            var second = ec2.createVolume("disk", MIB, "gp3", false).id();
            fails(1, "`disk` is ambiguous: 2 volumes have this name; use an id: ", "volume", "resize", "disk", "--size", "2MiB");
            fails(1, "`disk` is ambiguous", "snapshot", "create", "disk");
            assertEquals(List.of(first, second).stream().sorted().toList(),
                    rows("volume", "ls").stream().map(row -> field(row, "export")).sorted().toList(), "by id, then");
            assertEquals(first + "@s\n", succeeds("snapshot", "create", first, "--name", "s"));
            fails(1, "there is a snapshot `s` of it already", "snapshot", "create", first, "--name", "s");
            succeeds("snapshot", "create", second, "--name", "s");
            ec2.createSnapshot(second, "s", "");
            fails(1, "is ambiguous: 2 snapshots", "snapshot", "delete", second + "@s");
            succeeds("snapshot", "delete", first + "@s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b", "vol-1", "snap-1", ""})
    void namesThatCouldNotBeFoundAreRefused(String name) {
        fails(2, "cannot be a name", "volume", "create", name, "--size", "1MiB");
        fails(2, "cannot be a name", "volume", "clone", "disk", name);
        fails(2, "cannot be a name", "volume", "import", home.toString(), name);
    }

    @Test
    void wrongUsageIsTold() {
        fails(2, "`10GB` is no size; one looks like 10GiB", "volume", "create", "x", "--size", "10GB");
        fails(2, "`0` is nothing", "volume", "create", "x", "--size", "0");
        fails(2, "--size", "volume", "create", "x");
        fails(2, "`x@y` is a snapshot's name", "volume", "delete", "x@y");
        fails(2, "`x` is a volume's name; a snapshot is VOLUME@SNAPSHOT", "snapshot", "delete", "x");
        succeeds("volume", "create", "x", "--size", "2MiB");
        fails(1, "InvalidParameterValue", "volume", "resize", "x", "--size", "1MiB");
        fails(1, "InvalidParameterValue", "volume", "create", "y", "--size", "100TiB");
        fails(1, "InvalidParameterValue", "volume", "create", "y", "--size", "1GiB", "--type", "nvme");
        assertEquals(0, cairn.run("volume"), "alone it shows what there is");
        assertTrue(cairn.out().contains("import"), cairn.out());
    }

    /// The server stops taking requests while answers wait, and goes on when they are taken.
    @Test
    void manyLargeReadsAtOnceAreAllAnswered() throws IOException {
        succeeds("volume", "create", "disk", "--size", "64MiB");
        write("disk", 0, 24 * MIB, 1);
        for (int i = 0; i < 20; i++)
            try (var disk = attach("disk")) {
                var read = new AtomicLong();
                Walk.over(disk, read::addAndGet, (part, buffer) -> disk.read(part.offset(), buffer));
                assertEquals(64L * MIB, read.get());
            }
    }

    @Test
    void progressIsShownOnATerminal() throws IOException {
        var raw = Files.write(home.resolve("raw"), random(MIB, 1));
        cairn.errTerminal = true;
        assertEquals(0, cairn.run("volume", "import", raw.toString(), "x"), cairn::err);
        assertTrue(cairn.err().isEmpty() || cairn.err().contains("of 1.0 MiB"), cairn.err());
        assertEquals("x\n", cairn.out());
    }
}
