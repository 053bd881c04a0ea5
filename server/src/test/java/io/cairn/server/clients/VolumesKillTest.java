package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeType;

/// kill -9 of the server's process at a random instant, with eight connections writing to one volume, over and over on one directory: every block that a FLUSH
/// or FUA was answered for is there, none is torn or old, and what is there is a prefix of what was written: nothing that was written after a lost write was
/// acknowledged. In every fourth round one connection is alone; after every third the next start is killed too.
///
/// `-Dcairn.seed=N` repeats what the clients do and when the kills come; where a kill falls within a request stays the machine's choice.
class VolumesKillTest {
    private static final int CLIENTS = 8;
    @TempDir
    Path directory;

    @Test
    void threeKillsLoseNothingThatWasFlushed() throws Exception {
        kill(3);
    }

    @Test
    @org.junit.jupiter.api.Tag("long")
    void twoHundredKillsLoseNothingThatWasFlushed() throws Exception {
        kill((int) LongRun.scaled(200));
    }

    private void kill(int rounds) throws Exception {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("server kills, volumes: seed " + seed);
        var random = new SplittableRandom(seed);
        var clients = new ArrayList<KilledDisk>();
        for (int i = 0; i < CLIENTS; i++)
            clients.add(new KilledDisk(i, seed));
        var launch = new RunningServer.Launch(directory);
        var server = launch.start();
        createVolume(server.endpoint(), server);
        for (int round = 1; round <= rounds; round++) {
            // One that is alone is served another way: the thread that reads its requests writes and syncs by itself.
            workUntilKilled(round % 4 == 2 ? clients.subList(0, 1) : clients, server, random.nextInt(1000));
            assertEquals("", server.errors(), "a server says nothing before it is killed");
            if (round % 3 == 0)
                launch.startAndKill(random.nextInt(300, 1500));
            server = launch.start();
            check(clients, server);
        }
        // The check is itself checked: it fails over a block that is older than what was flushed.
        var client = clients.getFirst();
        client.writeOldBlock(server.nbd("disk"));
        var last = server;
        assertThrows(AssertionError.class, () -> client.check(last.nbd("disk")));
        server.close();
        System.out.println("server kills, volumes: " + rounds + " rounds, " + CLIENTS + " connections, "
                + clients.stream().mapToLong(KilledDisk::writes).sum() + " writes, "
                + clients.stream().mapToLong(KilledDisk::flushes).sum()
                + " flushes and FUAs acknowledged, " + clients.stream().mapToLong(KilledDisk::lost).sum()
                + " acknowledged writes without a flush lost");
    }

    private static void createVolume(URI endpoint, RunningServer server) {
        try (var ec2 = Ec2Client.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
            var name = TagSpecification.builder().resourceType(ResourceType.VOLUME)
                    .tags(List.of(Tag.builder().key("Name").value("disk").build())).build();
            ec2.createVolume(v -> v.size(1).volumeType(VolumeType.GP3).availabilityZone("us-east-1a")
                    .tagSpecifications(List.of(name)));
            assertEquals("disk", ec2.describeVolumes().volumes().getFirst().tags().getFirst().value());
        }
    }

    private static void check(List<KilledDisk> clients, RunningServer server) throws IOException {
        long kept = Long.MIN_VALUE;
        long lost = Long.MAX_VALUE;
        for (var client : clients) {
            var found = client.check(server.nbd("disk"));
            kept = Math.max(kept, found.lastKeptSent());
            lost = Math.min(lost, found.firstLostAcknowledged());
        }
        assertTrue(kept <= lost, "a write is there that was sent after a lost one had been acknowledged");
    }

    private static void workUntilKilled(List<KilledDisk> clients, RunningServer server, int millis) throws Exception {
        var results = new ArrayList<Future<@Nullable Void>>();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (var client : clients)
                results.add(threads.submit(() -> {
                    client.work(server.nbd("disk"));
                    return null;
                }));
            try {
                while (clients.stream().anyMatch(KilledDisk::isNew))
                    Thread.sleep(5);
                Thread.sleep(millis);
            } finally { // or clients would work for ever
                clients.forEach(KilledDisk::expectKill);
                server.kill();
            }
            for (var result : results)
                result.get();
        }
    }
}
