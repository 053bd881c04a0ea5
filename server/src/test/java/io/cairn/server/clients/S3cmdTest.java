package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// s3cmd with path-style addresses.
@Tag("clients")
class S3cmdTest {
    @TempDir
    Path directory;

    @Test
    void treesCopiesAndLargeFiles() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/s3cmd (apt-get install s3cmd)", "/usr/bin/s3cmd", "--version");
        var tree = FileTree.many(directory.resolve("tree"), 60, 31);
        FileTree.file(tree.resolve("large"), 11_000_001, 32);
        try (var server = RunningServer.start(Files.createDirectory(directory.resolve("server")))) {
            var host = server.endpoint().getAuthority();
            var s3cmd = new StockClient(server, directory, "/usr/bin/s3cmd", "--config=/dev/null", "--no-ssl", "--host=" + host,
                    "--host-bucket=" + host, "--access_key=" + server.accessKey(), "--secret_key=" + server.secretKey(),
                    "--no-progress");
            s3cmd.run("mb", "s3://tree");
            s3cmd.run("sync", "--multipart-chunk-size-mb=5", tree + "/", "s3://tree/here/");
            assertEquals("61", s3cmd.run("ls", "--recursive", "s3://tree").lines().count() + "");
            var again = s3cmd.run("sync", tree + "/", "s3://tree/here/");
            assertTrue(!again.contains("upload:"), again);
            s3cmd.run("sync", "s3://tree/here/", directory.resolve("back") + "/");
            FileTree.assertSame(tree, directory.resolve("back"));

            s3cmd.run("cp", "s3://tree/here/large", "s3://tree/copy");
            s3cmd.run("mv", "s3://tree/copy", "s3://tree/moved");
            s3cmd.run("get", "s3://tree/moved", directory.resolve("moved").toString());
            assertEquals(-1, Files.mismatch(tree.resolve("large"), directory.resolve("moved")));
            var info = s3cmd.run("info", "s3://tree/moved");
            assertTrue(info.contains("File size: 11000001"), info);
            assertTrue(s3cmd.run("info", "s3://tree").contains("Location:  us-east-1"));
            assertTrue(s3cmd.run("du", "s3://tree").contains("s3://tree"));
            var cors = Files.writeString(directory.resolve("cors.xml"), "<CORSConfiguration><CORSRule>"
                    + "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>");
            s3cmd.run("setcors", cors.toString(), "s3://tree");
            s3cmd.run("delcors", "s3://tree");
            s3cmd.run("del", "--recursive", "--force", "s3://tree");
            assertEquals("", s3cmd.run("ls", "--recursive", "s3://tree"));
        }
    }
}
