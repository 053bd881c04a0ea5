package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a well-behaved client sees.
class FrontDoorTest {
    private OpenDoor open;
    private RawClient client;

    @BeforeEach
    void open() throws IOException {
        open = new OpenDoor(Limits.DEFAULT);
        client = open.connect();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        open.close();
    }

    @Test
    void answersOnAKeptConnection() throws IOException {
        var first = client.get("/hello?1");
        assertEquals(200, first.status());
        assertEquals("hello 1", first.text());
        assertEquals("text/plain", first.header("content-type"));
        assertEquals("Cairn", first.header("server"));
        assertTrue(first.header("x-amz-request-id").matches("[0-9A-F]{16}"), first.header("x-amz-request-id"));
        assertEquals(64, first.header("x-amz-id-2").length());
        assertTrue(first.header("date").matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT"),
                first.header("date"));
        var second = client.get("/hello?2");
        assertEquals("hello 2", second.text());
        assertNotEquals(first.header("x-amz-request-id"), second.header("x-amz-request-id"));
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        var requests = new StringBuilder();
        for (int i = 0; i < 2000; i++)
            requests.append("GET /hello?").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
        requests.append(
                "PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcdeGET /hello?last HTTP/1.1\r\nHost: h\r\n\r\n");
        Thread.ofVirtual().start(() -> {
            try {
                client.send(requests.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < 2000; i++)
            assertEquals("hello " + i, client.read().text());
        assertEquals("abcde", client.read().text());
        assertEquals("hello last", client.read().text());
    }

    @Test
    void aPipelinedRequestWaitsForTheOneBefore() throws Exception {
        client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
        OpenDoor.await(() -> open.face.served.get() == 1, "the first request");
        assertTrue(client.silentFor(100));
        assertEquals(1, open.face.served.get());
        open.face.permits.release();
        assertEquals("held", client.read().text());
        assertEquals("hello ", client.read().text());
    }

    @Test
    void headHasNoBody() throws IOException {
        client.send("HEAD /hello?x HTTP/1.1\r\nHost: h\r\n\r\n");
        var reply = client.readHead();
        assertEquals(200, reply.status());
        assertEquals("7", reply.header("content-length"));
        client.send("HEAD /announced HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals("12345", client.readHead().header("content-length"));
        client.send("HEAD /refuse HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(403, client.readHead().status());
        client.send("HEAD /stored?memory:1000 HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals("1000", client.readHead().header("content-length"));
        assertEquals("hello ", client.get("/hello").text());
        assertEquals(1, open.face.closedObjects.get());
    }

    @Test
    void bodiesOfAllSizesComeWhole() throws IOException {
        var random = new Random(1);
        for (int size : new int[]{0, 1, 1000, 65_536, 65_537, 1 << 20}) {
            var body = new byte[size];
            random.nextBytes(body);
            assertArrayEquals(body, client.put("/echo", body).body(), "echo of " + size);
            assertTrue(client.put("/digest", body).text().startsWith(size + " " + Digests.sha256(body)), "digest of " + size);
        }
    }

    @Test
    void aChunkedBodyIsTaken() throws IOException {
        client.send(String.join("\r\n", "PUT /echo HTTP/1.1", "Host: h", "Transfer-Encoding: chunked", "", "5;a=b", "hello", "1",
                " ", "A",
                "0123456789", "0", "Some: trailer", "", "GET /hello?next HTTP/1.1", "Host: h", "", ""));
        assertEquals("hello 0123456789", client.read().text());
        assertEquals("hello next", client.read().text());
    }

    @Test
    void bytesMayComeOneByOne() throws Exception {
        var request = "\r\nPUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
            client.send(new byte[]{b});
            Thread.sleep(1);
        }
        assertEquals("abc", client.read().text());
    }

    @Test
    void failuresAreAnsweredByTheFace() throws IOException {
        var refused = client.get("/refuse");
        assertEquals(403, refused.status());
        assertEquals("AccessDenied: no", refused.text());
        assertEquals(404, client.get("/nothing").status());
        var broken = client.get("/throw");
        assertEquals(500, broken.status());
        assertEquals("InternalError: We encountered an internal error. Please try again.", broken.text());
        assertEquals("EntityTooLarge", client.put("/echo", new byte[(1 << 20) + 1]).text().substring(0, 14));
    }

    @Test
    void http10ClosesUnlessAsked() throws IOException {
        client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertEquals("keep-alive", client.read().header("connection"));
        client.send("GET /hello HTTP/1.0\r\n\r\n");
        assertEquals("close", client.read().header("connection"));
        assertTrue(client.ended());
    }

    @Test
    void closeIsObeyed() throws IOException {
        client.send("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertEquals("close", client.read().header("connection"));
        assertTrue(client.ended());
    }

    @Test
    void aHalfClosedClientGetsItsAnswer() throws IOException {
        client.send("GET /hello?a HTTP/1.1\r\nHost: h\r\n\r\nGET /hello?b HTTP/1.1\r\nHost: h\r\n\r\n");
        client.socket.shutdownOutput();
        assertEquals("hello a", client.read().text());
        assertEquals("hello b", client.read().text());
        assertTrue(client.ended());
    }

    @Test
    void targetsAreTakenAsTheyAre() throws IOException {
        assertEquals("hello a=%2F&b", client.get("/x/../%2e%2e/hello?a=%2F&b").text());
        assertEquals("hello %C3%A9", client.get("/hello?\u00c3\u00a9").text());
        assertEquals("hello q", client.get("http://h/hello?q").text());
        client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(500, client.read().status(), "the echo face looks for a slash, and its failure costs nobody the connection");
    }

    @Test
    void everyRequestEndsOnce() throws Exception {
        for (int i = 0; i < 20; i++)
            assertEquals(200, client.get("/hello").status());
        OpenDoor.await(() -> open.face.ended.get() == 20, "20 ends");
        var text = open.registry.prometheusText();
        assertTrue(text.contains("cairn_http_requests_total{face=\"s3\",class=\"read\",status=\"200\"} 20\n"), text);
        assertTrue(text.contains("cairn_http_requests_in_flight{face=\"s3\"} 0\n"), text);
        assertTrue(text.contains("cairn_http_connections{port=\"aws\"} 1\n"), text);
    }

    @Test
    void aFullPoolAnswersSlowDown() throws Exception {
        try (var small = new OpenDoor(Limits.DEFAULT.withWorkers(1, 1));
                var one = small.connect();
                var two = small.connect();
                var three = small.connect()) {
            one.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
            OpenDoor.await(() -> small.face.served.get() == 1 && small.workers.waiting() == 0, "a busy worker");
            two.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
            OpenDoor.await(() -> small.workers.waiting() == 1, "a full queue");
            var refused = three.get("/hold");
            assertEquals(503, refused.status());
            assertTrue(refused.text().startsWith("SlowDown"), refused.text());
            assertEquals(503, three.put("/digest", new byte[100_000]).status());
            assertEquals("hello ", three.get("/hello").text());
            small.face.permits.release(2);
            assertEquals("held", one.read().text());
            assertEquals("held", two.read().text());
        }
    }
}
