package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bodies that wait, that nobody reads, and that are cut.
class BodyTest {
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
    void continueIsSaidWhenTheBodyIsWanted() throws IOException {
        client.send("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        assertEquals(100, client.read().status());
        assertEquals("abc", client.send("abc").read().text());
        assertEquals(200, client.get("/hello").status());
    }

    @Test
    void continueIsNotSaidWhenTheAnswerIsKnown() throws IOException {
        client.send("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        var reply = client.read();
        assertEquals(403, reply.status());
        assertEquals("close", reply.header("connection"));
        assertTrue(client.ended());
    }

    @Test
    void continueIsNotSaidWhenTheBodyIsThereAlready() throws IOException {
        client.send("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
        assertEquals("abc", client.read().text());
    }

    @Test
    void aSmallUnreadBodyIsDrained() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals("ignored", client.put("/ignore", new byte[500_000]).text());
            assertEquals("hello ", client.get("/hello").text());
        }
        client.send("PUT /ignore HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertEquals("ignored", client.read().text());
        client.send("3\r\nabc\r\n0\r\n\r\n");
        assertEquals("hello ", client.get("/hello").text());
    }

    @Test
    void aLargeUnreadBodyClosesAndTheAnswerIsSeen() throws IOException {
        client.send("PUT /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n");
        // The client writes on for a while, as clients do, and only then reads: a reset would have eaten the answer.
        for (int i = 0; i < 100; i++)
            client.send(new byte[100_000]);
        var reply = client.read();
        assertEquals("ignored", reply.text());
        assertEquals("close", reply.header("connection"));
        assertTrue(client.ended());
    }

    @Test
    void anEndlessUnreadBodyClosesAfterTheAnswer() throws Exception {
        client.send("PUT /ignore HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 30; i++)
            client.send("10000\r\n").send(new byte[65_536]).send("\r\n");
        assertEquals("ignored", client.read().text());
        assertTrue(client.ended());
    }

    @Test
    void backPressureReachesTheClient() throws Exception {
        client.send("PUT /take HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n");
        client.socket.getOutputStream();
        long[] sent = {0};
        var sender = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    client.send(new byte[100_000]);
                    sent[0] += 100_000;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Thread.sleep(500);
        long received = open.door.metrics().bytesIn.sum();
        assertTrue(received < 1_000_000, "read " + received + " bytes that nobody took");
        open.face.permits.release(1_000_000);
        sender.join();
        assertEquals(200, client.read().status());
    }

    /// At each stage of an upload the client goes away: the receiver hears of it, and nothing is kept.
    @Test
    void anUploadCutAnywhereLeavesNothing() throws Exception {
        var random = new Random(5);
        var head = "PUT /digest HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n";
        var chunkedHead = "PUT /digest HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        cut("warm up", 0, new byte[0], true);
        int files = openFiles();
        int begun = 0;
        for (int round = 0; round < 60; round++) {
            boolean reset = random.nextBoolean();
            cut(head, random.nextInt(head.length()), new byte[0], reset);
            cut(head, head.length(), new byte[random.nextInt(399_999)], reset);
            cut(chunkedHead + "fffff\r\n", chunkedHead.length() + random.nextInt(8), new byte[0], reset);
            cut(chunkedHead + "fffff\r\n", chunkedHead.length() + 7, new byte[random.nextInt(500_000)], reset);
            begun += 3;
        }
        int expected = begun;
        OpenDoor.await(() -> open.door.connectionCount() == 1, "connections closed");
        OpenDoor.await(() -> open.face.failures.size() == expected, "every receiver told");
        OpenDoor.await(() -> open.face.ended.get() == expected, "every exchange ended");
        assertEquals(0, open.face.completed.get());
        // The JDK opens one or two of its own for good when it first closes a socket; a leak would be one of each of 240.
        OpenDoor.await(() -> openFiles() <= files + 5, "descriptors closed");
        assertEquals("[]", LeakCounter.found().toString());
        assertEquals(0, open.workers.waitingBodyBytes().get());
        assertEquals(200, client.get("/hello").status());
    }

    private void cut(String head, int headBytes, byte[] body, boolean reset) throws Exception {
        try (var uploader = open.connect()) {
            int before = open.face.served.get();
            uploader.send(head.substring(0, headBytes)).send(body);
            if (head.indexOf("\r\n\r\n") + 4 <= headBytes && headBytes > 0)
                OpenDoor.await(() -> open.face.served.get() > before, "the request");
            if (reset)
                uploader.socket.setSoLinger(true, 0);
        }
    }

    private static int openFiles() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHalfClosedUploadIsAnswered() throws IOException {
        client.send("PUT /digest HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n").send(new byte[5000]);
        client.socket.shutdownOutput();
        var reply = client.read();
        assertEquals(400, reply.status());
        assertTrue(reply.text().startsWith("IncompleteBody"), reply.text());
        assertTrue(client.ended());
    }
}
