package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.disk.Disk;
import io.cairn.server.FaceFactory;
import io.cairn.server.Server;
import io.cairn.server.ServerOptions;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.sigv4.SigV4;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A whole server over a disk that breaks: what each kind of request is told, and that the server knows.
class StoreFailureTest {
    private static final byte[] LARGE = new byte[1 << 20]; // a file of its own
    @TempDir
    Path data;
    private final AtomicBoolean broken = new AtomicBoolean();

    private final class ObjectsFace implements FaceFactory {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public OpenFace open(Context context) {
            var log = LogOptions.DEFAULT.withDisks(directory -> new BreakableDisk(Disk.of(directory), broken));
            var store = ObjectStore.open(context.data().resolve("objects"),
                    new ObjectStoreOptions(log, ObjectStoreOptions.DEFAULT.minPartBytes()));
            return new OpenFace(new S3Face(store, S3Settings.DEFAULT, FreeSpace.UNWATCHED,
                    new FormVerifier(new SigV4(context.credentials(), context.clock()), context.clock())), store.failed(), store);
        }
    }

    private Server start() throws Exception {
        var options = ServerOptions.at(data).withPortOffset(OptionalInt.empty())
                .withEnvironment(
                        Map.of("CAIRN_ROOT_ACCESS_KEY", "CAIRNROOTKEY12345678", "CAIRN_ROOT_SECRET_KEY", "s".repeat(40)));
        return Server.start(options, List.of(new ObjectsFace()), InstantSource.system());
    }

    private static S3Client client(Server server) {
        return S3Client.builder().endpointOverride(URI.create(Objects.requireNonNull(server.endpoint("aws")).url()))
                .region(Region.US_EAST_1).forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("CAIRNROOTKEY12345678", "s".repeat(40))))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())).build();
    }

    private static void assertRefused(int status, String code, Executable request) {
        var refused = assertThrows(S3Exception.class, request);
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertEquals(status, refused.statusCode());
    }

    private static String ready(Server server, int status) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var console = Objects.requireNonNull(server.endpoint("console")).url();
            var answer = http.send(HttpRequest.newBuilder(URI.create(console + "/health/ready")).build(),
                    BodyHandlers.ofString());
            assertEquals(status, answer.statusCode());
            return answer.body();
        }
    }

    @Test
    void changesAreRefusedInS3sWordsWhileReadingGoesOn() throws Exception {
        try (var server = start(); var s3 = client(server)) {
            s3.createBucket(b -> b.bucket("disk"));
            s3.putObject(b -> b.bucket("disk").key("small"), RequestBody.fromString("small"));
            s3.putObject(b -> b.bucket("disk").key("large"), RequestBody.fromBytes(LARGE));
            var upload = s3.createMultipartUpload(b -> b.bucket("disk").key("parts")).uploadId();
            var cut = assertThrows(S3Exception.class,
                    () -> s3.putObject(b -> b.bucket("disk").key("x"), breakingHalfWay(16 * LARGE.length)));
            assertEquals("The store could not read or write its files.", cut.awsErrorDetails().errorMessage());
            assertTrue(broken.get());
            // An extent file that cannot be written fails the request alone: nothing of the log has failed.
            assertRefused(500, "InternalError",
                    () -> s3.putObject(b -> b.bucket("disk").key("x"), RequestBody.fromBytes(LARGE)));
            ready(server, 200);
            assertFalse(server.failed().isDone());
            assertRefused(500, "InternalError",
                    () -> s3.putObject(b -> b.bucket("disk").key("x"), RequestBody.fromString("nobody knows")));
            assertEquals("the store of s3 has failed: the disk is gone", server.failed().get(10, TimeUnit.SECONDS));
            assertTrue(ready(server, 503).contains("\"s3\":\"failed: the disk is gone\""));
            assertRefused(503, "ServiceUnavailable",
                    () -> s3.putObject(b -> b.bucket("disk").key("x"), RequestBody.fromString("never tried")));
            assertRefused(503, "ServiceUnavailable", () -> s3.deleteObject(b -> b.bucket("disk").key("small")));
            assertRefused(503, "ServiceUnavailable", () -> s3.createMultipartUpload(b -> b.bucket("disk").key("y")));
            assertRefused(503, "ServiceUnavailable",
                    () -> s3.abortMultipartUpload(b -> b.bucket("disk").key("parts").uploadId(upload)));
            assertRefused(503, "ServiceUnavailable", () -> s3.createBucket(b -> b.bucket("another")));
            assertHolds(s3);
        }
        broken.set(false);
        try (var server = start(); var s3 = client(server)) {
            ready(server, 200);
            assertHolds(s3);
            s3.putObject(b -> b.bucket("disk").key("after"), RequestBody.fromString("taken again"));
        }
    }

    /// A body during which the disk breaks.
    private RequestBody breakingHalfWay(int length) {
        return RequestBody.fromContentProvider(() -> new InputStream() {
            private int sent;

            @Override
            public int read() {
                return read(new byte[1], 0, 1) < 0 ? -1 : 0;
            }

            @Override
            public int read(byte[] into, int offset, int count) {
                if (sent >= length / 2)
                    broken.set(true);
                int some = Math.min(count, length - sent);
                sent += some;
                return some == 0 && count > 0 ? -1 : some;
            }
        }, length, "application/octet-stream");
    }

    private static void assertHolds(S3Client s3) {
        assertEquals("small", s3.getObjectAsBytes(b -> b.bucket("disk").key("small")).asUtf8String());
        assertArrayEquals(LARGE, s3.getObjectAsBytes(b -> b.bucket("disk").key("large")).asByteArray());
        assertTrue(s3.listObjectsV2(b -> b.bucket("disk")).contents().size() >= 2);
    }
}
