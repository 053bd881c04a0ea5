package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every bound of [Limits] and what happens there.
class LimitsTest {
    private OpenDoor open;
    private RawClient client;

    @BeforeEach
    void open() throws IOException {
        open = new OpenDoor(OpenDoor.QUICK);
        client = open.connect();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        open.close();
    }

    @Test
    void aSlowHeadIsCut() throws Exception {
        client.send("GET /hello HTTP/1.1\r\n");
        for (int i = 0; i < 8; i++) {
            Thread.sleep(60);
            try {
                client.send("X-" + i + ": dripping\r\n");
            } catch (IOException e) {
                break;
            }
        }
        var reply = client.read();
        assertEquals(408, reply.status());
        assertTrue(reply.text().startsWith("RequestTimeout"), reply.text());
        assertTrue(client.ended());
        assertEquals(0, open.face.served.get());
    }

    @Test
    void aSlowBodyIsCut() throws Exception {
        client.send("PUT /digest HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 12 && open.face.failures.isEmpty(); i++) {
            client.send("b");
            Thread.sleep(60);
        }
        assertEquals(408, client.read().status());
        assertTrue(client.ended());
        OpenDoor.await(() -> open.face.failures.size() == 1, "the receiver's failure");
        assertEquals("RequestTimeout", open.face.failures.getFirst());
        assertEquals(0, open.face.completed.get());
    }

    @Test
    void aBodyThatStallsAfterABurstIsCut() throws Exception {
        client.send("PUT /digest HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n").send(new byte[500_000]);
        assertEquals(408, client.read().status());
        assertTrue(client.ended());
    }

    @Test
    void aBodyThatIsFastEnoughIsNot() throws Exception {
        client.send("PUT /digest HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n");
        // 1000 B/s over more than two windows.
        for (int i = 0; i < 20; i++) {
            client.send(new byte[100]);
            Thread.sleep(60);
        }
        assertEquals(200, client.read().status());
    }

    @Test
    void aServerThatIsSlowToTakeABodyBlamesNobody() throws Exception {
        client.send("PUT /take HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
        var sender = Thread.ofVirtual().start(() -> {
            try {
                client.send(new byte[2_000_000]);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Thread.sleep(1000);
        assertTrue(open.face.failures.isEmpty());
        open.face.permits.release(1_000_000);
        assertEquals(200, client.read().status());
        sender.join();
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        assertEquals(200, client.get("/hello").status());
        assertTrue(client.ended());
        try (var silent = open.connect()) {
            assertTrue(silent.ended());
        }
    }

    @Test
    void aReaderThatTakesNothingIsCut() throws Exception {
        client.socket.setReceiveBufferSize(4096);
        client.send("GET /stored?memory:50000000 HTTP/1.1\r\nHost: h\r\n\r\n");
        OpenDoor.await(() -> open.face.closedObjects.get() == 1, "the object closed");
        OpenDoor.await(() -> open.door.connectionCount() == 0, "the connection closed");
    }

    @Test
    void aLargeHeadIsRefused() throws IOException {
        var fits = client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(60_000) + "\r\n\r\n").read();
        assertEquals(200, fits.status());
        var reply = client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(100_000) + "\r\n\r\n").read();
        assertEquals(431, reply.status());
        assertTrue(reply.text().startsWith("RequestHeaderSectionTooLarge"), reply.text());
        assertTrue(client.ended());
    }

    @Test
    void anEndlessLineIsRefused() throws IOException {
        assertEquals(431, client.send("G".repeat(70_000)).read().status());
        assertTrue(client.ended());
    }

    @Test
    void manyHeadersAreRefused() throws IOException {
        assertEquals(200, client.send("GET /hello HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(99) + "\r\n").read().status());
        assertEquals(431, client.send("GET /hello HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(100) + "\r\n").read().status());
        assertTrue(client.ended());
    }

    @Test
    void connectionsAreCapped() throws Exception {
        try (var small = new OpenDoor(Limits.DEFAULT.withConnections(3, 3))) {
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < 3; i++) {
                clients.add(small.connect());
                assertEquals(200, clients.getLast().get("/hello").status());
            }
            try (var more = small.connect()) {
                assertTrue(more.ended());
            }
            clients.removeFirst().close();
            OpenDoor.await(() -> small.door.connectionCount() == 2, "room for another");
            try (var next = small.connect()) {
                assertEquals(200, next.get("/hello").status());
            }
            for (var each : clients)
                each.close();
        }
    }

    @Test
    void connectionsOfOneAddressAreCapped() throws Exception {
        try (var small = new OpenDoor(Limits.DEFAULT.withConnections(10, 1)); var first = small.connect()) {
            assertEquals(200, first.get("/hello").status());
            try (var more = small.connect()) {
                assertTrue(more.ended());
            }
            assertEquals(200, first.get("/hello").status());
        }
    }
}
