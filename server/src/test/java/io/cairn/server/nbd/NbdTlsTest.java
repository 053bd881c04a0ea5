package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.VolumeDefinition;
import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// STARTTLS: offered where the port may be spoken to in the clear, and where it may not, nothing else is done for anybody before, nor for one without a
/// certificate of this server's authority after.
class NbdTlsTest {
    private static final int SIZE = 1 << 20;
    @TempDir
    private Path directory;

    private NbdServer server(boolean required) throws IOException {
        var server = new NbdServer(directory.resolve("volumes"), PayloadMemory.ofThisProcess(), Duration.ofSeconds(15),
                Duration.ofSeconds(30), required);
        var _ = server.store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
        return server;
    }

    private static RawNbd started(NbdServer server) throws IOException {
        var client = server.connect().greet();
        client.option(Nbd.OPT_STARTTLS, new byte[0]);
        assertEquals(Nbd.REP_ACK, client.optionReply().type());
        return client;
    }

    @Test
    void inTheClearAndOverTlsWhereBothMayBe() throws Exception {
        try (var server = server(false)) {
            var content = new byte[300_000];
            new Random(1).nextBytes(content);
            try (var plain = server.connect().greet().go("disk")) {
                plain.request(0, Nbd.CMD_WRITE, 1, 0, content.length, content);
                assertEquals(0, plain.simple(0).error());
            }
            try (var client = started(server).secured(server.authority.clientContext()).go("disk")) {
                client.request(0, Nbd.CMD_READ, 2, 0, content.length);
                assertArrayEquals(content, client.simple(content.length).data());
                client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 3, 4096, content.length, content);
                assertEquals(0, client.simple(0).error());
            }
            // Whoever wants no more than a secret line need not say who it is.
            try (var client = started(server).secured(trusting()).go("disk")) {
                client.request(0, Nbd.CMD_READ, 2, 4096, content.length);
                assertArrayEquals(content, client.simple(content.length).data());
            }
        }
    }

    @Test
    void whereItIsRequiredNothingIsDoneInTheClear() throws Exception {
        try (var server = server(true)) {
            try (var client = server.connect().greet()) {
                for (int option : new int[]{Nbd.OPT_LIST, Nbd.OPT_INFO, Nbd.OPT_GO, Nbd.OPT_STRUCTURED_REPLY,
                        Nbd.OPT_SET_META_CONTEXT,
                        77}) {
                    client.option(option, option == Nbd.OPT_LIST ? new byte[0] : RawNbd.name("disk"));
                    assertEquals(Nbd.REP_ERR_TLS_REQD, client.optionReply().type());
                }
                client.option(Nbd.OPT_STARTTLS, new byte[3]);
                assertEquals(Nbd.REP_ERR_INVALID, client.optionReply().type());
                client.option(Nbd.OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.UTF_8));
                assertTrue(client.isEnded());
            }
            try (var client = started(server).secured(server.authority.clientContext()).go("disk")) {
                client.request(0, Nbd.CMD_READ, 2, 0, 4096);
                assertArrayEquals(new byte[4096], client.simple(4096).data());
            }
        }
    }

    @Test
    void whereItIsRequiredStrangersAreTurnedAway() throws Exception {
        try (var server = server(true)) {
            try (var client = started(server)) {
                assertThrows(IOException.class, () -> client.secured(trusting()).go("disk"));
            }
            var other = new CertificateAuthority(directory.resolve("other"), InstantSource.system());
            var _ = other.serverContext(List.of(), true);
            try (var client = started(server)) {
                assertThrows(IOException.class, () -> client.secured(other.clientContext()).go("disk"));
            }
        }
    }

    @Test
    void whatIsSentBehindTheOptionIsNotHeard() throws Exception {
        try (var server = server(false); var client = server.connect().greet()) {
            client.out.writeLong(Nbd.OPTION_MAGIC);
            client.out.writeInt(Nbd.OPT_STARTTLS);
            client.out.writeInt(0);
            client.option(Nbd.OPT_GO, RawNbd.name("disk"));
            assertTrue(client.isEnded());
        }
    }

    @Test
    void twiceIsRefusedAndWhatWasAgreedOnBeforeCountsNoMore() throws Exception {
        try (var server = server(false)) {
            var client = server.connect().greet().structured();
            client.option(Nbd.OPT_STARTTLS, new byte[0]);
            assertEquals(Nbd.REP_ACK, client.optionReply().type());
            try (var secured = client.secured(server.authority.clientContext())) {
                secured.option(Nbd.OPT_STARTTLS, new byte[0]);
                assertEquals(Nbd.REP_ERR_INVALID, secured.optionReply().type());
                secured.go("disk");
                secured.request(0, Nbd.CMD_READ, 2, 0, 4096);
                assertEquals(4096, secured.simple(4096).data().length, "simple replies again");
            }
        }
    }

    /// Trusts anybody and shows nothing.
    private static SSLContext trusting() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {
                // nobody asks
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                // whoever it is
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        }}, new SecureRandom());
        return context;
    }
}
