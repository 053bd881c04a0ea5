package io.cairn.server.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.http.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/// Requests and answers of megabytes, on many connections at once: together they take no more of the heap than a fourth, and who comes too late is told
/// fewer items, or to come again. Without that bound this test ends its own process.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class LargeAnswersTest {
    private static final int ITEMS = 40;
    private static final int CONNECTIONS = 100;
    private static final int BODY_BYTES = 15 << 20;
    private static final long LIMIT = Runtime.getRuntime().maxMemory() / 4;
    private DynamoDbServer server;
    private DynamoDbClient client;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        server = DynamoDbServer.start(directory);
        client = server.client();
        client.createTable(t -> t.tableName("large").billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(a -> a.attributeName("p").attributeType("S"))
                .keySchema(k -> k.attributeName("p").keyType("HASH")));
        var pad = AttributeValue.fromS("x".repeat(390 << 10));
        for (int i = 0; i < ITEMS; i++) {
            var key = AttributeValue.fromS("p" + i);
            client.putItem(p -> p.tableName("large").item(Map.of("p", key, "pad", pad)));
        }
    }

    @AfterAll
    void close() {
        client.close();
        server.close();
    }

    @Test
    void answersThatNobodyReadsLeaveRoomForOthers() throws Exception {
        var keys = new StringBuilder();
        for (int i = 0; i < ITEMS; i++)
            keys.append(i == 0 ? "" : ",").append("{\"p\":{\"S\":\"p").append(i).append("\"}}");
        var request = new SignedPost.Plain(server, "BatchGetItem")
                .sign("{\"RequestItems\":{\"large\":{\"Keys\":[" + keys + "]}}}").wire();
        var waiting = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < CONNECTIONS; i++)
                waiting.add(new RawClient(server.uri().getPort()).send(request));
            await(bytes -> bytes > LIMIT / 2.0);
            for (int i = 0; i < 20; i++) {
                assertTrue(heap() <= 2.0 * LIMIT, () -> "taken of the heap: " + heap());
                assertEquals(List.of(Map.of("p", AttributeValue.fromS("p1"))),
                        client.query(q -> q.tableName("large").keyConditionExpression("p = :p").projectionExpression("p")
                                .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("p1")))).items());
            }
        } finally {
            for (var one : waiting)
                one.close();
        }
        await(bytes -> bytes == 0);
        assertEquals(ITEMS, readAll());
    }

    /// As the SDK's users do: what was not processed is asked for again.
    private int readAll() {
        int found = 0;
        var left = new ArrayList<Map<String, AttributeValue>>();
        for (int i = 0; i < ITEMS; i++)
            left.add(Map.of("p", AttributeValue.fromS("p" + i)));
        for (int asked = 0; !left.isEmpty() && asked < 100; asked++) {
            var now = List.copyOf(left);
            var answer = client.batchGetItem(b -> b.requestItems(Map.of("large", KeysAndAttributes.builder().keys(now).build())));
            found += answer.responses().getOrDefault("large", List.of()).size();
            left.clear();
            answer.unprocessedKeys().values().forEach(more -> left.addAll(more.keys()));
        }
        return found;
    }

    /// The head of a request of 16 MB. Without the body's hash in a header the body is needed to check the signature.
    private byte[] head(String key) {
        var signed = new SignedPost.Plain(server, "PutItem").withKeys(key, "wrong").sign("{}").with("content-length", "16000000");
        var headers = new LinkedHashMap<>(signed.headers());
        headers.remove("x-amz-content-sha256");
        return new SignedPost(signed.method(), headers, signed.body()).wire();
    }

    @Test
    void whoHasNoKeyIsToldBeforeTheBodyComes() throws Exception {
        try (var nobody = new RawClient(server.uri().getPort())) {
            var reply = nobody.send(head("AKNOBODY")).read();
            assertEquals(400, reply.status(), reply::text);
            assertTrue(reply.text().contains("UnrecognizedClientException"), reply::text);
        }
    }

    /// The signature is looked at when the body is there, so nobody knows yet whether it is who it says.
    @Test
    void bodiesThatNeverEndLeaveRoomForOthers() throws Exception {
        var head = head(DynamoDbServer.ROOT_KEY);
        var begun = new byte[BODY_BYTES];
        Arrays.fill(begun, (byte) ' ');
        var waiting = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                var one = new RawClient(server.uri().getPort());
                waiting.add(one);
                one.send(head).send(begun);
            }
            assertTrue(heap() > LIMIT / 4.0, () -> "taken of the heap: " + heap());
            assertTrue(heap() <= LIMIT, () -> "taken of the heap: " + heap());
            var refused = waiting.getLast().read();
            assertEquals(400, refused.status(), refused::text);
            assertTrue(refused.text().contains("ThrottlingException"), refused::text);
            assertEquals(AttributeValue.fromS("p1"),
                    client.getItem(g -> g.tableName("large").key(Map.of("p", AttributeValue.fromS("p1")))
                            .projectionExpression("p")).item().get("p"));
        } finally {
            for (var one : waiting)
                one.close();
        }
        await(bytes -> bytes == 0);
    }

    private void await(DoublePredicate wanted) throws InterruptedException {
        for (int i = 0; i < 600 && !wanted.test(heap()); i++)
            Thread.sleep(50);
        assertTrue(wanted.test(heap()), () -> "taken of the heap: " + heap());
    }

    /// As the server's metrics tell.
    private double heap() {
        var port = Objects.requireNonNull(server.server().endpoint("console")).port();
        try (var http = HttpClient.newHttpClient()) {
            var text = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).timeout(Duration.ofSeconds(30))
                            .build(),
                    BodyHandlers.ofString(UTF_8)).body();
            var found = Pattern.compile("(?m)^cairn_http_heap_bytes\\{port=\"aws\"\\} (\\S+)$").matcher(text);
            assertTrue(found.find(), text);
            return Double.parseDouble(found.group(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
