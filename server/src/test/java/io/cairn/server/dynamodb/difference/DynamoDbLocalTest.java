package io.cairn.server.dynamodb.difference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.dynamodb.DynamoDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same histories to this server, to DynamoDB Local and, half of them, to the model, answer by answer. What differs is in [Deliberate], with
/// AWS's word, or fails this test with the shortest history that shows it. `-Dcairn.seed=N` begins the long run with that history rather than
/// with the sample's. It takes a third of `cairn.long.minutes`: 20,000 histories need 22 minutes of a machine that does nothing else.
@Tag("clients")
class DynamoDbLocalTest {
    private static final long SAMPLE_SEED = 1;
    private static final int SAMPLE = 40;
    /// After so many every entry of [Deliberate] was of use, but for those of chance.
    private static final int LONG = 20_000;
    private static final int LANES = 6;
    private static final int MIN_A_MINUTE = 120;
    private static final int MAX_UNTIL_CAUGHT = 60;
    /// Of the requests of each operation, how many in a hundred histories are carried out at least, and how many kinds of refusals are seen.
    private static final Map<String, Integer> FLOORS = Map.of("PutItem", 500, "UpdateItem", 120, "DeleteItem", 120, "GetItem",
            150, "Query", 250,
            "Scan", 180, "BatchGetItem", 60, "BatchWriteItem", 5, "TransactGetItems", 60, "TransactWriteItems", 50);
    private static final int REFUSALS = 40;

    @TempDir
    Path directory;

    private interface Body { void run(List<Lane> lanes) throws Exception; }

    /// One Cairn for each lane, and one DynamoDB Local, in which each lane is a region.
    private void withLanes(int count, Body body) throws Exception {
        var servers = new ArrayList<DynamoDbServer>();
        try (var local = DynamoDbLocal.start(directory.resolve("dynamodb-local.log"))) {
            var lanes = new ArrayList<Lane>();
            for (int i = 0; i < count; i++) {
                servers.add(DynamoDbServer.start(Files.createDirectory(directory.resolve("lane-" + i))));
                var cairn = new Endpoint(servers.getLast().uri(), "us-east-1");
                lanes.add(new Lane(new Side(cairn), new Side(local.endpoint("lane-" + i))));
            }
            body.run(lanes);
        } finally {
            servers.forEach(DynamoDbServer::close);
        }
    }

    @Test
    void answersLikeDynamoDbLocal() throws Exception {
        withLanes(2, lanes -> {
            var run = compare(lanes, SAMPLE_SEED, SAMPLE, Duration.ofMinutes(10));
            assertEquals(SAMPLE, run.done());
        });
    }

    @Test
    @Tag("long")
    void answersLikeDynamoDbLocalForLong() throws Exception {
        long minutes = Math.max(1, Long.getLong("cairn.long.minutes", 15) / 3);
        long seed = Long.getLong("cairn.seed", SAMPLE_SEED);
        withLanes(LANES, lanes -> {
            var run = compare(lanes, seed, LONG, Duration.ofMinutes(minutes));
            var unused = new ArrayList<>(Deliberate.ALL.stream().map(Deliberate::name).toList());
            unused.removeAll(run.tally().deliberate().keySet());
            unused.removeAll(Deliberate.OF_CHANCE);
            assertTrue(run.done() < LONG || unused.isEmpty(), () -> "differences that there are not: " + unused);
            assertTrue(run.done() >= Math.min(LONG, MIN_A_MINUTE * minutes), () -> "histories: " + run.done());
        });
    }

    private static Run compare(List<Lane> lanes, long seed, int histories, Duration limit) throws Exception {
        System.out.println("difference: seed " + seed + ", up to " + histories + " histories");
        var run = new Run(lanes);
        run.compare(seed, histories, limit);
        var tally = run.tally();
        System.out.println("difference: " + run.done() + " histories in " + run.took().toSeconds() + " s; " + tally.operations()
                + "; " + tally.refusals().size() + " kinds of refusals");
        for (var difference : Deliberate.ALL)
            System.out.println(
                    "difference: " + tally.deliberate().getOrDefault(difference.name(), 0) + " times " + difference.name() + ": "
                            + difference.source());
        assertTrue(run.found().isEmpty(), run::report);
        FLOORS.forEach((operation, floor) -> assertTrue(
                tally.operations().getOrDefault(operation, 0) >= (long) floor * run.done() / 100,
                () -> operation + ": " + tally.operations()));
        assertTrue(run.done() < SAMPLE || tally.refusals().size() >= REFUSALS, () -> "refusals: " + tally.refusals().keySet());
        return run;
    }

    /// A comparison that lets wrong answers pass shows nothing.
    @Test
    void plantedFaultsAreCaught() throws Exception {
        withLanes(1, lanes -> {
            var cairn = lanes.getFirst().cairn();
            var local = lanes.getFirst().local();
            var histories = new Histories("p");
            new Differ(cairn, local, histories, new Tally()).makeTables();
            var missed = new ArrayList<String>();
            JqwikSession.run(() -> {
                for (var fault : Planted.Fault.values())
                    if (!isCaught(new Differ(new Planted(cairn, fault), local, histories, new Tally()), histories))
                        missed.add(fault.name());
            });
            assertEquals(List.of(), missed);
        });
    }

    private static boolean isCaught(Differ differ, Histories histories) throws IOException {
        for (long seed = SAMPLE_SEED; seed <= MAX_UNTIL_CAUGHT; seed++)
            if (!differ.run(histories.of(seed)).isEmpty())
                return true;
        return false;
    }
}
