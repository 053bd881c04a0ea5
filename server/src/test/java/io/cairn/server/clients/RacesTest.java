package io.cairn.server.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Sixteen clients make the same conditional change at once: one of them succeeds, the others are told that they did not, and what is
/// stored is the winner's.
class RacesTest {
    private static final int CLIENTS = 16;
    private static final String BUCKET = "races";

    /// What all of them try.
    private enum Race {
        PUT_IF_ABSENT, PUT_IF_MATCH, COMPLETE_IF_ABSENT, COPY_IF_ABSENT, DELETE_IF_MATCH
    }

    @TempDir
    Path directory;

    @Test
    void oneWins() throws Exception {
        run(50);
    }

    @Test
    @Tag("long")
    void oneWinsEachOfAThousand() throws Exception {
        run((int) LongRun.scaled(1000));
    }

    private void run(int races) throws Exception {
        var won = new EnumMap<Race, Integer>(Race.class);
        try (var server = RunningServer.start(directory);
                var s3 = SdkClient.of(server);
                var clients = Executors.newFixedThreadPool(CLIENTS)) {
            s3.createBucket(b -> b.bucket(BUCKET));
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                s3.putObject(b -> b.bucket(BUCKET).key("source-" + client), RequestBody.fromString(body(0, client)));
            }
            for (int number = 1; number <= races; number++) {
                var race = Race.values()[number % Race.values().length];
                race(s3, clients, race, number);
                won.merge(race, 1, Integer::sum);
            }
        }
        System.out.println("races with one winner: " + won);
    }

    /// A copy has one state of its source, whole, however often that is replaced meanwhile; and no copy fails for it.
    @Test
    void copiesOfWhatIsReplacedMeanwhile() throws Exception {
        int copies = 40;
        try (var server = RunningServer.start(directory);
                var s3 = SdkClient.of(server);
                var clients = Executors.newFixedThreadPool(CLIENTS)) {
            s3.createBucket(b -> b.bucket(BUCKET));
            s3.putObject(b -> b.bucket(BUCKET).key("source"), RequestBody.fromString(body(0, 0)));
            var ended = new AtomicBoolean();
            var writers = new ArrayList<Future<Integer>>();
            var copiers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                if (client < CLIENTS / 2)
                    writers.add(clients.submit(() -> {
                        int number = 0;
                        while (!ended.get()) {
                            int written = ++number;
                            s3.putObject(b -> b.bucket(BUCKET).key("source"), RequestBody.fromString(body(written, client)));
                        }
                        return number;
                    }));
                else
                    copiers.add(clients.submit(() -> {
                        for (int number = 0; number < copies; number++) {
                            var key = "copy " + client + " " + number;
                            s3.copyObject(b -> b.sourceBucket(BUCKET).sourceKey("source").destinationBucket(BUCKET)
                                    .destinationKey(key));
                            var copy = s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asString(UTF_8);
                            assertTrue(copy.matches("race \\d+ client \\d+"), copy);
                        }
                        return copies;
                    }));
            }
            int copied = 0;
            try {
                for (var copier : copiers)
                    copied += copier.get();
            } finally {
                ended.set(true);
            }
            int written = 0;
            for (var writer : writers)
                written += writer.get();
            assertEquals(CLIENTS / 2 * copies, copied);
            System.out.println("copies: " + copied + " while their source was written " + written + " times");
        }
    }

    private static String body(int race, int client) {
        return "race " + race + " client " + client;
    }

    private static void race(S3Client s3, ExecutorService clients, Race race, int number) throws Exception {
        var key = "key-" + number;
        var before = race == Race.PUT_IF_MATCH || race == Race.DELETE_IF_MATCH
                ? s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString("before")).eTag()
                : "";
        var uploads = race == Race.COMPLETE_IF_ABSENT ? uploads(s3, key, number) : List.<Upload>of();
        var start = new CyclicBarrier(CLIENTS);
        var attempts = new ArrayList<Future<Integer>>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            attempts.add(clients.submit(() -> {
                start.await();
                try {
                    attempt(s3, race, number, client, key, before, uploads);
                    return 200;
                } catch (S3Exception e) {
                    return e.statusCode();
                }
            }));
        }
        var winners = new ArrayList<Integer>();
        for (int i = 0; i < CLIENTS; i++) {
            int status = attempts.get(i).get();
            if (status == 200)
                winners.add(i);
            else
                assertTrue(status == 412 || status == 409 || status == 404 && race == Race.DELETE_IF_MATCH,
                        race + " was answered " + status);
        }
        assertEquals(1, winners.size(), () -> "winners of race " + number + ", " + race + ": " + winners);
        if (race == Race.DELETE_IF_MATCH)
            assertEquals(0, s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(key)).keyCount());
        else
            assertEquals(body(race == Race.COPY_IF_ABSENT ? 0 : number, winners.getFirst()),
                    s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asString(UTF_8));
    }

    private record Upload(String id, String etag) {}

    private static List<Upload> uploads(S3Client s3, String key, int number) {
        var uploads = new ArrayList<Upload>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            var id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key(key)).uploadId();
            var etag = s3.uploadPart(b -> b.bucket(BUCKET).key(key).uploadId(id).partNumber(1),
                    RequestBody.fromString(body(number, client))).eTag();
            uploads.add(new Upload(id, etag));
        }
        return uploads;
    }

    private static void attempt(S3Client s3, Race race, int number, int client, String key, String before,
            List<Upload> uploads) throws IOException {
        switch (race) {
            case PUT_IF_ABSENT -> s3.putObject(b -> b.bucket(BUCKET).key(key).ifNoneMatch("*"),
                    RequestBody.fromString(body(number, client)));
            case PUT_IF_MATCH -> s3.putObject(b -> b.bucket(BUCKET).key(key).ifMatch(before),
                    RequestBody.fromString(body(number, client)));
            case COMPLETE_IF_ABSENT -> {
                var upload = uploads.get(client);
                s3.completeMultipartUpload(b -> b.bucket(BUCKET).key(key).uploadId(upload.id()).ifNoneMatch("*")
                        .multipartUpload(
                                m -> m.parts(List.of(CompletedPart.builder().partNumber(1).eTag(upload.etag()).build()))));
            }
            case COPY_IF_ABSENT -> s3.copyObject(b -> b.sourceBucket(BUCKET).sourceKey("source-" + client)
                    .destinationBucket(BUCKET).destinationKey(key).ifNoneMatch("*"));
            case DELETE_IF_MATCH -> s3.deleteObject(b -> b.bucket(BUCKET).key(key).ifMatch(before));
        }
    }
}
