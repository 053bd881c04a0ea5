package io.cairn.bench.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.match.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The client against answers written by hand, in pieces as small as a byte.
class HttpConnectionTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private final StringBuilder body = new StringBuilder();

    /// Sends `answers` a byte at a time over one connection, whatever is asked, closes it, and asks `count` times.
    private HttpConnection ask(String answers, int count) throws IOException, InterruptedException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var server = Thread.ofPlatform().start(() -> {
                try (var socket = listener.accept()) {
                    socket.setTcpNoDelay(true);
                    for (byte each : answers.getBytes(StandardCharsets.ISO_8859_1))
                        socket.getOutputStream().write(each);
                    socket.shutdownOutput();
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            var connection = new HttpConnection(listener.getLocalPort());
            try (connection) {
                for (int i = 0; i < count; i++)
                    connection.exchange(REQUEST, null, piece -> body.append(StandardCharsets.ISO_8859_1.decode(piece)));
            }
            server.join();
            return connection;
        }
    }

    @Test
    void bodiesWithLengthAndChunkedOnesFollowEachOther() throws Exception {
        var length = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 3\r\n\r\nabc";
        var chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nde\r\n1\r\nf\r\n0\r\nTrailer: t\r\n\r\n";
        var none = "HTTP/1.1 204 No Content\r\n\r\n";
        var tagged = "HTTP/1.1 200 OK\r\nETag: \"0Ab\"\r\nContent-Length: 1\r\n\r\ng";
        var connection = ask(length + chunked + none + tagged, 4);
        assertEquals("abcdefg", body.toString());
        assertEquals(1, connection.bodyBytes());
        assertTrue(connection.head().has("etag", "0ab"));
        assertFalse(connection.head().has("etag", "0a"));
        assertFalse(connection.head().has("tag", "0ab"));
    }

    @Test
    void whatIsNoSuccessIsAWrongAnswerAndItsTextIsNoBody() {
        var thrown = assertThrows(WrongAnswerException.class,
                () -> ask("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nlost", 1));
        assertEquals("status 403: lost", thrown.getMessage());
        assertEquals("", body.toString());
    }

    @Test
    void anAnswerThatIsCutOffIsNoAnswer() {
        assertThrows(EOFException.class, () -> ask("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", 1));
    }

    /// Amazon S3 API reference, "Signature Calculations for the Authorization Header", example GET Bucket Lifecycle.
    @Test
    void signatureIsThatOfThePublishedExample() {
        var signer = new SigV4("examplebucket.s3.amazonaws.com", "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "us-east-1", "s3", Instant.parse("2013-05-24T00:00:00Z"));
        var headers = signer.headers("GET", "/", "lifecycle=", SigV4.EMPTY);
        assertTrue(headers.endsWith(
                "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543\r\n"), headers);
    }
}
