package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `cairn bucket` and `cairn object` against [FakeS3], which verifies every signature.
class ClientCommandsTest {
    @TempDir
    Path home;
    private FakeS3 s3;
    private Run cairn;

    @BeforeEach
    void start() throws IOException {
        s3 = new FakeS3();
        cairn = new Run(home, s3);
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private void succeeds(String... args) {
        assertEquals(0, cairn.run(args), () -> String.join(" ", args) + ": " + cairn.err());
    }

    private void fails(int status, String message, String... args) {
        assertEquals(status, cairn.run(args), () -> String.join(" ", args) + ": " + cairn.err());
        assertEquals("cairn: " + message + "\n", cairn.err());
    }

    private Path file(String name, int bytes) throws IOException {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(home.resolve(name), content);
    }

    private FakeS3.Stored stored(String bucket, String key) {
        return Objects.requireNonNull(Objects.requireNonNull(s3.buckets.get(bucket)).get(key), key);
    }

    @Test
    void makesListsAndRemovesBuckets() {
        succeeds("bucket", "create", "photos");
        succeeds("bucket", "create", "s3://papers");
        cairn.outTerminal = true;
        succeeds("bucket", "ls");
        assertEquals("""
                created                   bucket
                2026-01-01T00:00:00.000Z  papers
                2026-01-01T00:00:00.000Z  photos
                """, cairn.out());
        succeeds("bucket", "rm", "papers");
        assertEquals(List.of("photos"), List.copyOf(s3.buckets.keySet()));
    }

    @Test
    void aFileGoesUpAndComesBack() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("notes.txt", 100_000);
        succeeds("object", "put", file.toString(), "b/deep/ä +%&~.txt");
        assertEquals("text/plain", stored("b", "deep/ä +%&~.txt").type());
        var back = home.resolve("back");
        succeeds("object", "get", "s3://b/deep/ä +%&~.txt", back.toString());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(back));
        succeeds("object", "get", "b/deep/ä +%&~.txt", "-");
        assertArrayEquals(Files.readAllBytes(file), cairn.outBytes());
    }

    @Test
    void theKeyIsTheFilesNameWhereNoneIsGiven() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("x.bin", 0);
        succeeds("object", "put", file.toString(), "b");
        succeeds("object", "put", file.toString(), "b/dir/");
        assertEquals(List.of("dir/x.bin", "x.bin"), List.copyOf(Objects.requireNonNull(s3.buckets.get("b")).keySet()));
        var into = Files.createDirectory(home.resolve("into"));
        succeeds("object", "get", "b/dir/x.bin", into.toString());
        assertEquals(0, Files.size(into.resolve("x.bin")));
    }

    @Test
    void aKeyCannotChooseAFileOutsideTheDirectory() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("x", 1);
        succeeds("object", "put", file.toString(), "b/a/..");
        fails(2, "the key does not end in a file's name; say where: bin/cairn object get b/a/.. FILE", "object", "get", "b/a/..",
                home.toString());
    }

    @Test
    void aLargeFileGoesInParts() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("large.iso", (int) (ObjectUpload.SINGLE_BYTES + 12_345));
        cairn.errTerminal = true;
        succeeds("object", "put", file.toString(), "b");
        assertArrayEquals(Files.readAllBytes(file), stored("b", "large.iso").bytes());
        assertEquals("etag-3", stored("b", "large.iso").etag());
        assertTrue(s3.uploads.isEmpty());
    }

    @Test
    void aStreamGoesInPartsOnceItIsLong() {
        succeeds("bucket", "create", "b");
        for (int bytes : new int[]{0, 10, (int) ObjectUpload.PART_BYTES, (int) ObjectUpload.PART_BYTES * 2 + 1}) {
            cairn.in = new byte[bytes];
            new Random(bytes).nextBytes(cairn.in);
            succeeds("object", "put", "-", "b/stream");
            assertArrayEquals(cairn.in, stored("b", "stream").bytes());
            assertEquals(bytes >= ObjectUpload.PART_BYTES, stored("b", "stream").etag().startsWith("etag-"));
        }
    }

    @Test
    void aBusyServerIsAskedAgainButNotForEver() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("x", 1000);
        s3.failures.addAll(List.of(503, 500));
        succeeds("object", "put", file.toString(), "b");
        assertEquals(1000, stored("b", "x").bytes().length);
        s3.failures.addAll(List.of(503, 503, 503, 503));
        fails(1, "SlowDown: said the fake; try again in a while", "object", "rm", "b/x");
        assertEquals(1000, stored("b", "x").bytes().length);
    }

    @Test
    void aFailedUploadInPartsIsAborted() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("large", (int) ObjectUpload.SINGLE_BYTES + 1);
        s3.refuseParts = true;
        fails(1, "EntityTooSmall: said the fake", "object", "put", file.toString(), "b");
        assertTrue(s3.uploads.isEmpty());
        assertTrue(Objects.requireNonNull(s3.buckets.get("b")).isEmpty());
    }

    @Test
    void listsPageAfterPage() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("x", 7);
        for (var key : List.of("a", "b/1", "b/2", "c", "d", "e", "f\nred\u001b[31m"))
            succeeds("object", "put", file.toString(), "b/" + key);
        succeeds("object", "ls", "b", "-o", "table");
        assertEquals("""
                          size  modified                  key
                                                          b/
                             7  2026-01-02T00:00:00.000Z  a
                             7  2026-01-02T00:00:00.000Z  c
                             7  2026-01-02T00:00:00.000Z  d
                             7  2026-01-02T00:00:00.000Z  e
                             7  2026-01-02T00:00:00.000Z  f\\u000ared\\u001b[31m
                """, cairn.out());
        succeeds("object", "ls", "b/b/", "--recursive");
        assertEquals("""
                [ {
                  "size" : 7,
                  "modified" : "2026-01-02T00:00:00.000Z",
                  "key" : "b/1"
                }, {
                  "size" : 7,
                  "modified" : "2026-01-02T00:00:00.000Z",
                  "key" : "b/2"
                } ]
                """, cairn.out());
    }

    @Test
    void statTellsOfTheObjectAndNotOfTheAnswer() throws IOException {
        succeeds("bucket", "create", "b");
        succeeds("object", "put", file("x.md", 5).toString(), "b");
        succeeds("object", "stat", "b/x.md", "-o", "table");
        assertTrue(cairn.out().contains("content-length                    5\n"), cairn.out());
        assertTrue(cairn.out().contains("content-type                      text/markdown\n"), cairn.out());
        assertFalse(cairn.out().contains("date"), cairn.out());
    }

    @Test
    void removesObjects() throws IOException {
        succeeds("bucket", "create", "b");
        var file = file("x", 1).toString();
        succeeds("object", "put", file, "b/1");
        succeeds("object", "put", file, "b/2");
        succeeds("object", "rm", "b/1", "b/2", "b/never-was");
        assertTrue(Objects.requireNonNull(s3.buckets.get("b")).isEmpty());
    }

    @Test
    void refusalsNameTheNextStep() throws IOException {
        fails(1, "NoSuchBucket: said the fake; make it with: bin/cairn bucket create none", "object", "put",
                file("x", 1).toString(), "none");
        fails(1, "NoSuchBucket: said the fake; see which there are with: bin/cairn bucket ls", "bucket", "rm", "none");
        succeeds("bucket", "create", "b");
        fails(1, "NoSuchKey: said the fake; see what is there with: bin/cairn object ls b", "object", "get", "b/x");
        fails(1, "NoSuchKey; see what is there with: bin/cairn object ls b", "object", "stat", "b/x");
        fails(1, "BucketAlreadyExists: said the fake; choose another name", "bucket", "create", "b");
        fails(1, home + "/none does not exist", "object", "put", home + "/none", "b");
        fails(2, "`b` names no object; one is BUCKET/KEY", "object", "get", "b");
        fails(2, "`b/x` is an object; a bucket's name has no /", "bucket", "create", "b/x");
        fails(2, "--output cannot be `xml`; it must be table or json", "bucket", "ls", "-o", "xml");
        cairn.environment.put("AWS_SECRET_ACCESS_KEY", "wrong");
        fails(1, "SignatureDoesNotMatch: said the fake; take the server's own keys with: eval \"$(bin/cairn env)\","
                + " or name its data directory with --data", "bucket", "ls");
    }

    @Test
    void aDownloadThatDoesNotFitItsETagLeavesNoFile() throws IOException {
        succeeds("bucket", "create", "b");
        Objects.requireNonNull(s3.buckets.get("b")).put("x",
                new FakeS3.Stored("damaged".getBytes(StandardCharsets.UTF_8), "a/b", "00000000000000000000000000000000"));
        assertEquals(1, cairn.run("object", "get", "b/x", home.resolve("x").toString()));
        assertTrue(cairn.err().contains("what came has"), cairn.err());
        try (var files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void serverAndKeysAreFoundInTheDataDirectory() throws IOException {
        cairn.environment.clear();
        var data = Files.createDirectory(home.resolve("cairn-data"));
        Files.writeString(data.resolve("root-key"), FakeS3.KEYS.accessKey() + "\n" + FakeS3.KEYS.secretKey() + "\n");
        cairn.serves(s3.endpoint().toString());
        succeeds("bucket", "create", "b");
        assertEquals(List.of("b"), List.copyOf(s3.buckets.keySet()));
        succeeds("status", "-o", "table");
        assertTrue(cairn.out().contains("aws         up          " + s3.endpoint()), cairn.out());
    }

    @Test
    void aBundleThatCannotBeReadIsNamed() throws IOException {
        cairn.environment.put("AWS_CA_BUNDLE",
                Files.writeString(home.resolve("bundle.pem"), "-----BEGIN CERTIFICATE-----").toString());
        assertEquals(1, cairn.run("bucket", "ls"));
        assertTrue(cairn.err().startsWith("cairn: [" + home + "/bundle.pem] cannot be read as certificates ("), cairn.err());
        assertTrue(cairn.err().endsWith("); get the server's with: bin/cairn cert\n"), cairn.err());
    }

    @Test
    void withoutServerOrKeysItSaysWhatToDo() {
        s3.close();
        fails(1, "no server at " + s3.endpoint() + "; start one with: bin/cairn server", "bucket", "ls");
        fails(1, "no server at " + s3.endpoint() + "; start one with: bin/cairn server", "status");
        cairn.environment.clear();
        fails(1, "no server at http://127.0.0.1:4566; start one with: bin/cairn server", "bucket", "ls");
        fails(1, "no keys: there is no " + home + "/cairn-data/root-key; name the server's data directory with --data,"
                + " or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "bucket", "ls", "--endpoint", "http://127.0.0.1:1");
        fails(2, "`localhost` is no endpoint; one looks like http://127.0.0.1:4566", "bucket", "ls", "--endpoint", "localhost");
    }
}
