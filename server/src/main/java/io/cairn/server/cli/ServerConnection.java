package io.cairn.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/// The JDK's HTTP client to one server, with failures worded for people. Any thread.
final class ServerConnection implements AutoCloseable {
    /// How often a request that may be repeated is, at most.
    static final int RETRIES = 3;
    /// An answer that is held in memory has no more.
    static final int MAX_ANSWER_BYTES = 16 << 20;
    /// Until the head of the answer has come: the body of the request goes before it.
    static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private final URI endpoint;
    private final String protocol;
    private final HttpClient http;

    /// @param protocol what the server should speak, for messages: `S3`
    ServerConnection(URI endpoint, String protocol, SSLContext trust) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).sslContext(trust)
                .followRedirects(HttpClient.Redirect.NEVER).build();
    }

    URI endpoint() {
        return endpoint;
    }

    /// As the HTTP client writes it into `Host`: with the port unless it is the scheme's own.
    String host() {
        int port = endpoint.getPort();
        boolean usual = port < 0 || port == ("https".equals(endpoint.getScheme()) ? 443 : 80);
        return usual ? endpoint.getHost() : endpoint.getHost() + ":" + port;
    }

    /// The answer, of whatever status. An `IOException` when the connection broke: then nobody knows what was done.
    HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new CommandException("no server at " + endpoint + "; start one with: bin/cairn server").because(e);
        } catch (SSLHandshakeException e) {
            throw new CommandException(
                    "the certificate of " + endpoint + " is not trusted; set AWS_CA_BUNDLE to a file with what"
                            + " bin/cairn cert prints")
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted").because(e);
        }
    }

    byte[] content(HttpResponse<InputStream> answer) {
        try (var in = answer.body()) {
            var bytes = in.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES)
                throw strange("answered with more than " + MAX_ANSWER_BYTES + " bytes");
            return bytes;
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /// The server does not do what one of its protocol does.
    CommandException strange(String what) {
        return new CommandException("%s %s; is it %s %s server?".formatted(endpoint, what, protocol.startsWith("S") ? "an" : "a",
                protocol));
    }

    CommandException gone(IOException e) {
        return new CommandException("the connection to " + endpoint + " broke (" + e.getMessage()
                + "); see whether the server runs with: bin/cairn status").because(e);
    }

    /// Before a request is repeated for the `attempt`th time, counted from 0.
    static void pause(int attempt) {
        try {
            Thread.sleep(Duration.ofMillis(100L << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted").because(e);
        }
    }

    /// At once: a connection of a download that was given up would else be waited for.
    @Override
    public void close() {
        http.shutdownNow();
    }
}
