package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.testkit.KilledTable;
import io.cairn.kv.testkit.KilledWrites.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// kill -9 of the server's process at a random instant, with clients at work on items over the network, over and over on one directory: nothing
/// that a client was told is lost, no transaction is half there, the indexes equal the table, and the stream tells every change of every
/// item once and in order. Every third round the next start is killed too, in the midst of recovery.
///
/// `-Dcairn.seed=N` repeats what the clients do and when the kills come; where a kill falls within a request stays the machine's choice.
class ItemsKillTest {
    private static final int CLIENTS = 8;
    private static final int FIRST_ANSWERS_SECONDS = 60;
    @TempDir
    Path directory;

    @Test
    void threeKillsLoseNothingThatAClientWasTold() throws Exception {
        kill(3);
    }

    @Test
    @Tag("long")
    void aHundredKillsLoseNothingThatAClientWasTold() throws Exception {
        kill((int) LongRun.scaled(100));
    }

    private void kill(int rounds) throws Exception {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("server kills, items: seed " + seed);
        var random = new SplittableRandom(seed);
        var clients = new ArrayList<KilledItems>();
        for (int i = 0; i < CLIENTS; i++)
            clients.add(new KilledItems(i, seed));
        var launch = new RunningServer.Launch(directory);
        var server = launch.start();
        try (var items = items(server)) {
            KilledItems.createTable(items);
        }
        for (int round = 1; round <= rounds; round++) {
            workUntilKilled(clients, server, random.nextInt(1000));
            assertEquals("", server.errors(), "a server says nothing before it is killed");
            if (round % 3 == 0)
                launch.startAndKill(random.nextInt(300, 1500));
            server = launch.start();
            check(clients, server);
        }
        seesWhatIsLost(clients, server);
        server.close();
        var summary = new ArrayList<String>();
        for (var kind : Kind.values())
            summary.add(acknowledged(clients, kind) + " " + kind);
        System.out.println("server kills, items: " + rounds + " rounds, " + CLIENTS + " clients, acknowledged " + summary);
    }

    /// The check is itself checked: it fails over an item that is gone.
    private static void seesWhatIsLost(List<KilledItems> clients, RunningServer server) {
        try (var items = items(server); var streams = streams(server)) {
            var client = clients.getFirst();
            client.putFirst(items);
            KilledItems.checkAll(items, streams, clients);
            client.check(items);
            items.deleteItem(d -> d.tableName(KilledTable.NAME).key(client.firstKey()));
            assertThrows(AssertionError.class, () -> client.check(items));
        }
    }

    private static void check(List<KilledItems> clients, RunningServer server) {
        try (var items = items(server); var streams = streams(server)) {
            clients.forEach(client -> client.check(items));
            KilledItems.checkAll(items, streams, clients);
        }
    }

    private static StaticCredentialsProvider credentials(RunningServer server) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey()));
    }

    private static DynamoDbClient items(RunningServer server) {
        return DynamoDbClient.builder().endpointOverride(URI.create(server.endpoint().toString())).region(Region.US_EAST_1)
                .credentialsProvider(credentials(server))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(5)))
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())).build();
    }

    private static DynamoDbStreamsClient streams(RunningServer server) {
        return DynamoDbStreamsClient.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(credentials(server)).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    private static void workUntilKilled(List<KilledItems> clients, RunningServer server, int millis) throws Exception {
        var killed = new AtomicBoolean();
        var results = new ArrayList<Future<@Nullable Void>>();
        int before = acknowledged(clients, Kind.TRANSACT);
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory()); var items = items(server)) {
            for (var client : clients)
                results.add(threads.submit(work(client, items, killed)));
            try {
                awaitMore(clients, before, results);
                Thread.sleep(millis);
            } finally { // or clients would work for ever
                killed.set(true);
                server.kill();
            }
            for (var result : results)
                result.get();
        }
    }

    /// So that no round is empty, however slow the machine.
    private static void awaitMore(List<KilledItems> clients, int before, List<Future<@Nullable Void>> results) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_ANSWERS_SECONDS);
        while (acknowledged(clients, Kind.TRANSACT) == before) {
            for (var result : results)
                if (result.isDone())
                    result.get(); // throws what ended it
            assertTrue(System.nanoTime() < until, "no transaction was answered");
            Thread.sleep(5);
        }
    }

    private static int acknowledged(List<KilledItems> clients, Kind kind) {
        return clients.stream().mapToInt(client -> client.acknowledged(kind)).sum();
    }

    private static Callable<@Nullable Void> work(KilledItems client, DynamoDbClient items, AtomicBoolean killed) {
        return () -> {
            try {
                while (true)
                    client.step(items);
            } catch (SdkException e) {
                if (!killed.get())
                    throw e;
                return null;
            }
        };
    }
}
