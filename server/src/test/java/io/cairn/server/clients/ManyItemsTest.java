package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// More items than the server's heap could hold: they go in in batches, and two Scans, one from page to page and one in four segments at once,
/// bring each back once, while the server's memory stays as it is.
@Tag("long")
class ManyItemsTest {
    private static final String TABLE = "many";
    private static final int FULL = 10_000_000;
    private static final int BATCH = 25;
    private static final int CONNECTIONS = 8;
    private static final int SEGMENTS = 4;
    private static final long BYTES_AN_ITEM = 400;
    /// The heap of 512 MiB, and beside it RocksDB's memory, buffers, code and threads.
    private static final long MAX_SERVER_KIB = 1_000_000;
    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("unchecked") // the SDK's varargs of builders
    void tenMillionItemsAndTwoScansOfThemOnAHeapOf512Mebibytes() throws Exception {
        int items = (int) (LongRun.scaled(FULL) / BATCH / CONNECTIONS * BATCH * CONNECTIONS);
        LongRun.needFree(directory, items * BYTES_AN_ITEM);
        try (var server = new RunningServer.Launch(directory).withHeap("512m").start(); var client = client(server)) {
            client.createTable(b -> b.tableName(TABLE).billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(k -> k.attributeName("id").keyType(KeyType.HASH))
                    .attributeDefinitions(a -> a.attributeName("id").attributeType(ScalarAttributeType.S)));
            double filling = timed(() -> fill(client, items));
            long filled = server.memoryKib("VmHWM");
            double paged = timed(() -> List.of(scan(client, 0, 1, items)), items);
            double parallel = timed(() -> inParallel(client, items), items);
            long most = server.memoryKib("VmHWM");
            System.out.printf(
                    "%,d items: put in %.0f s (%,.0f/s); Scan from page to page %.0f s (%,.0f/s), in %d segments at once %.0f s (%,.0f/s); "
                            + "server with a heap of 512 MiB used at most %d MiB after the puts, %d MiB after all (VmHWM)%n",
                    items, filling, items / filling, paged, items / paged, SEGMENTS, parallel, items / parallel, filled >> 10,
                    most >> 10);
            assertTrue(most < MAX_SERVER_KIB, () -> "the server used " + most + " KiB");
            assertEquals("", server.errors());
        }
    }

    private static DynamoDbClient client(RunningServer server) {
        return DynamoDbClient.builder().endpointOverride(URI.create(server.endpoint().toString())).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider
                        .create(AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2))).build();
    }

    private static double timed(Callable<?> work) throws Exception {
        long begun = System.nanoTime();
        work.call();
        return (System.nanoTime() - begun) / 1e9;
    }

    /// Also holds what `scans` saw together against all items.
    private static double timed(Callable<List<BitSet>> scans, int items) throws Exception {
        var all = new BitSet(items);
        double seconds = timed(() -> {
            int sum = 0;
            for (var seen : scans.call()) {
                all.or(seen);
                sum += seen.cardinality();
            }
            assertEquals(items, sum, "each item once");
            return sum;
        });
        assertEquals(items, all.cardinality(), "and every one");
        return seconds;
    }

    private static List<Integer> fill(DynamoDbClient client, int items) throws Exception {
        int share = items / CONNECTIONS;
        return all(CONNECTIONS, number -> {
            for (int first = number * share; first < (number + 1) * share; first += BATCH) {
                var writes = IntStream.range(first, first + BATCH)
                        .mapToObj(id -> WriteRequest.builder().putRequest(p -> p.item(item(id))).build()).toList();
                var answer = client.batchWriteItem(b -> b.requestItems(Map.of(TABLE, writes)));
                assertTrue(answer.unprocessedItems().isEmpty());
            }
            return share;
        });
    }

    private static Map<String, AttributeValue> item(int id) {
        return Map.of("id", AttributeValue.fromS("item-%08d".formatted(id)), "square",
                AttributeValue.fromN(Long.toString((long) id * id)));
    }

    private static List<BitSet> inParallel(DynamoDbClient client, int items) throws Exception {
        return all(SEGMENTS, segment -> scan(client, segment, SEGMENTS, items));
    }

    private static BitSet scan(DynamoDbClient client, int segment, int segments, int items) {
        var seen = new BitSet(items);
        for (var page : client.scanPaginator(b -> b.tableName(TABLE).segment(segment).totalSegments(segments)))
            for (var item : page.items()) {
                int number = number(item);
                assertEquals(item(number), item);
                if (seen.get(number))
                    throw new AssertionError(item + " came twice");
                seen.set(number);
            }
        return seen;
    }

    private static int number(Map<String, AttributeValue> item) {
        var id = item.get("id");
        if (id == null || id.s() == null)
            throw new AssertionError("no id: " + item);
        return Integer.parseInt(id.s().substring("item-".length()));
    }

    @FunctionalInterface
    private interface Numbered<T> { T call(int number) throws Exception; }

    private static <T> List<T> all(int count, Numbered<T> work) throws Exception {
        var results = new ArrayList<T>();
        try (var threads = Executors.newFixedThreadPool(count)) {
            var running = new ArrayList<Future<T>>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> work.call(number)));
            }
            for (var each : running)
                results.add(each.get());
        }
        return results;
    }
}
