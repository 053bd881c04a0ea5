package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// rclone, configured by its environment alone (`RCLONE_CONFIG_CAIRN_*`).
@Tag("clients")
class RcloneTest {
    @TempDir
    Path directory;

    @Test
    void aTreeGoesUpComesBackAndASecondSyncMovesNothing() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/rclone (apt-get install rclone)", "/usr/bin/rclone", "version");
        var tree = FileTree.many(directory.resolve("tree"), 300, 11);
        FileTree.file(tree.resolve("large"), 12_000_001, 12);
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var rclone = new StockClient(server, directory, "/usr/bin/rclone", "--s3-upload-cutoff", "5Mi", "--s3-chunk-size",
                    "5Mi");
            rclone.run("mkdir", "cairn:tree");
            rclone.run("sync", tree.toString(), "cairn:tree/here");
            var again = rclone.run("sync", "-v", tree.toString(), "cairn:tree/here");
            assertTrue(again.contains("There was nothing to transfer"), again);
            assertTrue(rclone.run("check", tree.toString(), "cairn:tree/here").contains(" 0 differences found"));

            rclone.run("sync", "cairn:tree/here", directory.resolve("back").toString());
            FileTree.assertSame(tree, directory.resolve("back"));

            Files.delete(tree.resolve("large"));
            rclone.run("sync", tree.toString(), "cairn:tree/here");
            assertEquals("300", rclone.run("lsf", "-R", "--files-only", "cairn:tree").lines().count() + "");
            rclone.run("purge", "cairn:tree");
            assertEquals("", rclone.run("lsd", "cairn:"));
        }
    }
}
