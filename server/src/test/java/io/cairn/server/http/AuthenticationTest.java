package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.sigv4.SdkSigned;
import io.cairn.server.sigv4.SdkSigned.Form;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Signed requests over a socket: what the SDK signs is served, and bad authentication is refused before a byte of the body is read.
class AuthenticationTest {
    private OpenDoor open;
    private RawClient client;
    private final byte[] body = new byte[300_000];

    @BeforeEach
    void open() throws IOException {
        open = new OpenDoor(Limits.DEFAULT);
        client = open.connect();
        new Random(3).nextBytes(body);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        open.close();
    }

    private SdkSigned sign(Form form, String target, byte[] content) {
        var uri = URI.create((form == Form.HASHED ? "http" : "https") + "://127.0.0.1:" + open.port() + target);
        return SdkSigned.sign(form, "s3", "PUT", uri, Map.of(), content, Instant.now());
    }

    private static String head(SdkSigned request, String... more) {
        var head = new StringBuilder(
                "PUT " + request.path() + (request.query().isEmpty() ? "" : "?" + request.query()) + " HTTP/1.1\r\n");
        for (var header : request.headers())
            if (!header.getKey().equalsIgnoreCase("content-length"))
                head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        head.append("Content-Length: ").append(request.body().length).append("\r\n");
        for (var line : more)
            head.append(line).append("\r\n");
        return head.append("\r\n").toString();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatTheSdkSignsIsServed(Form form) throws IOException {
        for (var content : new byte[][]{body, {}, {1, 2, 3}}) {
            var request = sign(form, "/bucket/digest", content);
            var reply = client.send(head(request)).send(request.body()).read();
            assertEquals(200, reply.status(), reply.text());
            assertTrue(reply.text().startsWith(content.length + " " + Digests.sha256(content)), reply.text());
        }
        assertEquals(3, open.face.completed.get());
    }

    @Test
    void thePrincipalIsKnown() throws IOException {
        var request = sign(Form.HASHED, "/who", new byte[0]);
        assertEquals("AKIDEXAMPLE false", client.send(head(request)).read().text());
        assertEquals(" false", client.get("/who").text());
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aBadSignatureIsRefusedBeforeTheBodyIsRead(Form form) throws IOException {
        var request = sign(form, "/bucket/digest", body);
        var bad = head(request, "Expect: 100-continue").replace("/bucket/digest", "/bucket/digesT");
        // Nothing of the body is sent: the refusal must come all the same, and not `100 Continue`.
        var reply = client.send(bad).read();
        assertEquals(403, reply.status());
        assertTrue(reply.text().startsWith("SignatureDoesNotMatch"), reply.text());
        assertEquals("close", reply.header("connection"));
        assertTrue(client.ended());
        assertEquals(0, open.face.served.get());
    }

    @Test
    void anUnknownKeyIsRefusedBeforeTheBodyIsRead() throws IOException {
        var request = sign(Form.HASHED, "/digest", body);
        var reply = client.send(head(request).replace("AKIDEXAMPLE", "AKIDSTRANGER")).read();
        assertEquals(403, reply.status());
        assertTrue(reply.text().startsWith("InvalidAccessKeyId"), reply.text());
        assertEquals(0, open.face.served.get());
    }

    @Test
    void aSmallBodyBehindABadSignatureKeepsTheConnection() throws IOException {
        var request = sign(Form.HASHED, "/digest", new byte[1000]);
        assertEquals(403, client.send(head(request).replace("/digest", "/digesT")).send(request.body()).read().status());
        assertEquals("hello ", client.get("/hello").text());
    }

    @ParameterizedTest
    @EnumSource(value = Form.class, names = {"HASHED", "SIGNED_CHUNKS", "SIGNED_CHUNKS_AND_TRAILER"})
    void aChangedByteNeverCompletes(Form form) throws Exception {
        for (int size : new int[]{100, 300_000}) {
            var request = sign(form, "/digest", size == 100 ? Arrays.copyOf(body, 100) : body);
            var changed = request.body().clone();
            changed[form == Form.HASHED ? changed.length - 1 : 95] ^= 1;
            var reply = client.send(head(request)).send(changed).read();
            var code = form == Form.HASHED ? "XAmzContentSHA256Mismatch" : "SignatureDoesNotMatch";
            assertTrue(reply.text().startsWith(code), reply.text());
            assertEquals(form == Form.HASHED ? 400 : 403, reply.status());
            assertEquals(code, open.face.failures.getLast());
        }
        assertEquals(0, open.face.completed.get());
        assertEquals(2, open.face.failures.size());
    }

    @Test
    void aBadLastChunkNeverCompletes() throws IOException {
        var request = sign(Form.SIGNED_CHUNKS, "/digest", body);
        var text = new String(request.body(), StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf("0;chunk-signature=") + 20;
        var changed = request.body().clone();
        changed[last] = (byte) (changed[last] == 'a' ? 'b' : 'a');
        var reply = client.send(head(request)).send(changed).read();
        assertTrue(reply.text().startsWith("SignatureDoesNotMatch"), reply.text());
        assertEquals(0, open.face.completed.get());
    }

    /// The head of an unsigned stream that nobody signed, so that its framing can be changed.
    private String anonymousHead(SdkSigned request, String framing) {
        return String.join("\r\n", "PUT /digest HTTP/1.1", "Host: h", "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-trailer: x-amz-checksum-crc32", "x-amz-decoded-content-length: " + body.length, framing, "", "");
    }

    @Test
    void aWrongLengthIsRefused() throws IOException {
        var request = sign(Form.UNSIGNED_CHUNKS_AND_TRAILER, "/digest", body);
        var text = new String(request.body(), StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf("0\r\nx-amz-checksum");
        var wire = (text.substring(0, end) + "1\r\nx\r\n" + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
        var reply = client.send(anonymousHead(request, "Content-Length: " + wire.length)).send(wire).read();
        assertEquals(400, reply.status());
        assertTrue(reply.text().startsWith("IncompleteBody"), reply.text());
        assertEquals(0, open.face.completed.get());
    }

    @Test
    void anAwsChunkedBodyMayTravelChunked() throws IOException {
        var request = sign(Form.UNSIGNED_CHUNKS_AND_TRAILER, "/digest", body);
        client.send(anonymousHead(request, "Transfer-Encoding: chunked"));
        for (int from = 0; from < request.body().length; from += 7777) {
            int length = Math.min(7777, request.body().length - from);
            client.send(Integer.toHexString(length) + "\r\n").send(Arrays.copyOfRange(request.body(), from, from + length))
                    .send("\r\n");
        }
        var reply = client.send("0\r\n\r\n").read();
        assertTrue(reply.text().startsWith(body.length + " " + Digests.sha256(body)), reply.text());
        assertTrue(!reply.text().endsWith("-"), "the trailer came through: " + reply.text());
    }

    @Test
    void anotherServiceIsNamed() throws IOException {
        var uri = URI.create("http://127.0.0.1:" + open.port() + "/hello");
        var request = SdkSigned.sign(Form.HASHED, "sqs", "PUT", uri, Map.of(), new byte[0], Instant.now());
        var reply = client.send(head(request)).read();
        assertEquals(400, reply.status());
        assertTrue(reply.text().contains("incorrect service \"sqs\". This endpoint belongs to \"s3\"."), reply.text());
    }

    @Test
    void unsignedStreamsOfAnonymousAreDecoded() throws IOException {
        client.send(
                String.join("\r\n", "PUT /echo HTTP/1.1", "Host: h", "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length: 3", "Content-Length: 13", "", ""));
        assertEquals("abc", client.send("3\r\nabc\r\n0\r\n\r\n").read().text());
    }
}
