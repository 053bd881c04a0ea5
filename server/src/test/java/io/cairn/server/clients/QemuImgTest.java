package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that QEMU makes go in by `cairn volume import`; those that `cairn volume export` makes are sound and the same in QEMU's eyes.
@Tag("clients")
class QemuImgTest {
    private static final String QEMU_IMG = "/usr/bin/qemu-img";
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private static void need() throws InterruptedException {
        StockClient.need(QEMU_IMG + " and qemu-io (apt-get install qemu-utils)", "sh", "-c",
                QEMU_IMG + " --version && qemu-io --version");
    }

    private StockClient cairn(RunningServer server) {
        return new StockClient(server, directory, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-Xlog:disable", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "io.cairn.server.cli.Main");
    }

    /// Data, text, written zeros and holes, and an end within a cluster.
    private Path raw() throws IOException {
        var file = directory.resolve("disk.raw");
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(24 * MIB + 3 * 4096);
            var random = new byte[5 * MIB];
            new Random(1).nextBytes(random);
            out.seek(MIB + 512);
            out.write(random);
            var text = new byte[3 * MIB];
            for (int i = 0; i < text.length; i++)
                text[i] = (byte) ('a' + i / 1000 % 26);
            out.seek(10 * MIB);
            out.write(text);
            for (int i = 0; i < 50; i++) { // little islands
                out.seek(15 * MIB + i * 30_000L);
                out.write(random, i * 1000, 1000);
            }
            out.seek(24 * MIB + 2 * 4096);
            out.write(random, 0, 4096);
        }
        return file;
    }

    @Test
    void imagesOfEveryKindGoIn() throws IOException, InterruptedException {
        need();
        var raw = raw();
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var qemu = new StockClient(server, directory, QEMU_IMG);
            var cairn = cairn(server);
            var data = directory.resolve("server/data").toString();
            var kinds = List.of("compat=0.10", "compat=1.1", "cluster_size=512", "cluster_size=4096,lazy_refcounts=on",
                    "cluster_size=2M",
                    "preallocation=metadata", "cluster_size=512 -c", "compat=0.10,cluster_size=4096 -c", "cluster_size=64k -c",
                    "cluster_size=2M -c");
            int count = 0;
            for (var kind : kinds) {
                var image = directory.resolve("image-" + count).toString();
                var convert = new ArrayList<>(
                        List.of("convert", "-f", "raw", "-O", "qcow2", "-o", kind.split(" ")[0], raw.toString(), image));
                if (kind.endsWith(" -c"))
                    convert.add(1, "-c");
                qemu.run(convert.toArray(String[]::new));
                assertEquals("image" + count + "\n", cairn.run("volume", "import", "--data", data, image, "image" + count), kind);
                var back = directory.resolve("back").toString();
                cairn.run("volume", "export", "--data", data, "image" + count, back);
                assertTrue(qemu.run("compare", "-f", "raw", "-F", "raw", "-s", raw.toString(), back)
                        .contains("Images are identical."), kind);
                count++;
            }
        }
    }

    @Test
    void zeroClustersAndSnapshotsWithinGoIn() throws IOException, InterruptedException {
        need();
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var qemu = new StockClient(server, directory, QEMU_IMG);
            var io = new StockClient(server, directory, "qemu-io");
            var cairn = cairn(server);
            var data = directory.resolve("server/data").toString();
            var image = directory.resolve("image.qcow2").toString();
            qemu.run("create", "-f", "qcow2", image, "20M");
            io.run("-f", "qcow2", "-c", "write -P 17 0 5M", "-c", "write -z 1M 1M", "-c", "write -z -u 3M 64k", "-c",
                    "write -z 10M 1M", image);
            qemu.run("snapshot", "-c", "within", image);
            io.run("-f", "qcow2", "-c", "write -P 18 4M 100k", "-c", "discard 64k 64k", image);
            cairn.run("volume", "import", "--data", data, image, "image");
            var back = directory.resolve("back.qcow2").toString();
            cairn.run("volume", "export", "--data", data, "image", back);
            assertTrue(qemu.run("compare", "-f", "qcow2", "-F", "qcow2", image, back).contains("Images are identical."));
        }
    }

    @Test
    void exportedImagesAreSound() throws IOException, InterruptedException {
        need();
        var raw = raw();
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var qemu = new StockClient(server, directory, QEMU_IMG);
            var cairn = cairn(server);
            var data = directory.resolve("server/data").toString();
            cairn.run("volume", "import", "--data", data, raw.toString(), "disk");
            assertEquals("disk@s\n", cairn.run("snapshot", "create", "--data", data, "disk", "--name", "s"));
            var image = directory.resolve("disk.qcow2").toString();
            cairn.run("volume", "export", "--data", data, "disk@s", image);
            assertTrue(qemu.run("check", "-f", "qcow2", image).contains("No errors were found"));
            assertTrue(qemu.run("compare", "-f", "raw", "-F", "qcow2", raw.toString(), image).contains("Images are identical."));
            var info = qemu.run("info", image);
            assertTrue(info.contains("compat: 1.1") && info.contains("cluster_size: 65536") && info.contains("corrupt: false"),
                    info);

            // A disk of two L2 tables and more refcounts than one block has, if it were full.
            cairn.run("volume", "create", "--data", data, "large", "--size", "3TiB");
            var large = directory.resolve("large.qcow2").toString();
            cairn.run("volume", "export", "--data", data, "large", large);
            assertTrue(qemu.run("check", "-f", "qcow2", large).contains("No errors were found"));
        }
    }

    /// QEMU times its key derivation first, and gives up when the machine's clocks do not suit it ("Unable to get accurate CPU usage"): then it is asked again.
    private static void makeEncrypted(StockClient qemu) throws IOException, InterruptedException {
        var arguments = new String[]{"create", "--object", "secret,id=s,data=abc", "-f", "qcow2", "-o",
                "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10", "luks.qcow2", "1M"};
        for (int i = 0; i < 20; i++)
            if (!qemu.attempt(arguments).output().contains("Unable to get accurate CPU usage"))
                break;
        qemu.run("info", "luks.qcow2");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException, InterruptedException {
        need();
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var qemu = new StockClient(server, directory, QEMU_IMG);
            var cairn = cairn(server);
            var data = directory.resolve("server/data").toString();
            qemu.run("create", "-f", "qcow2", "base.qcow2", "1M");
            qemu.run("create", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "over.qcow2");
            qemu.run("create", "-f", "qcow2", "-o", "extended_l2=on", "extended.qcow2", "1M");
            qemu.run("create", "-f", "qcow2", "-o", "data_file=outside", "data.qcow2", "1M");
            makeEncrypted(qemu);
            qemu.run("create", "-f", "qcow2", "-o", "compression_type=zstd", "zstd.qcow2", "1M");
            qemu.run("create", "-f", "qcow", "old.qcow", "1M");
            var refusals = List.of("over.qcow2", "has a backing file, `base.qcow2`", "extended.qcow2", "extended L2 entries",
                    "data.qcow2",
                    "keeps its data in another file", "luks.qcow2", "is encrypted", "zstd.qcow2", "another method than zlib",
                    "old.qcow",
                    "is qcow version 1");
            for (int i = 0; i < refusals.size(); i += 2) {
                var result = cairn.attempt("volume", "import", "--data", data, refusals.get(i), "x");
                assertEquals(1, result.status());
                assertTrue(result.output().contains(refusals.get(i + 1)), result.output());
            }
            assertEquals("[ ]\n", cairn.run("volume", "ls", "--data", data));
        }
    }
}
