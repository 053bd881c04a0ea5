package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects on their way out.
class StoredAnswerTest {
    private static final int FILE_BYTES = 40_000_000;
    @TempDir
    Path directory;
    private OpenDoor open;
    private RawClient client;

    @BeforeEach
    void open() throws IOException {
        open = new OpenDoor(Limits.DEFAULT);
        client = open.connect();
        var file = directory.resolve("object");
        var bytes = new byte[FILE_BYTES];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = EchoFace.byteAt(i);
        Files.write(file, bytes);
        open.face.file = file;
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        open.close();
    }

    private static void check(byte[] body, int length) {
        assertEquals(length, body.length);
        for (int i = 0; i < length; i++)
            if (body[i] != EchoFace.byteAt(i))
                throw new AssertionError("byte " + i + " differs");
    }

    @ParameterizedTest
    @CsvSource({"stored, file", "stored, memory", "stored-inline, file", "stored-inline, memory"})
    void comesWhole(String path, String kind) throws Exception {
        var sizes = new int[]{1, 1000, 32_767, 32_768, 65_536, 300_000, 300_001, 5_000_000};
        for (int size : sizes)
            check(client.get("/" + path + "?" + kind + ":" + size).body(), size);
        OpenDoor.await(() -> open.face.closedObjects.get() == sizes.length, "every object closed once");
        assertEquals(200, client.get("/" + path + "?" + kind + ":0").status());
        OpenDoor.await(() -> open.face.closedObjects.get() == sizes.length + 1, "the empty one too");
    }

    @Test
    void pipelinedObjectsComeInOrder() throws IOException {
        client.send("GET /stored?file:400000 HTTP/1.1\r\nHost: h\r\n\r\nGET /stored?memory:5 HTTP/1.1\r\nHost: h\r\n\r\n");
        check(client.read().body(), 400_000);
        check(client.read().body(), 5);
    }

    @Test
    void aSlowReaderIsWaitedForInBoundedMemory() throws Exception {
        for (var kind : new String[]{"file", "memory"}) {
            int fetchesBefore = open.face.fetches.get();
            try (var slow = open.connect()) {
                slow.socket.setReceiveBufferSize(256 << 10);
                slow.send("GET /stored?" + kind + ":" + FILE_BYTES + " HTTP/1.1\r\nHost: h\r\n\r\n");
                Thread.sleep(300);
                int fetched = open.face.fetches.get() - fetchesBefore;
                // What the two sockets hold, and one piece.
                assertTrue(fetched < 60, kind + ": " + fetched + " pieces of 300,000 bytes fetched for a reader that takes none");
                check(slow.read().body(), FILE_BYTES);
            }
        }
    }

    @Test
    void aReaderThatLeavesFreesTheObject() throws Exception {
        for (var kind : new String[]{"file", "memory"}) {
            int closedBefore = open.face.closedObjects.get();
            for (int i = 0; i < 20; i++)
                try (var leaving = open.connect()) {
                    leaving.send("GET /stored?" + kind + ":" + FILE_BYTES + " HTTP/1.1\r\nHost: h\r\n\r\n");
                    assertEquals('H', leaving.socket.getInputStream().read());
                }
            OpenDoor.await(() -> open.face.closedObjects.get() == closedBefore + 20, "20 objects closed");
            OpenDoor.await(() -> open.face.ended.get() >= 20, "20 exchanges ended");
        }
        assertEquals("[]", LeakCounter.found().toString());
    }

    @Test
    void aFailureBeforeTheHeadIsSaid() throws Exception {
        var reply = client.get("/stored?broken:10");
        assertEquals(500, reply.status());
        assertTrue(reply.text().startsWith("InternalError"), reply.text());
        assertEquals("hello ", client.get("/hello").text());
        assertEquals(1, open.face.closedObjects.get());
    }

    @Test
    void aFailureInTheMiddleCutsTheAnswer() throws Exception {
        client.send("GET /stored?short:1000000 HTTP/1.1\r\nHost: h\r\n\r\n");
        var cut = assertThrows(EOFException.class, client::read);
        assertEquals("body cut after 300000 of 1000000", cut.getMessage());
        OpenDoor.await(() -> open.face.closedObjects.get() == 1, "the object closed");
        try (var other = open.connect()) {
            assertEquals(200, other.get("/hello").status());
        }
    }
}
