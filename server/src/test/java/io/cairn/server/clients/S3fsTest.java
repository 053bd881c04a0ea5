package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// s3fs mounts a bucket: a tree is copied in, the bucket unmounted and mounted again, the tree compared.
@Tag("clients")
class S3fsTest {
    private static final String FUSERMOUNT = "/usr/bin/fusermount3";

    @TempDir
    Path directory;

    @Test
    void aTreeIsTheSameAfterMountingAgain() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/s3fs, fusermount3 and /dev/fuse (apt-get install s3fs fuse3)", "sh", "-c",
                "s3fs --version && " + FUSERMOUNT + " --version && test -w /dev/fuse");
        var tree = FileTree.many(directory.resolve("tree"), 40, 41);
        FileTree.file(tree.resolve("large"), 25_000_001, 42);
        var mount = Files.createDirectory(directory.resolve("mount"));
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")));
                var sdk = SdkClient.of(server)) {
            sdk.createBucket(b -> b.bucket("mounted"));
            var shell = new StockClient(server, directory, "sh", "-c");
            mount(server, mount);
            try {
                shell.run("cp -r '%s/.' '%s/'".formatted(tree, mount));
                shell.run("mv '%s/large' '%s/renamed' && cp '%s/renamed' '%s/large'".formatted(mount, mount, mount, mount));
                shell.run("printf more >> '%s/renamed'".formatted(mount));
            } finally {
                unmount(shell, mount);
            }
            try (var left = Files.list(mount)) {
                assertEquals(0, left.count(), "it is not mounted any more");
            }
            mount(server, mount);
            try {
                assertEquals(25_000_005, Files.size(mount.resolve("renamed")));
                Files.delete(mount.resolve("renamed"));
                assertFalse(Files.exists(mount.resolve("renamed")));
                FileTree.assertSame(tree, mount);
            } finally {
                unmount(shell, mount);
            }
        }
    }

    private void mount(RunningServer server, Path mount) throws IOException, InterruptedException {
        var keys = Files.writeString(directory.resolve("keys"), server.accessKey() + ":" + server.secretKey());
        Files.setPosixFilePermissions(keys, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        new StockClient(server, directory, "s3fs").run("mounted", mount.toString(), "-o",
                "url=" + server.endpoint() + ",use_path_request_style,passwd_file=" + keys);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(Path.of("/proc/mounts")).contains(mount + " fuse.s3fs")) {
            if (System.nanoTime() > deadline)
                throw new AssertionError("s3fs did not mount " + mount);
            Thread.sleep(50);
        }
    }

    private static void unmount(StockClient shell, Path mount) throws IOException, InterruptedException {
        shell.run("%s -u '%s'".formatted(FUSERMOUNT, mount));
        // s3fs ends behind the unmounting; what it still writes is in the bucket before the next mount.
        shell.run("for i in $(seq 100); do pgrep -f '^s3fs mounted %s' >/dev/null || exit 0; sleep 0.1; done; exit 1"
                .formatted(mount));
    }
}
