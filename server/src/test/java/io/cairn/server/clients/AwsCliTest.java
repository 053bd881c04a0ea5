package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The AWS CLI of the system, `/usr/bin/aws`. Each call takes a good second of the CLI's own, so that each test makes few.
@Tag("clients")
class AwsCliTest {
    @TempDir
    static Path directory;
    private static RunningServer server;
    private static StockClient aws;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/aws (apt-get install awscli)", "/usr/bin/aws", "--version");
        server = RunningServer.start(directory);
        aws = new StockClient(server, directory, "/usr/bin/aws", "--endpoint-url", server.endpoint().toString());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null)
            server.close();
    }

    @Test
    void copiesFilesUpAndDownAlsoInParts() throws IOException, InterruptedException {
        aws.run("s3", "mb", "s3://copies");
        for (int bytes : new int[]{0, 1, 1024, 300_000, 20_000_003}) {
            var file = FileTree.file(directory.resolve("up-" + bytes), bytes, bytes);
            aws.run("s3", "cp", file.toString(), "s3://copies/deep/" + bytes);
            var back = directory.resolve("down-" + bytes);
            aws.run("s3", "cp", "s3://copies/deep/" + bytes, back.toString());
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(back), bytes + " bytes");
        }
        var listed = aws.run("s3", "ls", "--recursive", "s3://copies/");
        assertTrue(listed.contains(" 20000003 deep/20000003"), listed);
        assertNotEquals(0, aws.attempt("s3", "rb", "s3://copies").status()); // not empty
        aws.run("s3", "rb", "--force", "s3://copies");
        assertFalse(aws.run("s3", "ls").contains("copies"));
    }

    @Test
    void syncsATreeAndMovesNothingTheSecondTime() throws IOException, InterruptedException {
        var tree = FileTree.many(directory.resolve("tree"), 60, 7);
        aws.run("s3", "mb", "s3://synced");
        aws.run("s3", "sync", tree.toString(), "s3://synced/tree");
        assertEquals("", aws.run("s3", "sync", tree.toString(), "s3://synced/tree"));
        aws.run("s3", "sync", "s3://synced/tree", directory.resolve("tree-back").toString());
        FileTree.assertSame(tree, directory.resolve("tree-back"));
        aws.run("s3", "rm", "--recursive", "--quiet", "s3://synced");
        assertEquals("", aws.run("s3", "ls", "--recursive", "s3://synced/"));
    }

    @Test
    void presignsAnAddressThatAnyoneCanGet() throws IOException, InterruptedException {
        aws.run("s3", "mb", "s3://shown");
        var file = FileTree.file(directory.resolve("shown"), 5000, 3);
        aws.run("s3", "cp", file.toString(), "s3://shown/a b.bin");
        var url = aws.run("s3", "presign", "s3://shown/a b.bin").strip();
        try (var http = HttpClient.newHttpClient()) {
            var got = http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
            assertEquals(200, got.statusCode());
            assertArrayEquals(Files.readAllBytes(file), got.body());
            var forged = URI.create(url.replace("/a%20b.bin", "/c.bin"));
            assertNotEquals(URI.create(url), forged);
            assertEquals(403, http.send(HttpRequest.newBuilder(forged).build(), BodyHandlers.discarding()).statusCode());
        }
    }

    @Test
    void lowLevelCallsAnswerAsTheyShould() throws IOException, InterruptedException {
        aws.run("s3api", "create-bucket", "--bucket", "low");
        var file = FileTree.file(directory.resolve("low"), 1000, 5);
        aws.run("s3api", "put-object", "--bucket", "low", "--key", "k", "--body", file.toString(), "--metadata", "colour=blue",
                "--content-type", "text/x-test");
        var head = aws.run("s3api", "head-object", "--bucket", "low", "--key", "k");
        assertTrue(head.contains("\"colour\": \"blue\"") && head.contains("text/x-test") && head.contains("1000"), head);
        var range = directory.resolve("range");
        aws.run("s3api", "get-object", "--bucket", "low", "--key", "k", "--range", "bytes=10-19", range.toString());
        assertArrayEquals(Arrays.copyOfRange(Files.readAllBytes(file), 10, 20), Files.readAllBytes(range));
        for (var key : new String[]{"p/1", "p/2", "q"})
            aws.run("s3api", "put-object", "--bucket", "low", "--key", key, "--body", file.toString());
        var listed = aws.run("s3api", "list-objects-v2", "--bucket", "low", "--delimiter", "/", "--page-size", "1", "--query",
                "[CommonPrefixes[].Prefix, Contents[].Key]");
        assertEquals("[[\"p/\"],[\"k\",\"q\"]]", listed.replaceAll("\\s", "")); // put together from three pages
        aws.run("s3api", "delete-objects", "--bucket", "low", "--delete", "Objects=[{Key=p/1},{Key=p/2},{Key=q},{Key=never}]");
        assertEquals("k",
                aws.run("s3api", "list-objects-v2", "--bucket", "low", "--query", "Contents[].Key", "--output", "text").strip());
    }

    @Test
    void errorsCarryS3sOwnCodes() throws IOException, InterruptedException {
        aws.run("s3", "mb", "s3://errors");
        expect("NoSuchKey", "s3api", "get-object", "--bucket", "errors", "--key", "none", "/dev/null");
        expect("NoSuchBucket", "s3api", "list-objects-v2", "--bucket", "there-is-none");
        expect("NoSuchUpload", "s3api", "abort-multipart-upload", "--bucket", "errors", "--key", "k", "--upload-id", "none");
        expect("InvalidBucketName", "s3api", "create-bucket", "--bucket", "xn--no");
    }

    private static void expect(String code, String... arguments) throws IOException, InterruptedException {
        var result = aws.attempt(arguments);
        assertNotEquals(0, result.status(), result.output());
        assertTrue(result.output().contains("(" + code + ")"), result.output());
    }

    @Test
    void worksOverTls() throws IOException, InterruptedException {
        var secure = new StockClient(server, directory, "/usr/bin/aws", "--endpoint-url", server.secureEndpoint().toString())
                .secure();
        var file = FileTree.file(directory.resolve("tls"), 9_000_000, 9); // two parts
        secure.run("s3", "mb", "s3://tls");
        secure.run("s3", "cp", file.toString(), "s3://tls/x");
        secure.run("s3", "cp", "s3://tls/x", directory.resolve("tls-back").toString());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(directory.resolve("tls-back")));
    }
}
