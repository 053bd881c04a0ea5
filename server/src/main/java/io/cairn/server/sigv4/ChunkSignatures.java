package io.cairn.server.sigv4;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.util.Map;
import javax.crypto.SecretKey;

/// The chain of signatures over a streaming body: each chunk's covers the one before, the first covers the request's ("Transferring
/// Payload in Multiple Chunks").
///
///     AWS4-HMAC-SHA256-PAYLOAD \n time \n scope \n signature before \n hash of nothing \n hash of the chunk
///     AWS4-HMAC-SHA256-TRAILER \n time \n scope \n signature before \n hash of the trailers, each as name:value\n
final class ChunkSignatures {
    private final SecretKey key;
    private final Claim claim;
    private final Scratch toSign = new Scratch();
    private final MessageDigest chunk = Sha256.newDigest();
    private String previous;

    ChunkSignatures(SecretKey key, Claim claim) {
        this.key = key;
        this.claim = claim;
        this.previous = claim.signature();
    }

    void update(ByteBuf bytes, int index, int length) {
        HashedPayload.update(chunk, bytes, index, length);
    }

    /// The bytes since the call before are one chunk, which claims this signature.
    void checkChunk(String signature, long index) {
        head("AWS4-HMAC-SHA256-PAYLOAD").put(Sha256.EMPTY_HEX).put('\n').putHex(chunk.digest());
        check(signature, "chunk " + index);
    }

    void checkTrailers(String signature, Scratch trailers) {
        head("AWS4-HMAC-SHA256-TRAILER").putHex(Sha256.hash(trailers));
        check(signature, "the trailers");
    }

    private Scratch head(String kind) {
        return toSign.clear().put(kind).put('\n').put(claim.signed().text()).put('\n').put(claim.scope()).put('\n').put(previous)
                .put('\n');
    }

    private void check(String signature, String what) {
        if (!Sha256.equalsHex(Sha256.hmac(key, toSign), signature))
            throw new SignatureRefusedException(403, "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method. ("
                            + what + ")",
                    Map.of("AWSAccessKeyId", claim.accessKey(), "StringToSign", toSign.toString(), "SignatureProvided",
                            signature));
        previous = signature;
    }
}
