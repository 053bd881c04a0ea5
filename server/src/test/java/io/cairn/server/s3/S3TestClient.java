package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectStore;
import io.cairn.object.testkit.ModelObjectStore;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.http.Request;
import io.cairn.server.iam.Credentials;
import io.cairn.server.iam.Principal;
import io.cairn.server.iam.User;
import io.cairn.server.s3.FakeExchange.Reply;
import io.cairn.server.sigv4.SigV4;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/// Calls an S3 face over the model, as a given user. Time stands still until a test moves it.
final class S3TestClient {
    static final int MIN_PART_BYTES = 100;
    static final Principal ALICE = new Principal("AKALICE", "alice-id", "Alice", false);
    static final Principal BOB = new Principal("AKBOB", "bob-id", "Bob", false);
    static final Principal ROOT = new Principal("AKROOT", "root-id", "root", true);
    static final Instant NOON = Instant.parse("2026-02-03T12:00:00.250Z");

    static final String SECRET = "alice-secret";
    private static final FormVerifier FORMS = new FormVerifier(
            new SigV4(Credentials.of("AKROOT", "root-secret", List.of(new User(SECRET, ALICE))), InstantSource.fixed(NOON)),
            InstantSource.fixed(NOON));

    private final S3Face face;
    private final Principal principal;

    S3TestClient() {
        this(S3Settings.DEFAULT);
    }

    S3TestClient(ObjectStore store, FreeSpace space) {
        this(new S3Face(store, S3Settings.DEFAULT, space, FORMS), ALICE);
    }

    S3TestClient(S3Settings settings) {
        this(new S3Face(new ModelObjectStore(MIN_PART_BYTES, InstantSource.fixed(NOON)), settings, FreeSpace.UNWATCHED, FORMS),
                ALICE);
    }

    private S3TestClient(S3Face face, Principal principal) {
        this.face = face;
        this.principal = principal;
    }

    S3TestClient as(Principal other) {
        return new S3TestClient(face, other);
    }

    /// A request to be sent; `target` is the path and, behind `?`, the query, both as on the wire.
    Call call(String method, String target) {
        return new Call(method, target);
    }

    Reply get(String target) {
        return call("GET", target).send();
    }

    Reply put(String target, String body) {
        return call("PUT", target).body(body).send();
    }

    Reply delete(String target) {
        return call("DELETE", target).send();
    }

    final class Call {
        private final String method;
        private final String target;
        private final HttpHeaders headers = new DefaultHttpHeaders();
        private final HttpHeaders trailers = new DefaultHttpHeaders();
        private byte[] body = new byte[0];
        private boolean cut;
        private boolean lengthKnown = true;
        private long announced = -1;

        private Call(String method, String target) {
            this.method = method;
            this.target = target;
            headers.set("Host", "127.0.0.1:4566");
        }

        Call header(String name, Object value) {
            headers.set(name, value);
            return this;
        }

        Call trailer(String name, String value) {
            trailers.set(name, value);
            return this;
        }

        Call body(String text) {
            return body(text.getBytes(UTF_8));
        }

        Call body(byte[] bytes) {
            body = bytes;
            return this;
        }

        Call withMd5() {
            return header("Content-MD5", Base64.getEncoder().encodeToString(md5(body)));
        }

        Call withChecksum(ChecksumAlgorithm algorithm) {
            return header(ChecksumNames.header(algorithm).toString(), Checksum.of(algorithm, body).text());
        }

        Call cutShort() {
            cut = true;
            return this;
        }

        /// Says that the body has this many bytes, whatever it has.
        Call announced(long bytes) {
            announced = bytes;
            return this;
        }

        Call lengthUnknown() {
            lengthKnown = false;
            return this;
        }

        Reply send() {
            int question = target.indexOf('?');
            var request = new Request(method, question < 0 ? target : target.substring(0, question),
                    question < 0 ? "" : target.substring(question + 1), headers,
                    announced >= 0 ? announced : lengthKnown ? body.length : -1, false,
                    "127.0.0.1");
            var exchange = new FakeExchange(face, request, principal, body, trailers, cut);
            var reply = exchange.run();
            if (exchange.internalError != null)
                throw new AssertionError(exchange.internalError);
            return reply;
        }
    }

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
