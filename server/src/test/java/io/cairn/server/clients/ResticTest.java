package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// restic keeps its repository in a bucket: backup, check, restore with verification, prune; the server is killed between.
@Tag("clients")
class ResticTest {
    @TempDir
    Path directory;

    @Test
    void aBackupIsCheckedRestoredAndPruned() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/restic (apt-get install restic)", "/usr/bin/restic", "version");
        var tree = FileTree.many(directory.resolve("tree"), 300, 21);
        FileTree.file(tree.resolve("large"), 12_000_001, 22);
        var password = Files.writeString(directory.resolve("password"), "secret");
        var launch = new RunningServer.Launch(Files.createDirectory(directory.resolve("server")));
        var server = launch.start();
        restic(server, password).run("init");
        restic(server, password).run("backup", tree.toString());
        Files.delete(tree.resolve("large"));
        FileTree.file(tree.resolve("other"), 3_000_001, 23);
        restic(server, password).run("backup", tree.toString());
        server.kill();
        try (var again = launch.start()) {
            var restic = restic(again, password);
            assertTrue(restic.run("check", "--read-data").contains("no errors were found"));
            var back = directory.resolve("back");
            restic.run("restore", "latest", "--verify", "--target", back.toString());
            FileTree.assertSame(tree, back.resolve(tree.toString().substring(1)));
            assertEquals(2, snapshots(restic));
            restic.run("forget", "--keep-last", "1", "--prune");
            assertEquals(1, snapshots(restic));
            assertTrue(restic.run("check", "--read-data").contains("no errors were found"));
        }
    }

    private static long snapshots(StockClient restic) throws IOException, InterruptedException {
        return restic.run("snapshots", "--compact").lines().filter(line -> line.matches("[0-9a-f]{8} .*")).count();
    }

    private StockClient restic(RunningServer server, Path password) {
        return new StockClient(server, directory, "/usr/bin/restic", "--repo", "s3:" + server.endpoint() + "/backups",
                "--password-file", password.toString(), "--no-cache");
    }
}
