package io.cairn.server.http;

import io.cairn.server.sigv4.Claim;
import io.cairn.server.sigv4.Payload;
import io.cairn.server.sigv4.SigV4;
import org.jspecify.annotations.Nullable;

/// Between a request's head and its face: whose request it is, and for which face. Nothing of the body is read before the signature
/// was verified, but where that covers a hash which only the body can tell: then a bounded body is collected first. Event loop only.
final class Authentication {
    private Authentication() {}

    /// Hands the request to its face once it has passed. Throws, or fails the exchange later, when it does not.
    static void begin(HttpExchange begun, Head head, FrontDoor door) {
        var verifier = door.verifier();
        if (verifier == null) {
            begun.serve();
            return;
        }
        if (head.method().equals("OPTIONS")) {
            // A preflight asks for an address as it stands, presigned ones too, and is itself never signed (Fetch standard).
            begun.route(door.face(null, head.headers()));
            begun.serve();
            return;
        }
        begun.route(door.face(null, head.headers())); // who words it when the signature cannot even be read
        var claim = SigV4.claim(head.rawQuery(), head.headers());
        begun.route(door.face(claim, head.headers()));
        if (claim == null) {
            begun.verified(begun.principal(), SigV4.unsigned(head.headers()));
            begun.serve();
        } else if (head.bodyBytes() != 0 && SigV4.needsBodyHash(claim, head.headers())) {
            verifier.requireSigner(claim, head.headers());
            collectThenVerify(begun, verifier, claim, head, door.limits().hashedBodyBytes());
        } else {
            verify(begun, verifier, claim, head, null);
            begun.serve();
        }
    }

    private static void verify(HttpExchange begun, SigV4 verifier, Claim claim, Head head, @Nullable String bodyHash) {
        var verified = verifier.verify(claim, head.method(), head.rawPath(), head.rawQuery(), head.headers(), bodyHash);
        begun.verified(verified.principal(), verified.payload());
    }

    private static void collectThenVerify(HttpExchange begun, SigV4 verifier, Claim claim, Head head, int limitBytes) {
        var _ = begun.body(limitBytes).whenComplete((bytes, failure) -> {
            if (failure != null) {
                begun.fail(failure);
                return;
            }
            try {
                verify(begun, verifier, claim, head, SigV4.hashHex(bytes));
                begun.collected(bytes);
            } catch (RuntimeException e) {
                begun.fail(e);
                return;
            }
            begun.serve();
        });
    }

    /// Bytes of the body as the face will see it, without the framing of signed chunks; -1 when the head does not say.
    static long contentLength(Head head) {
        var hash = head.headers().get("x-amz-content-sha256");
        if (hash != null && hash.startsWith(Payload.STREAMING))
            return SigV4.decodedLengthOf(head.headers());
        return head.bodyBytes() == 0 && !head.headers().contains("content-length") ? -1 : head.bodyBytes();
    }
}
