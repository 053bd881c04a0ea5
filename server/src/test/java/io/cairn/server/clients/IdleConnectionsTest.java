package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Thousands of connections that do nothing cost the server's process a descriptor and a little memory each, cost others no time, and
/// leave nothing behind.
class IdleConnectionsTest {
    private static final byte[] REQUEST = "GET /idle/none HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int REQUESTS = 50;
    private static final long MAX_REQUEST_MILLIS = 2000;
    private static final int MAX_KIB_EACH = 20;
    /// What a server's memory may grow by with a few requests and no idle connection at all.
    private static final int BASE_KIB = 60_000;
    private static final int FEW_DESCRIPTORS = 20;
    @TempDir
    Path directory;

    @Test
    void twoThousandAreHeld() throws Exception {
        hold(2000);
    }

    @Test
    @Tag("long")
    void fiveThousandAreHeld() throws Exception {
        hold(5000);
    }

    private void hold(int count) throws Exception {
        try (var server = RunningServer.start(directory); var s3 = SdkClient.of(server)) {
            s3.createBucket(b -> b.bucket("idle"));
            slowestMillis(s3);
            int descriptors = server.descriptors();
            long kib = server.memoryKib("VmRSS");
            var idle = new ArrayList<Socket>();
            try {
                connect(server.endpoint(), count, idle);
                assertTrue(server.descriptors() >= descriptors + count, "the server holds them: " + server.descriptors());
                long slowest = slowestMillis(s3);
                long grown = server.memoryKib("VmRSS") - kib;
                System.out.println("idle connections: " + count + " held, slowest of " + 2 * REQUESTS + " requests beside them "
                        + slowest + " ms, server grown by " + (grown >> 10) + " MiB");
                assertTrue(slowest < MAX_REQUEST_MILLIS, "a request took " + slowest + " ms");
                assertTrue(grown < BASE_KIB + (long) MAX_KIB_EACH * count, "memory grew by " + grown + " KiB");
                answers(idle.getFirst());
                answers(idle.getLast());
            } finally {
                for (var socket : idle)
                    socket.close();
            }
            awaitDescriptors(server, descriptors + FEW_DESCRIPTORS);
            slowestMillis(s3);
            assertEquals("", server.errors());
        }
    }

    /// Every other one has made a request before it falls silent.
    private static void connect(URI endpoint, int count, List<Socket> sockets) throws IOException {
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket(endpoint.getHost(), endpoint.getPort()));
            if (i % 2 == 0)
                answers(sockets.getLast());
        }
    }

    /// Asks without a signature, is refused, and may ask again.
    private static void answers(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(REQUEST);
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertTrue(next >= 0, () -> "the connection ended in: " + head);
            head.append((char) next);
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 403 "), head.toString());
        int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        assertEquals(length, socket.getInputStream().readNBytes(length).length);
    }

    private static long slowestMillis(S3Client s3) {
        long slowest = 0;
        for (int i = 0; i < REQUESTS; i++) {
            var content = new byte[i * 4000]; // none in a file of its own, which the server would keep open
            var key = "k" + i;
            long begun = System.nanoTime();
            s3.putObject(b -> b.bucket("idle").key(key), RequestBody.fromBytes(content));
            long put = System.nanoTime();
            assertArrayEquals(content, s3.getObjectAsBytes(b -> b.bucket("idle").key(key)).asByteArray());
            slowest = Math.max(slowest, Math.max(put - begun, System.nanoTime() - put));
        }
        return TimeUnit.NANOSECONDS.toMillis(slowest);
    }

    private static void awaitDescriptors(RunningServer server, int most) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.descriptors() > most) {
            assertTrue(System.nanoTime() < until, server.descriptors() + " descriptors stay open, there may be " + most);
            Thread.sleep(20);
        }
    }
}
