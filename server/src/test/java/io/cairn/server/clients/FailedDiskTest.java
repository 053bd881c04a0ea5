package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A disk that takes no more, under the server's own process: every client is told in S3's words, the process ends with a status that
/// makes a supervisor start it again, and nothing that was acknowledged is lost.
class FailedDiskTest {
    private static final String BUCKET = "failing";
    private static final int OBJECT_BYTES = 100_000;
    private static final int MAX_PUTS = 2000;
    @TempDir
    Path directory;
    private final Map<String, byte[]> acknowledged = new TreeMap<>();
    private int puts;

    private static byte[] content(int number) {
        var bytes = new byte[OBJECT_BYTES];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /// The refusal of the first put that was not acknowledged.
    private S3Exception putUntilRefused(S3Client s3) {
        for (int end = puts + MAX_PUTS; puts < end; puts++) {
            var key = "object-" + puts;
            try {
                s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromBytes(content(puts)));
                acknowledged.put(key, content(puts));
            } catch (S3Exception e) {
                puts++;
                return e;
            }
        }
        throw new AssertionError(MAX_PUTS + " objects were taken and the disk did not fail");
    }

    private void assertAllThere(S3Client s3) {
        acknowledged.forEach((key, content) -> assertArrayEquals(content,
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asByteArray(), key));
        var listed = new ArrayList<String>();
        s3.listObjectsV2Paginator(b -> b.bucket(BUCKET)).contents().forEach(object -> listed.add(object.key()));
        assertTrue(listed.containsAll(acknowledged.keySet()), "the listing has what was acknowledged");
        // What was refused as InternalError may have been kept, but only whole.
        listed.removeAll(acknowledged.keySet());
        for (var key : listed)
            assertArrayEquals(content(Integer.parseInt(key.substring(key.indexOf('-') + 1))),
                    s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asByteArray(), key);
    }

    private static HttpResponse<String> get(URI console, String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(console.resolve(path)).build(), BodyHandlers.ofString());
        }
    }

    /// The log of a process whose files cannot grow fails like one on a broken disk: in the middle of a write.
    @Test
    void theServerSaysSoAndEndsAndLosesNothing() throws Exception {
        var launch = new RunningServer.Launch(directory).withOptions("--min-free", "0");
        try (var whole = launch.start(); var s3 = SdkClient.of(whole)) {
            assertEquals(200, get(whole.console(), "/health/ready").statusCode());
            s3.createBucket(b -> b.bucket(BUCKET));
            s3.putObject(b -> b.bucket(BUCKET).key("before"), RequestBody.fromBytes(content(0)));
            acknowledged.put("before", content(0));
        }
        try (var failing = launch.withFileKib(6 << 10).start(); var s3 = SdkClient.of(failing)) {
            var refused = putUntilRefused(s3);
            assertTrue(refused.statusCode() == 500 || refused.statusCode() == 503, refused.toString());
            assertTrue(List.of("InternalError", "ServiceUnavailable").contains(refused.awsErrorDetails().errorCode()),
                    refused.toString());
            assertFalse(String.valueOf(refused.getMessage()).contains("Exception"), refused.getMessage());
            assertEquals(1, failing.awaitEnd());
            var said = failing.errors().strip().lines().toList();
            assertTrue(said.getLast()
                    .matches("cairn: the store of s3 has failed: .*; the server ends, what was acknowledged is safe:"
                            + " see to the disk and start it again"),
                    failing.errors());
            assertThrows(SdkClientException.class, s3::listBuckets);
        }
        assertTrue(acknowledged.size() > 10, "too few were taken before the disk failed: " + acknowledged.size());
        try (var mended = launch.start(); var s3 = SdkClient.of(mended)) {
            assertAllThere(s3);
            s3.putObject(b -> b.bucket(BUCKET).key("after"), RequestBody.fromString("taken again"));
        }
    }

    /// A real file system that gets full, as root: once with the floor, where the server goes on, once without, where it ends.
    @Test
    @Tag("long")
    void aFullDiskRefusesUploadsAndLosesNothing() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "not run: needs root to mount a file system");
        var image = directory.resolve("image");
        var mounted = Files.createDirectory(directory.resolve("mounted"));
        run("truncate", "-s", "300M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), mounted.toString());
        try {
            fill(new RunningServer.Launch(directory).withData(mounted.resolve("data")), mounted.resolve("ballast"));
        } finally {
            run("umount", mounted.toString());
        }
    }

    private void fill(RunningServer.Launch launch, Path ballast) throws Exception {
        try (var server = launch.withOptions("--min-free", "100m").start(); var s3 = SdkClient.of(server)) {
            s3.createBucket(b -> b.bucket(BUCKET));
            var refused = putUntilRefused(s3);
            assertEquals(507, refused.statusCode(), refused.toString());
            assertEquals("InsufficientStorage", refused.awsErrorDetails().errorCode());
            assertAllThere(s3);
            assertEquals(200, get(server.console(), "/health/ready").statusCode());
            var gone = List.copyOf(acknowledged.keySet()).subList(0, 20);
            for (var key : gone)
                s3.deleteObject(b -> b.bucket(BUCKET).key(key));
            gone.forEach(acknowledged::remove);
            assertEquals("", server.errors());
        }
        try (var server = launch.withOptions("--min-free", "0").start(); var s3 = SdkClient.of(server)) {
            Files.write(ballast, new byte[40 << 20]);
            var refused = putUntilRefused(s3);
            assertTrue(refused.statusCode() == 500 || refused.statusCode() == 503, refused.toString());
            assertEquals(1, server.awaitEnd());
        }
        Files.delete(ballast);
        try (var server = launch.withOptions("--min-free", "0").start(); var s3 = SdkClient.of(server)) {
            assertAllThere(s3);
            s3.putObject(b -> b.bucket(BUCKET).key("after"), RequestBody.fromString("taken again"));
        }
        System.out.println("full disk: " + acknowledged.size() + " objects of " + OBJECT_BYTES + " bytes kept through both");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    }
}
