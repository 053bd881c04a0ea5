package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file system on a volume: an ext4 image is copied in, mounted through a FUSE export of QEMU's storage daemon, filled, unmounted, copied out. What comes
/// out is a clean file system with the same files; so is a snapshot that was taken while it was mounted, once its journal was replayed.
@Tag("clients")
class Ext4OverFuseTest {
    private static final int MEBIBYTES = 256;
    @TempDir
    Path directory;

    @Test
    void aFileSystemIsFilledAndComesOutWhole() throws Exception {
        StockClient.need("/usr/bin/nbdcopy (apt-get install libnbd-bin)", "/usr/bin/nbdcopy", "--version");
        StockClient.need("/usr/bin/aws (apt-get install awscli)", "/usr/bin/aws", "--version");
        StockClient.need("/usr/bin/qemu-storage-daemon (apt-get install qemu-system-common)", "/usr/bin/qemu-storage-daemon",
                "--version");
        StockClient.need("root, mkfs.ext4, /dev/fuse and loop devices", "sh", "-c",
                "[ $(id -u) = 0 ] && command -v mkfs.ext4 && [ -c /dev/fuse ] && [ -c /dev/loop-control ]");
        var image = directory.resolve("fs.img");
        var tree = FileTree.many(directory.resolve("tree"), 40, 41);
        FileTree.file(tree.resolve("large"), 25_000_001, 42);
        try (var server = RunningServer.start(directory)) {
            var shell = new StockClient(server, directory, "sh", "-c");
            shell.run("truncate -s %dM '%s' && mkfs.ext4 -q -F '%s'".formatted(MEBIBYTES, image, image));
            var ec2 = new StockClient(server, directory, "/usr/bin/aws", "--endpoint-url", server.endpoint().toString(),
                    "--output", "text", "ec2");
            var volume = ec2.run("create-volume", "--availability-zone", "us-east-1a", "--size", "1", "--query", "VolumeId",
                    "--tag-specifications", "ResourceType=volume,Tags=[{Key=Name,Value=ext}]").strip();
            shell.run("nbdcopy --flush '%s' '%s'".formatted(image, server.nbd("ext")));
            var mount = Files.createDirectory(directory.resolve("mount"));
            try (var _ = new FuseExport(server, "ext")) {
                shell.run("mount -o loop '%s' '%s'".formatted(directory.resolve("disk"), mount));
                try {
                    shell.run("cp -r '%s' '%s/tree' && sync -f '%s'".formatted(tree, mount, mount));
                    ec2.run("create-snapshot", "--volume-id", volume, "--tag-specifications",
                            "ResourceType=snapshot,Tags=[{Key=Name,Value=mounted}]");
                    shell.run("cp -r '%s' '%s/again'".formatted(tree, mount));
                } finally {
                    shell.run("umount '%s'".formatted(mount));
                }
            }
            var out = directory.resolve("out.img");
            shell.run("nbdcopy '%s' '%s' && e2fsck -fn '%s'".formatted(server.nbd("ext"), out, out));
            mounted(shell, out, mount, () -> {
                FileTree.assertSame(tree, mount.resolve("tree"));
                FileTree.assertSame(tree, mount.resolve("again"));
            });
            var before = directory.resolve("before.img");
            // As after a power cut: the journal is replayed first.
            shell.run("nbdcopy '%s' '%s' && { e2fsck -p '%s'; [ $? -le 1 ]; } && e2fsck -fn '%s'"
                    .formatted(server.nbd("ext@mounted"), before, before, before));
            mounted(shell, before, mount, () -> FileTree.assertSame(tree, mount.resolve("tree")));
        }
    }

    @FunctionalInterface
    private interface Look { void at() throws Exception; }

    private static void mounted(StockClient shell, Path image, Path mount, Look look) throws Exception {
        shell.run("mount -o loop,ro '%s' '%s'".formatted(image, mount));
        try {
            look.at();
        } finally {
            shell.run("umount '%s'".formatted(mount));
        }
    }

    /// A volume as the file `disk`, by QEMU.
    private final class FuseExport implements AutoCloseable {
        private final Process process;

        FuseExport(RunningServer server, String export) throws IOException, InterruptedException {
            var file = Files.createFile(directory.resolve("disk"));
            var nbd = server.nbd(export);
            process = new ProcessBuilder("/usr/bin/qemu-storage-daemon", "--blockdev",
                    "driver=nbd,node-name=disk,server.type=inet,server.host=" + nbd.getHost() + ",server.port=" + nbd.getPort()
                            + ",export=" + export,
                    "--export", "type=fuse,id=fuse,node-name=disk,mountpoint=" + file + ",writable=on").redirectErrorStream(true)
                    .redirectOutput(directory.resolve("fuse.log").toFile()).start();
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); Files.size(file) == 0; Thread.sleep(20))
                assertTrue(process.isAlive() && System.nanoTime() < end, () -> "no FUSE export:\n" + log());
        }

        private String log() {
            try {
                return Files.readString(directory.resolve("fuse.log"));
            } catch (IOException e) {
                return e.toString();
            }
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "QEMU does not end");
        }
    }
}
