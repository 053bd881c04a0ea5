package io.cairn.bench.objects;

import io.cairn.bench.http.Keys;
import io.cairn.bench.http.SigV4;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Heads of requests to one server, whole and signed where it wants that. Those of a round are signed with the time of its begin. One thread.
final class Requests {
    private final String host;
    private final @Nullable SigV4 signer;

    Requests(int port, @Nullable Keys keys) {
        host = "127.0.0.1:" + port;
        signer = keys == null ? null : new SigV4(host, keys.access(), keys.secret(), "us-east-1", "s3", Instant.now());
    }

    static Requests to(ObjectServer server) {
        return new Requests(server.port(), server.keys().orElse(null));
    }

    byte[] get(String path) {
        return head("GET", path, "", SigV4.EMPTY, "");
    }

    /// @param query canonical: names in order, percent-encoded
    byte[] get(String path, String query) {
        return head("GET", path, query, SigV4.EMPTY, "");
    }

    byte[] put(String path, long length) {
        return head("PUT", path, "", length == 0 ? SigV4.EMPTY : SigV4.UNSIGNED, "Content-Length: " + length + "\r\n");
    }

    private byte[] head(String method, String path, String query, String payload, String more) {
        return (method + " " + path + (query.isEmpty() ? "" : "?" + query) + " HTTP/1.1\r\nHost: " + host + "\r\n" + more
                + (signer == null ? "" : signer.headers(method, path, query, payload)) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
