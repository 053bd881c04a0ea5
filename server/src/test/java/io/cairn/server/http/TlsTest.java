package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.tls.CertificateAuthority;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS beside plain HTTP on one port, under the server's own authority.
class TlsTest {
    @TempDir
    Path directory;

    private OpenDoor open(boolean tlsOnly, Limits limits) throws IOException {
        var tls = new CertificateAuthority(directory.resolve("keys"), InstantSource.system()).serverContext(List.of("127.0.0.1"));
        return new OpenDoor(limits, tls, tlsOnly);
    }

    private RawClient connect(int port, String host, String protocol) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = new FileInputStream(directory.resolve("keys/ca.pem").toFile())) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var plain = new Socket(InetAddress.getLoopbackAddress(), port);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[]{protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new RawClient(socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothArePossibleOnOnePort(String protocol) throws Exception {
        try (var open = open(false, Limits.DEFAULT);
                var plain = open.connect();
                var secure = connect(open.port(), "127.0.0.1", protocol)) {
            assertEquals(" false", plain.get("/who").text());
            assertEquals(" true", secure.get("/who").text());
            var body = new byte[700_000];
            new Random(1).nextBytes(body);
            assertTrue(secure.put("/digest", body).text().startsWith("700000 " + Digests.sha256(body)));
            assertTrue(Arrays.equals(body, secure.put("/echo", body).body()));
            secure.send("GET /hello?1 HTTP/1.1\r\nHost: h\r\n\r\nGET /hello?2 HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals("hello 1", secure.read().text());
            assertEquals("hello 2", secure.read().text());
        }
    }

    @Test
    void storedObjectsGoThroughMemory() throws Exception {
        var file = directory.resolve("object");
        var bytes = new byte[3_000_000];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = EchoFace.byteAt(i);
        Files.write(file, bytes);
        try (var open = open(false, Limits.DEFAULT); var secure = connect(open.port(), "localhost", "TLSv1.3")) {
            open.face.file = file;
            for (int size : new int[]{1, 65_536, 300_001, 3_000_000})
                for (var kind : new String[]{"file", "memory"})
                    assertTrue(Arrays.equals(Arrays.copyOf(bytes, size), secure.get("/stored?" + kind + ":" + size).body()),
                            kind + size);
            OpenDoor.await(() -> open.face.closedObjects.get() == 8, "8 objects closed");
        }
        assertEquals("[]", LeakCounter.found().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "bucket.s3.localhost", "bucket.s3.us-east-1.localhost", "bucket.localhost"})
    void theCertificateNamesEveryHost(String host) throws Exception {
        try (var open = open(false, Limits.DEFAULT); var secure = connect(open.port(), host, "TLSv1.3")) {
            assertEquals("hello ", secure.get("/hello").text());
        }
    }

    @Test
    void anotherHostIsNotTrusted() throws Exception {
        try (var open = open(false, Limits.DEFAULT)) {
            assertThrows(SSLException.class, () -> connect(open.port(), "example.com", "TLSv1.3"));
        }
    }

    @Test
    void plainIsRefusedWhereTlsIsAsked() throws Exception {
        try (var open = open(true, Limits.DEFAULT);
                var plain = open.connect();
                var secure = connect(open.port(), "localhost", "TLSv1.3")) {
            plain.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
            var reply = plain.read();
            assertEquals(400, reply.status());
            assertEquals("This port speaks HTTPS; the request was plain.\n", reply.text());
            assertTrue(plain.ended());
            assertEquals("hello ", secure.get("/hello").text());
            assertEquals(1, open.face.served.get());
        }
    }

    @Test
    void aHandshakeThatStallsIsCut() throws Exception {
        try (var open = open(false, OpenDoor.QUICK); var client = open.connect()) {
            client.send(new byte[]{22, 3, 1, 2, 0, 1});
            assertTrue(client.ended());
            OpenDoor.await(() -> open.door.connectionCount() == 0, "the connection closed");
        }
    }

    @Test
    void garbageInsteadOfAHandshakeCostsNobodyElse() throws Exception {
        try (var open = open(false, Limits.DEFAULT); var good = connect(open.port(), "localhost", "TLSv1.3")) {
            for (int i = 0; i < 20; i++)
                try (var bad = open.connect()) {
                    var garbage = new byte[500];
                    new Random(i).nextBytes(garbage);
                    garbage[0] = 22;
                    bad.send(garbage);
                    bad.socket.shutdownOutput();
                    while (!bad.ended())
                        Thread.onSpinWait();
                }
            assertEquals("hello ", good.get("/hello").text());
            OpenDoor.await(() -> open.door.connectionCount() == 1, "only the good one is left");
        }
        assertEquals("[]", LeakCounter.found().toString());
    }

    @Test
    void keysAreKeptSafeAndRenewed() throws Exception {
        var keys = directory.resolve("keys");
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("127.0.0.1"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("ca-key.pem"))));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("server-key.pem"))));
        var authority = Files.readString(keys.resolve("ca.pem"));
        var certificate = Files.readString(keys.resolve("server.pem"));
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("127.0.0.1"));
        assertEquals(certificate, Files.readString(keys.resolve("server.pem")), "a second start issues nothing");
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("cairn.example"));
        var other = Files.readString(keys.resolve("server.pem"));
        assertTrue(!certificate.equals(other), "another host is named");
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("10.1.2.3", "fd00::2", "host1.example"));
        var machine = CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(keys.resolve("server.pem")));
        var names = String.valueOf(((X509Certificate) machine).getSubjectAlternativeNames());
        for (var name : List.of("[7, 10.1.2.3]", "[7, fd00:0:0:0:0:0:0:2]", "[2, host1.example]", "[7, 127.0.0.1]",
                "[2, localhost]"))
            assertTrue(names.contains(name), names);
        other = Files.readString(keys.resolve("server.pem"));
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("10.1.2.3", "host1.example"));
        assertEquals(other, Files.readString(keys.resolve("server.pem")), "it names all of these");
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("10.1.2.4", "host1.example"));
        assertTrue(!other.equals(Files.readString(keys.resolve("server.pem"))), "the machine has another address");
        new CertificateAuthority(keys, InstantSource.system()).serverContext(List.of("cairn.example"));
        other = Files.readString(keys.resolve("server.pem"));
        var later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(800)));
        new CertificateAuthority(keys, later).serverContext(List.of("cairn.example"));
        assertTrue(!other.equals(Files.readString(keys.resolve("server.pem"))), "renewed before its end");
        assertEquals(authority, Files.readString(keys.resolve("ca.pem")), "the authority stays");
    }

    @Test
    void brokenKeysAreNamed() throws Exception {
        var keys = directory.resolve("keys");
        var authority = new CertificateAuthority(keys, InstantSource.system());
        authority.serverContext(List.of("127.0.0.1"));
        Files.writeString(keys.resolve("server-key.pem"), "nonsense");
        var failure = assertThrows(IOException.class, () -> authority.serverContext(List.of("127.0.0.1")));
        assertTrue(String.valueOf(failure.getMessage()).contains("server-key.pem"), failure.getMessage());
    }
}
